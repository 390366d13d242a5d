/**
 * Student's t distribution: what intervals over a few repeats need. The cumulative distribution is the regularised incomplete
 * beta function, by its continued fraction (Abramowitz and Stegun 26.5.8, modified Lentz); the quantile inverts it.
 */

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

/** I_x(a, b), 0 <= x <= 1, a, b > 0. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast below the mean; above it the symmetric form does.
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const nonZero = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const step = d * c;
    value *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return value;
}

/** ln Gamma(x), x > 0: Stirling's series after shifting x above 12 (absolute error below 1e-14 there). */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 12) {
    shift += Math.log(z);
    z += 1;
  }
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188)))));
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
