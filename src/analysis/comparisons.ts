import type { ComparisonRow, ResultRow } from "../core/result.ts";
import type { Stream } from "../core/stream.ts";
import type { Metric, MetricInput } from "../metrics/metric.ts";
import { type AlignedSet, align, type SamplePair } from "./aligned-set.ts";
import { fidDifferences } from "./fid-influence.ts";
import { bestAgainstOthers, stepDown } from "./holm.ts";
import { lossOf } from "./loss.ts";
import { groupKey } from "./summary.ts";
import { linear, recomputed } from "./swap-statistics.ts";
import { permutationsFor, type SwapStatistic, swapTest } from "./swap-test.ts";
import { tierOf, tiers } from "./tier.ts";

/** Swaps of a route that costs next to nothing each. */
const CHEAP_PERMUTATIONS = 9_999;
/** A verdict is given at this level, after correction. */
export const LEVEL = 0.05;

/** A method of a table, with the sets it was scored on. */
export interface ComparedSystem {
  readonly method: string;
  /** `FittedMethod.realTextsSeen`. */
  readonly realTextsSeen: number;
  /** One a repeat, in the order of the repeats; the same number for all systems of a task. */
  readonly repeats: readonly AlignedSet[];
}

/** The methods of one (dataset, model, encoder); never the references `real` and `shuffled`. */
export interface ComparisonTask {
  readonly dataset: string | null;
  readonly model: string | null;
  readonly encoder: string | null;
  /** What the metric is computed with beside the synthetic set: gold, options, the labelled texts. */
  readonly input: Omit<MetricInput, "synthetic">;
  readonly systems: readonly ComparedSystem[];
}

/**
 * The primary metric's comparisons: in each task and tier of real texts seen, the best method against every other by the swap
 * test, corrected step-down over the pairs in play (holm.ts).
 *
 * A row is the best method's row over repeats, with the other as `baseline`; `difference` is best less baseline (of
 * |ln(value / gold)| for metrics whose target is gold), so its sign tells nothing but the metric's direction. The verdict is
 * `improvement` when the corrected p <= 0.05, else `no detectable change`; `not enough data` when a value is missing or when
 * even the most extreme swap could not have reached the corrected level. Ties go to the method named first.
 *
 * @param tasks all (dataset, model, encoder) of the run.
 * @param rows the rows over repeats (`summarise`); others are passed over.
 * @param random a stream of the run; each pair gets its own child by name, so that adding a method changes no other pair.
 */
export async function comparePrimary(
  tasks: readonly ComparisonTask[],
  rows: readonly ResultRow[],
  metric: Metric,
  random: Stream,
): Promise<ComparisonRow[]> {
  const summaries = new Map(rows.flatMap((row) => (row.repeat === null ? [[groupKey(row), row] as const] : [])));
  const result: ComparisonRow[] = [];
  const done = new Set<string>();
  for (const task of tasks) {
    // Metrics that read words only have one row for all encoders.
    const encoder = metric.needs.embeddings ? task.encoder : null;
    const key = JSON.stringify([task.dataset, task.model, encoder]);
    if (done.has(key)) continue;
    done.add(key);
    const rowOf = ({ method }: ComparedSystem) =>
      summaries.get(groupKey({ dataset: task.dataset, model: task.model, method, metric: metric.id, encoder })) ?? null;
    for (const tier of tiers) {
      const ranked = task.systems
        .filter((system) => tierOf(system.realTextsSeen) === tier)
        .flatMap((system) => {
          const row = rowOf(system);
          return row === null ? [] : [{ system, row, loss: lossOf(row) }];
        });
      result.push(...(await compareTier(ranked, task, metric, random.derive("comparison", tier))));
    }
  }
  return result;
}

interface Ranked {
  readonly system: ComparedSystem;
  readonly row: ResultRow;
  readonly loss: number | null;
}

async function compareTier(
  entries: readonly Ranked[],
  task: ComparisonTask,
  metric: Metric,
  random: Stream,
): Promise<ComparisonRow[]> {
  const scored = entries.filter((entry) => entry.loss !== null).sort((a, b) => a.loss! - b.loss!);
  const [best, ...others] = scored;
  if (best === undefined) return [];
  const multipliers = bestAgainstOthers(scored.length);
  const tests = [];
  for (const other of others) {
    const pairs = best.system.repeats.flatMap((set, r) => {
      const opposite = other.system.repeats[r];
      return opposite === undefined ? [] : [align(set, opposite)];
    });
    const enough = reachable(pairs) * (multipliers[0] ?? 1) <= LEVEL;
    const stream = random.derive(
      task.dataset ?? "",
      task.model ?? "",
      task.encoder ?? "",
      metric.id,
      ...[best.system.method, other.system.method].sort(),
    );
    tests.push({
      other,
      p: enough ? await pValueOf(pairs, task, metric, best, other, multipliers[0] ?? 1, stream) : null,
    });
  }
  const corrected = stepDown(
    tests.map((test) => test.p ?? 1),
    multipliers,
  );
  const compared = tests.map(({ other, p }, i) => comparison(best, other, p === null ? null : corrected[i]!));
  const missing = entries.filter((entry) => entry.loss === null).map((entry) => comparison(best, entry, null));
  return [...compared, ...missing];
}

/** The smallest p-value these pairs can give: all swapped or none, of 2^pairs ways. */
function reachable(pairs: readonly SamplePair[]): number {
  const n = pairs.reduce((sum, { a }) => sum + a.size, 0);
  return 2 ** (1 - Math.min(n, 1000));
}

async function pValueOf(
  pairs: readonly SamplePair[],
  task: ComparisonTask,
  metric: Metric,
  best: Ranked,
  other: Ranked,
  tests: number,
  random: Stream,
): Promise<number | null> {
  const { statistic, permutations } = routeFor(pairs, task, metric, tests, random);
  const sizes = pairs.map(({ a }) => a.size);
  const observed = await statistic(sizes.map((size) => new Uint8Array(size)));
  // A linearised statistic may disagree with the values on who leads when they are close: no finding then.
  if (observed !== null && observed * (best.loss! - other.loss!) < 0) return 1;
  const result = await swapTest(statistic, sizes, { permutations, random: random.derive("swaps") });
  return result?.pValue ?? null;
}

/** The cheapest valid statistic of a metric. */
function routeFor(
  pairs: readonly SamplePair[],
  task: ComparisonTask,
  metric: Metric,
  tests: number,
  random: Stream,
): { readonly statistic: SwapStatistic; readonly permutations: number } {
  const differences = metric.id === "fid" ? fidDifferences(pairs, task.input.gold) : null;
  if (differences !== null) return { statistic: linear(differences), permutations: CHEAP_PERMUTATIONS };
  const statistic = recomputed(pairs, async (synthetic) => {
    const { value, gold } = await metric.compute({ ...task.input, synthetic }, random.derive("metric"));
    return lossOf({ value, gold: gold ?? null, better: metric.better });
  });
  return { statistic, permutations: permutationsFor(tests) };
}

function comparison(best: Ranked, other: Ranked, pValue: number | null): ComparisonRow {
  const difference =
    best.loss === null || other.loss === null
      ? null
      : best.row.better === "gold"
        ? best.loss - other.loss
        : best.row.value! - other.row.value!;
  const verdict = pValue === null ? "not enough data" : pValue <= LEVEL ? "improvement" : "no detectable change";
  return { ...best.row, baseline: other.system.method, difference, pValue, verdict };
}
