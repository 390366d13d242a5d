import type { SampleSet } from "../metrics/sample-set.ts";
import { type SamplePair, swapSamples } from "./aligned-set.ts";
import type { SwapStatistic } from "./swap-test.ts";

/** How far a set is from the people it should resemble; lower is better. null: no value. */
export type Loss = (set: SampleSet) => number | null | Promise<number | null>;

/**
 * The statistic of any metric, recomputed on the swapped sets: loss of A less loss of B, averaged over repeats. Two evaluations
 * of the metric for each repeat and swap; the cheaper routes below serve the metrics that have one.
 */
export function recomputed(pairs: readonly SamplePair[], loss: Loss): SwapStatistic {
  return async (swapped) => {
    let sum = 0;
    for (const [r, pair] of pairs.entries()) {
      const { a, b } = swapSamples(pair, swapped[r]!);
      const [lossA, lossB] = [await loss(a), await loss(b)];
      if (lossA === null || lossB === null) return null;
      sum += lossA - lossB;
    }
    return sum / pairs.length;
  };
}

/**
 * The statistic of a metric that is, to first order, a mean over texts of `influence`: each swap only flips the sign of one
 * difference, so ten thousand swaps take milliseconds.
 *
 * @param differences for each repeat, influence of A's text i less that of B's.
 */
export function linear(differences: readonly Float64Array[]): SwapStatistic {
  return (swapped) => {
    let sum = 0;
    for (const [r, difference] of differences.entries()) {
      const marks = swapped[r]!;
      let repeat = 0;
      for (let i = 0; i < difference.length; i++) repeat += (1 - 2 * marks[i]!) * difference[i]!;
      sum += repeat / difference.length;
    }
    return sum / differences.length;
  };
}
