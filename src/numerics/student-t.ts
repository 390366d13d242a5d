import { incompleteBeta } from "./incomplete-beta.ts";

/** Student's t distribution: what intervals over a few repeats need. */

/** P(T <= t) for T of Student's t with `df` > 0 degrees of freedom. */
export function studentTCdf(t: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`Degrees of freedom must be positive, not ${df}.`);
  const tail = upperTail(Math.abs(t), df);
  return t < 0 ? tail : 1 - tail;
}

/**
 * The t with P(T <= t) = p, 0 < p < 1, df > 0; to about 1e-12 relative.
 * @throws RangeError outside of these.
 */
export function studentTQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A quantile needs 0 < p < 1, not ${p}.`);
  if (!(df > 0)) throw new RangeError(`Degrees of freedom must be positive, not ${df}.`);
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentTQuantile(1 - p, df);
  const target = 1 - p;
  let low = 0;
  let high = 1;
  while (upperTail(high, df) > target) {
    low = high;
    high *= 2;
  }
  // Bisection to the last bit: monotone, never fails, and called a few times a table.
  for (let i = 0; i < 200; i++) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    if (upperTail(middle, df) > target) low = middle;
    else high = middle;
  }
  return low + (high - low) / 2;
}

/** P(T > t), t >= 0. */
function upperTail(t: number, df: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0;
  const square = t * t;
  // The complement is formed directly where x is close to 1, so that no digits are lost near t = 0.
  return square < df
    ? 0.5 - 0.5 * incompleteBeta(square / (df + square), 0.5, df / 2)
    : 0.5 * incompleteBeta(df / (df + square), df / 2, 0.5);
}
