import type { ResultRow } from "../core/result.ts";
import { studentTQuantile } from "../numerics/student-t.ts";

/** Which rows belong together: all but the repeat. */
type GroupKey = Pick<ResultRow, "dataset" | "model" | "method" | "metric" | "encoder">;

/** A text that is equal for the rows of one cell and metric over its repeats. */
export function groupKey(row: GroupKey): string {
  return JSON.stringify([row.dataset, row.model, row.method, row.metric, row.encoder]);
}

/**
 * The rows over all repeats (`repeat: null`): the mean, and its 95 % interval by Student's t over the repeats that have a value.
 *
 * The interval is about the metric expected at this n over new synthetic draws: repeats are such draws with gold and fit held
 * fixed, so their spread is the noise in question, and a bias that depends on n is in the mean and in the estimand alike. One
 * repeat gives a value without an interval. Intervals are not cut at the metric's range.
 *
 * - No repeat has a value: `null`, with the first reason.
 * - Some have none: the mean of the others, and `reason` says how many are missing and why.
 * - `n` and `nGold` are the smallest of the repeats; `gold` their mean; `settings` gains `repeats`, the number averaged.
 *
 * @param rows rows of single repeats; rows with `repeat: null` are passed over.
 * @returns one row for each (dataset, model, method, metric, encoder), in order of first appearance.
 */
export async function summarise(rows: readonly ResultRow[]): Promise<ResultRow[]> {
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows) {
    if (row.repeat === null) continue;
    const key = groupKey(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const spreads = await spreadByGroup(groups);
  return [...groups].map(([key, group]) => overRepeats(group, spreads.get(key) ?? null));
}

interface Spread {
  readonly mean: number;
  /** Standard deviation with n - 1; danfo gives 0 for a single value. */
  readonly sd: number;
  readonly count: number;
}

/** Mean, standard deviation and count of the values of each group that has any. */
async function spreadByGroup(groups: ReadonlyMap<string, readonly ResultRow[]>): Promise<Map<string, Spread>> {
  const records = [...groups].flatMap(([group, rows]) =>
    rows.flatMap((row) => (row.value === null ? [] : [{ group, value: row.value }])),
  );
  const spreads = new Map<string, Spread>();
  if (records.length === 0) return spreads;
  const { DataFrame } = await import("danfojs-node");
  const summary = new DataFrame(records).groupby(["group"]).agg({ value: ["mean", "std", "count"] });
  const column = (name: string) => summary.column(name).values;
  const [names, means, deviations, counts] = ["group", "value_mean", "value_std", "value_count"].map(column);
  names?.forEach((name, i) => {
    spreads.set(String(name), { mean: Number(means?.[i]), sd: Number(deviations?.[i]), count: Number(counts?.[i]) });
  });
  return spreads;
}

function overRepeats(group: readonly ResultRow[], spread: Spread | null): ResultRow {
  const first = group.find((row) => row.value !== null) ?? group[0]!;
  const missing = group.filter((row) => row.value === null);
  const golds = group.flatMap((row) => (row.gold === null ? [] : [row.gold]));
  const half = spread === null || spread.count < 2 ? null : halfWidth(spread);
  return {
    ...first,
    repeat: null,
    value: spread?.mean ?? null,
    ciLow: spread === null || half === null ? null : spread.mean - half,
    ciHigh: spread === null || half === null ? null : spread.mean + half,
    n: Math.min(...group.map((row) => row.n)),
    nGold: Math.min(...group.map((row) => row.nGold)),
    gold: golds.length === 0 ? null : golds.reduce((sum, gold) => sum + gold, 0) / golds.length,
    reason: reasonOver(group, missing),
    settings: { ...first.settings, repeats: spread?.count ?? 0 },
  };
}

function halfWidth({ sd, count }: Spread): number {
  return (studentTQuantile(0.975, count - 1) * sd) / Math.sqrt(count);
}

function reasonOver(group: readonly ResultRow[], missing: readonly ResultRow[]): string | null {
  if (missing.length === 0) return group.find((row) => row.reason !== null)?.reason ?? null;
  const why = missing[0]?.reason ?? "no reason was given";
  return missing.length === group.length ? why : `${missing.length} of ${group.length} repeats have no value: ${why}`;
}
