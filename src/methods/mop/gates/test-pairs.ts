import type { Stream } from "../../../core/stream.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";

/** For tests: S random pairs for each of n records over C contexts, K personas and N exemplars; a third of the records are exemplars. */
export function randomPairs(
  { n, S, C, K, N }: { readonly [size in "n" | "S" | "C" | "K" | "N"]: number },
  random: Stream,
): ScoredPairs {
  const own = Int32Array.from({ length: n }, (_, i) => (i % 3 === 0 ? i % N : -1));
  return {
    perRecord: S,
    sampled: true,
    context: Int32Array.from({ length: n }, (_, i) => i % C),
    own,
    persona: Int32Array.from({ length: n * S }, () => random.int(K)),
    exemplar: Int32Array.from({ length: n * S }, (_, t) => {
      const j = random.int(N - 1);
      return j === own[Math.floor(t / S)] ? N - 1 : j;
    }),
    logWeight: Float64Array.from({ length: n * S }, () => random.normal()),
    logLikelihood: Float64Array.from({ length: n * S }, () => -40 + 3 * random.normal()),
  };
}
