import type { Stream } from "../core/stream.ts";
import type { Metric, MetricInput } from "../metrics/metric.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import { type AlignedSet, asPeople, randomPeople, takePeople } from "./aligned-set.ts";
import type { Variation } from "./population-test.ts";

/**
 * A metric's variation by the infinitesimal jackknife, where it says how it moves with each text (`Metric.influence`): a unit is a
 * person with the method's answers to that person's context in all repeats, and its value what the metric (the mean over repeats)
 * changes by with the unit's weight. What a context does to people and method alike cancels within the unit. The derivative is
 * taken at the method's own texts, all repeats together.
 * Source: Jaeckel, The infinitesimal jackknife (Bell Laboratories, 1972); Efron, The jackknife, the bootstrap and other resampling
 * plans (SIAM 1982), chapter 6.
 *
 * A distance falls with n, more for a method that varies more, so that of two methods equally far the narrower has the lower one.
 * The bias goes as 1 / n: the metric on halves of the people lies as far above that on all as that above the one of the whole
 * populations. Both halves of a split are taken, so that their noise cancels to first order.
 *
 * @param random the splits, hence the same for all methods of a task.
 * @param contexts sample `index` answers the context of gold text `index` mod this.
 * @returns null where the metric has no derivative.
 */
export async function influenceVariation(
  repeats: readonly AlignedSet[],
  input: Omit<MetricInput, "synthetic">,
  metric: Metric,
  contexts: number,
  random: Stream,
): Promise<Variation | null> {
  const sets = repeats.map(({ set }) => set);
  const derivative = metric.influence?.(sets, input.gold) ?? null;
  if (derivative === null) return null;
  const values = new Float64Array(contexts);
  addShares(values, derivative.towardsGold(), (row) => row);
  for (const { set, indices } of repeats) {
    const influence = derivative.towards(set).map((x) => x / repeats.length);
    addShares(values, influence, (row) => indices[row]! % contexts);
  }
  return { values, factor: contexts, bias: await biasOf(repeats, input, metric, contexts, random) };
}

/** Random splits into halves that the bias is averaged over. */
const SPLITS = 4;

async function biasOf(
  repeats: readonly AlignedSet[],
  input: Omit<MetricInput, "synthetic">,
  metric: Metric,
  contexts: number,
  random: Stream,
): Promise<number> {
  const valueAt = async (synthetic: SampleSet, gold: SampleSet) =>
    (await metric.compute({ ...input, synthetic, gold }, random.derive("metric"))).value;
  const people = asPeople(input.gold);
  let bias = 0;
  for (let split = 0; split < SPLITS; split++) {
    const half = randomPeople(contexts, Math.floor(contexts / 2), random.derive("split", split));
    for (const part of [half, half.map((mark) => 1 - mark)]) {
      const golds = takePeople(people, part);
      const sets = repeats.map((repeat) => takePeople(repeat, part));
      if ([golds, ...sets].some(({ size }) => size < 2)) return 0;
      for (const [r, set] of sets.entries()) {
        const [ofPart, ofAll] = [await valueAt(set, golds), await valueAt(repeats[r]!.set, input.gold)];
        if (ofPart === null || ofAll === null) return 0;
        bias += ofPart - ofAll;
      }
    }
  }
  return bias / (2 * SPLITS * repeats.length);
}

/** Adds each row's influence, about their mean and over their number, to the unit the row belongs to. */
function addShares(units: Float64Array, influence: Float64Array, unitOf: (row: number) => number): void {
  const n = influence.length;
  const mean = influence.reduce((sum, x) => sum + x, 0) / n;
  influence.forEach((x, row) => {
    units[unitOf(row)]! += (x - mean) / n;
  });
}
