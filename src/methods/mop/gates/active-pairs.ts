import type { ScoredPairs } from "../scores/scored-pairs.ts";

/**
 * Marks which of record i's scored pairs enter its likelihood: all of them, or the M of largest gate weight, each pair once and
 * only if it was scored and its exemplar is not masked (the paper's top-M). Ties go to the pair drawn first.
 * @param gate ln(pi Omega) of each pair
 * @param active set to 1 or 0 for each pair
 * @returns ln of the active pairs' summed gate weight where that is to be divided out (`renormalise`), else 0
 */
export function activate(
  pairs: ScoredPairs,
  i: number,
  gate: Float64Array,
  { activePairs, renormalise }: { readonly activePairs: number | null; readonly renormalise: boolean },
  active: Uint8Array,
): number {
  const S = pairs.perRecord;
  const from = i * S;
  if (activePairs === null) {
    active.fill(1);
  } else {
    const order = Array.from({ length: S }, (_, s) => s).sort((a, b) => gate[b]! - gate[a]! || a - b);
    const seen = new Set<string>();
    active.fill(0);
    for (const s of order) {
      const pair = `${pairs.persona[from + s]} ${pairs.exemplar[from + s]}`;
      if (seen.size === activePairs) break;
      if (seen.has(pair) || gate[s]! + pairs.logLikelihood[from + s]! === Number.NEGATIVE_INFINITY) continue;
      seen.add(pair);
      active[s] = 1;
    }
  }
  if (!renormalise) return 0;
  let max = Number.NEGATIVE_INFINITY;
  for (let s = 0; s < S; s++) if (active[s] === 1 && gate[s]! > max) max = gate[s]!;
  let sum = 0;
  for (let s = 0; s < S; s++) if (active[s] === 1) sum += Math.exp(gate[s]! - max);
  return max + Math.log(sum);
}
