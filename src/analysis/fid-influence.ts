import type { SampleSet } from "../metrics/sample-set.ts";
import type { SamplePair } from "./aligned-set.ts";
import { fidDerivative } from "./fid-derivative.ts";

/**
 * For each repeat, FID's influence of A's text i less that of B's: the mean of these is FID(A) - FID(B) up to terms of third
 * order, because the derivative (fid-derivative.ts) is taken at the pooled texts of both, the midpoint of their moments. (What is
 * missing beside these is how far the two differ in FID's bias at this n.)
 *
 * The pooled texts are the same whatever is swapped, hence so are the influences, and the swap test of their mean is exact
 * whatever the approximation does to its power. See docs/statistics.md. Nothing is computed for a swap.
 *
 * @returns null when a side or gold has no embeddings or fewer than two texts.
 */
export function fidDifferences(pairs: readonly SamplePair[], gold: SampleSet): Float64Array[] | null {
  const sides = pairs.flatMap(({ a, b }) => [a.embeddings, b.embeddings]);
  const pooled = sides.filter((side) => side !== null);
  const derivative = pooled.length < sides.length ? null : fidDerivative(pooled, gold);
  if (derivative === null) return null;
  return pairs.map(({ a, b }) => {
    const ofA = derivative.towards(a.embeddings!);
    const ofB = derivative.towards(b.embeddings!);
    return ofA.map((value, i) => value - ofB[i]!);
  });
}
