/** Counts over their sum. @throws RangeError when nothing was counted. */
export function shares(counts: ArrayLike<number>, added = 0): Float64Array {
  const result = Float64Array.from(counts, (count) => count + added);
  const total = result.reduce((sum, count) => sum + count, 0);
  if (!(total > 0)) throw new RangeError("Nothing was counted.");
  return result.map((count) => count / total);
}

/** Shares with `epsilon` added to each and brought back to a sum of one, so that no divergence is infinite. */
export function smoothedShares(counts: ArrayLike<number>, epsilon: number): Float64Array {
  return shares(shares(counts), epsilon);
}

/** KL(p || q) in nats of two distributions over the same bins; infinite where q has no mass and p has. */
export function klDivergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i]! === 0) continue;
    if (q[i]! === 0) return Number.POSITIVE_INFINITY;
    sum += p[i]! * Math.log(p[i]! / q[i]!);
  }
  return Math.max(0, sum);
}

/** Jensen-Shannon divergence in nats: 0 for equal distributions, ln 2 for disjoint ones (scipy's distance is its root). */
export function jsDivergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const middle = Float64Array.from(p, (value, i) => (value + q[i]!) / 2);
  return Math.min(Math.LN2, (klDivergence(p, middle) + klDivergence(q, middle)) / 2);
}

/** Half the sum of absolute differences: 0 to 1. */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += Math.abs(p[i]! - q[i]!);
  return sum / 2;
}
