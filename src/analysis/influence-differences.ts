import type { Metric } from "../metrics/metric.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import type { SamplePair } from "./aligned-set.ts";

/**
 * For each repeat, the influence of A's text i on a metric less that of B's: the mean of these is the metric of A less that of B up
 * to terms of third order, because the derivative (`Metric.influence`) is taken at the pooled texts of both, midway between them.
 * (What is missing beside these is how far the two differ in the metric's bias at this n.)
 *
 * The pooled texts are the same whatever is swapped, hence so are the influences, and the swap test of their mean is exact
 * whatever the approximation does to its power. See docs/statistics.md. Nothing is computed for a swap.
 *
 * @returns null where the metric has no derivative.
 */
export function influenceDifferences(
  pairs: readonly SamplePair[],
  gold: SampleSet,
  influence: NonNullable<Metric["influence"]>,
): Float64Array[] | null {
  const pooled = influence(
    pairs.flatMap(({ a, b }) => [a, b]),
    gold,
  );
  if (pooled === null) return null;
  return pairs.map(({ a, b }) => {
    const [ofA, ofB] = [pooled.towards(a), pooled.towards(b)];
    return ofA.map((value, i) => value - ofB[i]!);
  });
}
