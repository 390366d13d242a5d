import type { ComparisonRow, ResultRow } from "../core/result.ts";
import type { Stream } from "../core/stream.ts";
import type { Metric, MetricInput } from "../metrics/metric.ts";
import { type AlignedSet, align, type SamplePair } from "./aligned-set.ts";
import { groupKey } from "./frames/result-frame.ts";
import { bestAgainstOthers, stepDown } from "./holm.ts";
import { influenceDifferences } from "./influence-differences.ts";
import { influenceVariation } from "./influence-variation.ts";
import { lossOf } from "./loss.ts";
import { populationTest, type Variation } from "./population-test.ts";
import { subsampleVariation } from "./subsample-variation.ts";
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
  /** What the metric is computed with beside the synthetic set: gold, options, the labeled texts. */
  readonly input: Omit<MetricInput, "synthetic">;
  /** Sample `index` answers the context of gold text `index` mod this: what a test against other people draws together. */
  readonly contexts: number;
  readonly systems: readonly ComparedSystem[];
}

/**
 * The primary metric's comparisons: in each task and tier of real texts seen, the best method against every other by two tests,
 * each corrected step-down over the pairs in play (holm.ts): do they differ, this gold set held fixed (swap-test.ts), and does their
 * distance from the population differ, gold drawn anew (population-test.ts). The second is needed because two different methods
 * equally far from the population are told apart by the chance of which people gold holds.
 *
 * A row is the best method's row over repeats, with the other as `baseline`; `difference` is best less baseline (of
 * |ln(value / gold)| for metrics whose target is gold), so its sign tells nothing but the metric's direction. The verdict is
 * `improvement` when both corrected p <= 0.05, else `no detectable change`; `not enough data` when a value is missing, when even
 * the most extreme swap could not have reached the corrected level, and with too few people to show how they vary. Ties go to the
 * method named first.
 *
 * @param tasks all (dataset, model, encoder) of the run.
 * @param rows the rows over repeats (`summarize`); others are passed over.
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
  const stream = random.derive(task.dataset ?? "", task.model ?? "", task.encoder ?? "", metric.id);
  const ofBest = others.length === 0 ? null : await variationOf(best.system, task, metric, stream);
  const tests: { readonly other: Ranked; readonly swap: number | null; readonly population: number | null }[] = [];
  for (const other of others) {
    const pairs = best.system.repeats.flatMap((set, r) => {
      const opposite = other.system.repeats[r];
      return opposite === undefined ? [] : [align(set, opposite)];
    });
    const enough = reachable(pairs) * (multipliers[0] ?? 1) <= LEVEL;
    const named = stream.derive(...[best.system.method, other.system.method].sort());
    const swap = enough ? await pValueOf(pairs, task, metric, best, other, multipliers[0] ?? 1, named) : null;
    const ofOther = await variationOf(other.system, task, metric, stream);
    const population = ofBest && ofOther && populationTest(best.loss! - other.loss!, ofBest, ofOther);
    tests.push({ other, swap, population });
  }
  const corrected = (of: (test: (typeof tests)[number]) => number | null) => {
    const all = stepDown(
      tests.map((test) => of(test) ?? 1),
      multipliers,
    );
    return tests.map((test, i) => (of(test) === null ? null : all[i]!));
  };
  const swaps = corrected(({ swap }) => swap);
  const populations = corrected(({ population }) => population);
  const compared = tests.map(({ other }, i) => comparison(best, other, swaps[i]!, populations[i]!));
  const missing = entries.filter((entry) => entry.loss === null).map((entry) => comparison(best, entry, null, null));
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
  // A linearized statistic may disagree with the values on who leads when they are close: no finding then.
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
  const differences = metric.influence ? influenceDifferences(pairs, task.input.gold, metric.influence) : null;
  if (differences !== null) return { statistic: linear(differences), permutations: CHEAP_PERMUTATIONS };
  const statistic = recomputed(pairs, async (synthetic) => {
    const { value, gold } = await metric.compute({ ...task.input, synthetic }, random.derive("metric"));
    return lossOf({ value, gold: gold ?? null, better: metric.better });
  });
  return { statistic, permutations: permutationsFor(tests) };
}

/** How a method's loss varies with who was asked, by the cheapest route; random subsamples are the same for all methods. */
async function variationOf(
  { repeats }: ComparedSystem,
  { input, contexts }: ComparisonTask,
  metric: Metric,
  random: Stream,
): Promise<Variation | null> {
  const own = random.derive("population");
  const closed = await influenceVariation(repeats, input, metric, contexts, own);
  return closed ?? subsampleVariation(repeats, input, metric, contexts, own);
}

function comparison(
  best: Ranked,
  other: Ranked,
  pValue: number | null,
  populationPValue: number | null,
): ComparisonRow {
  const difference =
    best.loss === null || other.loss === null
      ? null
      : best.row.better === "gold"
        ? best.loss - other.loss
        : best.row.value! - other.row.value!;
  return {
    ...best.row,
    baseline: other.system.method,
    difference,
    pValue,
    populationPValue,
    verdict: verdictOf(pValue, populationPValue),
  };
}

function verdictOf(pValue: number | null, populationPValue: number | null): ComparisonRow["verdict"] {
  if (pValue === null || populationPValue === null) return "not enough data";
  return Math.max(pValue, populationPValue) <= LEVEL ? "improvement" : "no detectable change";
}
