import type { Stream } from "../core/stream.ts";
import type { Metric, MetricInput } from "../metrics/metric.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import { keptTexts } from "../scoring/subsampling.ts";
import { type AlignedSet, asPeople, randomPeople, takePeople } from "./aligned-set.ts";
import { lossOf } from "./loss.ts";
import type { Variation } from "./population-test.ts";

/** Subsamples that are drawn: the standard error of their spread is a ninth of it. */
const SUBSAMPLES = 40;

/**
 * Any metric's variation, by delete-d subsampling as one set's interval has it (subsampling.ts), but of people: the unit is a random
 * part of gold with the answers to its contexts in all repeats, its value the loss recomputed on it. It is drawn without replacement,
 * so no text stands twice; the variance of the values at m of n people, the data held fixed, times m / (n - m) is that of the value
 * at n for a smooth metric. Terms of higher order weigh more in a part than in the whole, so it errs towards a larger variance; a
 * bias in n is the same for all parts, and no account is taken of it (`bias` is 0). The parts are a function of `random` and `contexts`, hence the same for all methods of a task.
 *
 * @param contexts sample `index` answers the context of gold text `index` mod this; at least two.
 */
export async function subsampleVariation(
  repeats: readonly AlignedSet[],
  input: Omit<MetricInput, "synthetic">,
  metric: Metric,
  contexts: number,
  random: Stream,
): Promise<Variation> {
  const kept = keptTexts(metric, contexts);
  const people = asPeople(input.gold);
  const values = new Float64Array(SUBSAMPLES);
  for (let s = 0; s < SUBSAMPLES; s++) {
    const part = randomPeople(contexts, kept, random.derive("subsample", s));
    const gold = takePeople(people, part);
    const sets = repeats.map((repeat) => takePeople(repeat, part));
    values[s] = (await meanLoss(sets, { ...input, gold }, metric, random.derive("metric"))) ?? Number.NaN;
  }
  return { values, factor: kept / (contexts - kept), bias: 0 };
}

/** The loss of the mean over repeats, as rows over repeats give it; null where a repeat has no value. */
async function meanLoss(
  sets: readonly SampleSet[],
  input: Omit<MetricInput, "synthetic">,
  metric: Metric,
  random: Stream,
): Promise<number | null> {
  let [sum, target] = [0, 0];
  for (const synthetic of sets) {
    if (synthetic.size === 0 || input.gold.size === 0) return null;
    const { value, gold } = await metric.compute({ ...input, synthetic }, random);
    if (value === null) return null;
    sum += value;
    target += gold ?? Number.NaN;
  }
  const gold = target / sets.length;
  return lossOf({ value: sum / sets.length, gold: Number.isNaN(gold) ? null : gold, better: metric.better });
}
