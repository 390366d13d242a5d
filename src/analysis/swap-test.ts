import type { Stream } from "../core/stream.ts";

/**
 * What two systems differ by when the samples marked 1 are exchanged between them. `swapped[r][i]` belongs to sample i of
 * repeat r; all zeros gives the observed difference. The arrays are reused between calls. null: no value for these sets.
 */
export type SwapStatistic = (swapped: readonly Uint8Array[]) => number | null | Promise<number | null>;

export interface SwapTestResult {
  /** Two-sided, in (0, 1]. */
  readonly pValue: number;
  /** Random swaps drawn; fewer than allowed when the answer was clear (see `swapTest`). */
  readonly permutations: number;
}

/** Differences as large as the observed one that end the drawing early. */
const CLEARLY_NULL = 20;

/**
 * The swap test: two systems answered the same (context, index); were they the same system, exchanging the two answers of any
 * index would change nothing. Each index of each repeat is exchanged with probability one half, the statistic recomputed, and
 * p = (1 + swaps with |T*| >= |T|) / (1 + swaps). Exact for any statistic and any n, so that a metric's bias in n does no harm:
 * every swapped set has the n of the observed one and no text twice.
 *
 * A difference that is plainly not there needs few swaps: after 20 that reach the observed one the drawing stops with
 * p = 20 / swaps (sequential Monte Carlo, Besag and Clifford, Biometrika 78, 1991), which is a valid p-value too.
 *
 * @param sizes samples of each repeat.
 * @param options.permutations the most swaps drawn.
 * @returns null when the statistic has no value, or there is nothing to swap.
 */
export async function swapTest(
  statistic: SwapStatistic,
  sizes: readonly number[],
  options: { readonly permutations: number; readonly random: Stream },
): Promise<SwapTestResult | null> {
  const swapped = sizes.map((size) => new Uint8Array(size));
  const observed = await statistic(swapped);
  if (observed === null || sizes.every((size) => size === 0)) return null;
  // Sums in another order differ in their last digits: what ties but for rounding is a tie.
  const bar = Math.abs(observed) * (1 - 1e-9);
  let reached = 0;
  for (let drawn = 1; drawn <= options.permutations; drawn++) {
    for (const marks of swapped) flipCoins(marks, options.random);
    const outcome = statistic(swapped);
    const difference = outcome instanceof Promise ? await outcome : outcome;
    // A swapped set without a value (all its texts equal, say) counts against a finding.
    if (difference === null || Math.abs(difference) >= bar) reached++;
    if (reached === CLEARLY_NULL) return { pValue: Math.min(1, reached / drawn), permutations: drawn };
  }
  return { pValue: (1 + reached) / (1 + options.permutations), permutations: options.permutations };
}

/** Fair coins, 32 to a draw. */
function flipCoins(marks: Uint8Array, random: Stream): void {
  let bits = 0;
  for (let i = 0; i < marks.length; i++) {
    if (i % 32 === 0) bits = random.uint32();
    marks[i] = bits & 1;
    bits >>>= 1;
  }
}

/** Swaps enough that the corrected level 0.05 / tests holds ten of them. */
export function permutationsFor(tests: number): number {
  return 200 * Math.max(1, tests) - 1;
}
