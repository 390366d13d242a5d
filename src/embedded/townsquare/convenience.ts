import { InputError, type PopulationRecord, type Stream } from "../ports.ts";

/**
 * Residents a convenience sample finds first: those who are out and about and answer when asked. They hold half of the
 * town's notes.
 */
export const EASY_TO_REACH: ReadonlySet<string> = new Set(["Tasha", "Priya", "Tom", "Walt", "Rosa"]);

/** The largest skew a pool can have: beyond it those hard to reach would hardly appear. */
export const LARGEST_SKEW = 0.45;

/**
 * Owners' shares of a convenience sample: those easy to reach gain `skew` between them, the others lose it, each group in
 * proportion to its true shares. The total variation to `marginal` is exactly `skew`.
 */
export function skewedShares(marginal: Float64Array, easy: readonly boolean[], skew: number): Float64Array {
  const mass = marginal.reduce((sum, share, k) => sum + (easy[k] ? share : 0), 0);
  return marginal.map((share, k) => share * (easy[k] ? 1 + skew / mass : 1 - skew / (1 - mass)));
}

/** Whole numbers that sum to `size`, as near to `shares` as can be: the largest remainders are rounded up. */
export function quotas(shares: Float64Array, size: number): Int32Array {
  const counts = Int32Array.from(shares, (share) => Math.floor(share * size));
  const rest = size - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = [...shares.keys()].sort((a, b) => {
    const difference = shares[b]! * size - counts[b]! - (shares[a]! * size - counts[a]!);
    return difference === 0 ? a - b : difference;
  });
  for (const k of byRemainder.slice(0, rest)) counts[k]! += 1;
  return counts;
}

/**
 * Draws `size` records of train whose owners' counts are the quotas of `shares`: at random within an owner, in random order.
 * @throws InputError when train holds too few notes of an owner.
 */
export function convenienceSample(
  train: readonly PopulationRecord[],
  ownerOf: (id: string) => number,
  owners: readonly string[],
  shares: Float64Array,
  size: number,
  random: Stream,
): readonly PopulationRecord[] {
  const wanted = quotas(shares, size);
  const missing = Int32Array.from(wanted);
  const chosen: PopulationRecord[] = [];
  for (const index of random.permutation(train.length)) {
    const record = train[index]!;
    const owner = ownerOf(record.id);
    if (missing[owner] === 0) continue;
    missing[owner]! -= 1;
    chosen.push(record);
    if (chosen.length === size) break;
  }
  const short = missing.findIndex((count) => count > 0);
  if (short >= 0)
    throw new InputError(
      `A pool of ${size} records with this \`skew\` needs ${wanted[short]} notes of ${owners[short]}; train holds ` +
        `${wanted[short]! - missing[short]!}. Ask for fewer exemplars, a smaller \`skew\` or more \`records\`.`,
    );
  return chosen;
}
