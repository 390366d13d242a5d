import type { ResultRow } from "../core/result.ts";
import type { Metric } from "../metrics/metric.ts";
import {
  type Estimand,
  type Interval,
  intervalOverSets,
  noIntervalText,
  type Spread,
  UNBOUNDED,
} from "../scoring/interval.ts";
import { groupKey, resultFrame } from "./frames/result-frame.ts";

/**
 * The rows over all repeats (`repeat: null`): the mean, and its 95 % interval from the repeats that have a value.
 *
 * The interval is about the metric expected at this n over new synthetic draws: repeats are such draws with gold and fit held
 * fixed, so their spread is the noise in question, and a bias that depends on n is in the mean and in the estimand alike. It is
 * the score interval of their mean; for a metric of independent trials (`Metric.trials`) the binomial one of all repeats' texts.
 *
 * - No repeat has a value: `null`, with the first reason.
 * - Some have none: the mean of the others, and `reason` says how many are missing and why.
 * - One repeat, unless of trials: no interval. Repeats that all give the same value: none, and `reason` says so.
 * - `n` and `nGold` are the smallest of the repeats; `gold` their mean; `settings` gains `repeats`, the number averaged, and
 *   `interval`, its kind.
 *
 * @param rows rows of single repeats; rows with `repeat: null` are passed over.
 * @param metrics those of the rows; one that is not among them is taken to have no ends.
 * @returns one row for each (dataset, model, method, metric, encoder), in order of first appearance.
 */
export async function summarize(
  rows: readonly ResultRow[],
  metrics: readonly (Estimand & Pick<Metric, "id">)[],
): Promise<ResultRow[]> {
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows) {
    if (row.repeat === null) continue;
    const key = groupKey(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const spreads = await spreadByGroup([...groups.values()].flat());
  const estimands = new Map(metrics.map((metric) => [metric.id, metric]));
  return [...groups].map(([key, group]) =>
    overRepeats(group, spreads.get(key) ?? null, estimands.get(group[0]!.metric) ?? UNBOUNDED),
  );
}

/** The spread of the values of each group that has any; danfo gives a single value the deviation 0. */
async function spreadByGroup(rows: readonly ResultRow[]): Promise<Map<string, Spread>> {
  const valued = rows.filter((row) => row.value !== null);
  const spreads = new Map<string, Spread>();
  if (valued.length === 0) return spreads;
  const summary = (await resultFrame(valued)).groupby(["group"]).agg({ value: ["mean", "std", "count"] });
  const column = (name: string) => summary.column(name).values;
  const [names, means, deviations, counts] = ["group", "value_mean", "value_std", "value_count"].map(column);
  names?.forEach((name, i) => {
    spreads.set(String(name), { mean: Number(means?.[i]), sd: Number(deviations?.[i]), count: Number(counts?.[i]) });
  });
  return spreads;
}

function overRepeats(group: readonly ResultRow[], spread: Spread | null, estimand: Estimand): ResultRow {
  const first = group.find((row) => row.value !== null) ?? group[0]!;
  const missing = group.filter((row) => row.value === null);
  const golds = group.flatMap((row) => (row.gold === null ? [] : [row.gold]));
  const { interval, reason } = intervalOf(group, spread, estimand);
  const reasons = [reasonOver(group, missing), reason].filter((text) => text !== null);
  return {
    ...first,
    repeat: null,
    value: spread?.mean ?? null,
    ciLow: interval?.low ?? null,
    ciHigh: interval?.high ?? null,
    n: Math.min(...group.map((row) => row.n)),
    nGold: Math.min(...group.map((row) => row.nGold)),
    gold: golds.length === 0 ? null : golds.reduce((sum, gold) => sum + gold, 0) / golds.length,
    reason: reasons.length === 0 ? null : reasons.join(" "),
    settings: {
      ...first.settings,
      repeats: spread?.count ?? 0,
      ...(interval === null ? {} : { interval: interval.kind }),
    },
  };
}

/** The interval of a group's mean, or none, with the reason where repeats should have given one. */
function intervalOf(
  group: readonly ResultRow[],
  spread: Spread | null,
  estimand: Estimand,
): { readonly interval: Interval | null; readonly reason: string | null } {
  if (spread === null) return { interval: null, reason: null };
  const sets = group.flatMap(({ value, n }) => (value === null ? [] : [{ value, n }]));
  const interval = intervalOverSets(estimand, sets, spread);
  if (interval !== null || spread.count < 2) return { interval, reason: null };
  const why = estimand.noInterval ?? `the values of ${spread.count} repeats do not differ`;
  return { interval, reason: noIntervalText(why) };
}

function reasonOver(group: readonly ResultRow[], missing: readonly ResultRow[]): string | null {
  if (missing.length === 0) return group.find((row) => row.reason !== null)?.reason ?? null;
  const why = missing[0]?.reason ?? "no reason was given";
  return missing.length === group.length ? why : `${missing.length} of ${group.length} repeats have no value: ${why}`;
}
