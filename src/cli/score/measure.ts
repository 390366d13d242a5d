import type { ResultRow } from "../../core/result.ts";
import type { Metric } from "../../metrics/metric.ts";
import { type ScoredPair, type ScoringOptions, scorePair } from "../../scoring/score-pair.ts";
import { Claims } from "./claims.ts";
import type { GoldCache } from "./gold-cache.ts";

/**
 * `scorePair`, with what earlier processes kept of gold; keeps what is new.
 * @param shared metrics that another thread claims too: what it has not taken by the time the others are done is done here
 */
export async function measureKept(
  pair: ScoredPair,
  options: ScoringOptions,
  cache: GoldCache,
  shared: { readonly metrics: readonly Pick<Metric, "id">[]; readonly claims: SharedArrayBuffer } | null = null,
): Promise<ResultRow[]> {
  const keep = await cache.open(pair.gold);
  const apart = new Set(shared?.metrics.map(({ id }) => id));
  const own = pair.metrics.filter(({ id }) => !apart.has(id));
  const rows = await scorePair({ ...pair, metrics: own }, options);
  if (shared !== null) {
    const metrics = pair.metrics.filter(({ id }) => apart.has(id));
    rows.push(...(await measureClaimed({ ...pair, metrics }, new Claims(shared.claims), "from the first", options)));
  }
  await keep();
  return rows;
}

/** One row for each metric that could be claimed, one after the other from an end of the list. */
export async function measureClaimed(
  pair: ScoredPair,
  claims: Claims,
  order: "from the first" | "from the last",
  options: ScoringOptions,
): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  const places = [...pair.metrics.keys()];
  for (const i of order === "from the first" ? places : places.reverse()) {
    if (claims.take(i)) rows.push(...(await scorePair({ ...pair, metrics: [pair.metrics[i]!] }, options)));
  }
  return rows;
}
