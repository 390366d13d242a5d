import type { Stream } from "../../core/stream.ts";

/** Pairs (k, j) that answers are drawn for, each once; j is 0 where there is no pool. */
export interface Candidates {
  readonly persona: Int32Array;
  readonly exemplar: Int32Array;
}

/**
 * `count` different pairs at random, all of them where there are no more: exemplars are used equally often but for one, and
 * personas as evenly as that leaves.
 * @param pool N; 0 where prompts show no exemplar
 */
export function drawCandidates(personas: number, pool: number, count: number, random: Stream): Candidates {
  const N = Math.max(1, pool);
  const size = Math.min(count, personas * N);
  const k = random.derive("personas").permutation(personas);
  const j = random.derive("exemplars").permutation(N);
  // Each round goes once through the pool; the shift gives an exemplar another persona every round.
  return {
    persona: Int32Array.from({ length: size }, (_, p) => k[((p % N) + Math.floor(p / N)) % personas]!),
    exemplar: Int32Array.from({ length: size }, (_, p) => j[p % N]!),
  };
}
