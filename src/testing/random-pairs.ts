import type { Stream } from "../core/stream.ts";
import type { ScoredPairs } from "../mop/scores/scored-pairs.ts";

/** For tests: S random pairs for each of n records over C contexts, K personas and N exemplars; a third of the records are exemplars, a sixth twice. */
export function randomPairs(
  { n, S, C, K, N }: { readonly [size in "n" | "S" | "C" | "K" | "N"]: number },
  random: Stream,
): ScoredPairs {
  const masked = Array.from({ length: n }, (_, i) => {
    if (i % 3 !== 0) return new Int32Array(0);
    return Int32Array.from(i % 6 === 0 ? [i % N] : [i % N, (i + 2) % N]).sort();
  });
  return {
    perRecord: S,
    sampled: true,
    context: Int32Array.from({ length: n }, (_, i) => i % C),
    masked,
    persona: Int32Array.from({ length: n * S }, () => random.int(K)),
    exemplar: Int32Array.from({ length: n * S }, (_, t) => {
      const shown = Array.from({ length: N }, (_, j) => j).filter((j) => !masked[Math.floor(t / S)]!.includes(j));
      return random.pick(shown);
    }),
    logWeight: Float64Array.from({ length: n * S }, () => random.normal()),
    logLikelihood: Float64Array.from({ length: n * S }, () => -40 + 3 * random.normal()),
  };
}
