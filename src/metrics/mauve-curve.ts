/** Mixture weights on the divergence curve. */
const CURVE_POINTS = 25;
const EDGE = 1e-6;

/** Shares of each bin from counts; with `smoothing` 0.5 the Krichevsky-Trofimov estimate. */
export function shares(counts: ArrayLike<number>, smoothing = 0): Float64Array {
  const raised = Float64Array.from(counts, (count) => count + smoothing);
  const total = raised.reduce((a, b) => a + b, 0);
  return raised.map((x) => x / total);
}

/** KL(p || q) in nats; infinite where q is zero and p is not. */
function divergence(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] === 0) continue;
    if (q[i] === 0) return Number.POSITIVE_INFINITY;
    sum += p[i]! * Math.log(p[i]! / q[i]!);
  }
  return sum;
}

/** A point of the curve: exp(-c KL(q || r)), exp(-c KL(p || r)). */
export type CurvePoint = readonly [number, number];

/**
 * The divergence curve of two histograms: for mixtures r = w p + (1 - w) q the point (exp(-c KL(q || r)), exp(-c KL(p || r))), with
 * the ends (1, 0) and (0, 1).
 *
 * @param c scaling factor. @param points mixtures, 25 as the reference.
 */
export function divergenceCurve(p: Float64Array, q: Float64Array, c: number, points = CURVE_POINTS): CurvePoint[] {
  const curve: CurvePoint[] = [[1, 0]];
  const r = new Float64Array(p.length);
  for (let step = 0; step < points; step++) {
    const w = EDGE + (step * (1 - 2 * EDGE)) / (points - 1);
    for (let i = 0; i < r.length; i++) r[i] = w * p[i]! + (1 - w) * q[i]!;
    curve.push([Math.exp(-c * divergence(q, r)), Math.exp(-c * divergence(p, r))]);
  }
  curve.push([0, 1]);
  return curve;
}

/** The area under a curve, the mean of both ways round (trapezoids). Ties in x are taken by falling y, as the reference's sort does. */
export function areaUnder(curve: readonly CurvePoint[]): number {
  const flipped = curve.map(([x, y]): CurvePoint => [y, x]);
  return 0.5 * (trapezoids(curve) + trapezoids(flipped));
}

function trapezoids(curve: readonly CurvePoint[]): number {
  const sorted = [...curve].sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  let area = 0;
  for (let i = 1; i < sorted.length; i++) {
    const [x, y] = sorted[i]!;
    const [before, height] = sorted[i - 1]!;
    area += ((x - before) * (y + height)) / 2;
  }
  return area;
}

/**
 * MAUVE of two histograms: the area under their divergence curve, about 0 (disjoint) to 1 (equal).
 * Pillutla et al. 2021 and 2023; krishnap25/mauve.
 */
export function mauveScore(p: Float64Array, q: Float64Array, c: number, points = CURVE_POINTS): number {
  return areaUnder(divergenceCurve(p, q, c, points));
}

/** The frontier integral of two histograms, 0 (equal) to 1 (disjoint). Liu et al. 2021; krishnap25/mauve. */
export function frontierIntegralScore(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const [a, b] = [p[i]!, q[i]!];
    if (a === 0 || b === 0) sum += (a + b) / 4;
    else if (Math.abs(a - b) > 1e-8) sum += (a + b) / 4 - (a * b * (Math.log(a) - Math.log(b))) / (2 * (a - b));
  }
  return 2 * sum;
}
