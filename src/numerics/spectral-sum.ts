import type { Stream } from "../core/stream.ts";
import { KrylovBasis } from "./krylov-basis.ts";
import { dot, lanczos, type SymmetricOperator } from "./lanczos.ts";

/** An operator whose first two spectral moments are known exactly. */
export interface MomentOperator extends SymmetricOperator {
  /** Sum of eigenvalues. */
  readonly trace: number;
  /** Sum of squared eigenvalues. */
  readonly squares: number;
}

/** An estimate and its standard error over the probes. */
export interface SpectralSum {
  readonly value: number;
  readonly standardError: number;
}

const DEFLATION_STEPS = 120;
const CONVERGED = 1e-8;
const PROBE_STEPS = 20;
const PROBES = 8;

/**
 * The sum of f over all eigenvalues of a large symmetric operator, without a dense eigensolver.
 *
 * Eigenvalues that stick out are found by Lanczos and summed exactly. The rest is stochastic Lanczos quadrature (Ubaru, Chen
 * and Saad 2017) with random signs, where f less the best quadratic q is estimated and the sum of q follows exactly from the
 * operator's trace and squares: what is left to chance is small. The error is that of a few probes of f - q.
 * @param f finite at every eigenvalue.
 */
export function spectralSum(operator: MomentOperator, f: (x: number) => number, random: Stream): SpectralSum {
  const n = operator.size;
  const top = lanczos(operator, randomUnit(n, random), Math.min(n, DEFLATION_STEPS));
  const exact: number[] = [];
  const deflated = new KrylovBasis(n, top.values.length);
  for (let k = 0; k < top.values.length && top.residuals[k]! <= CONVERGED * Math.abs(top.values[0]!); k++) {
    exact.push(top.values[k]!);
    deflated.push(top.ritzVector(k));
  }
  const sumOf = (of: (x: number) => number) => exact.reduce((sum, x) => sum + of(x), 0);
  const rest = n - exact.length;
  if (rest === 0) return { value: sumOf(f), standardError: 0 };

  const probes = Array.from({ length: PROBES }, () =>
    lanczos(operator, randomUnit(n, random, deflated), Math.min(rest, PROBE_STEPS), deflated),
  );
  const nodes = probes.flatMap(({ values, weights }) => Array.from(values, (x, k) => ({ x, weight: weights[k]! })));
  const q = bestQuadratic(nodes, f);
  const ofRest =
    q[0] * rest + q[1] * (operator.trace - sumOf((x) => x)) + q[2] * (operator.squares - sumOf((x) => x * x));
  const left = probes.map(
    ({ values, weights }) =>
      rest * values.reduce((sum, x, k) => sum + weights[k]! * (f(x) - q[0] - q[1] * x - q[2] * x * x), 0),
  );
  const mean = left.reduce((sum, x) => sum + x, 0) / PROBES;
  const variance = left.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (PROBES - 1);
  return { value: sumOf(f) + ofRest + mean, standardError: Math.sqrt(variance / PROBES) };
}

/** Random signs, made orthogonal to `deflated` and scaled to length 1. */
function randomUnit(n: number, random: Stream, deflated?: KrylovBasis): Float64Array {
  const vector = Float64Array.from({ length: n }, () => (random.uint32() & 1 ? 1 : -1));
  for (let pass = 0; pass < 2; pass++) deflated?.takeOff(vector);
  const norm = Math.sqrt(dot(vector, vector));
  return vector.map((x) => x / norm);
}

/** Least squares a + b x + c x^2 through f at weighted nodes, by orthogonal polynomials of the nodes. */
function bestQuadratic(
  nodes: readonly { readonly x: number; readonly weight: number }[],
  f: (x: number) => number,
): readonly [number, number, number] {
  const mean = (of: (x: number) => number) => {
    let sum = 0;
    let total = 0;
    for (const { x, weight } of nodes) {
      sum += weight * of(x);
      total += weight;
    }
    return sum / total;
  };
  const center = mean((x) => x);
  const spread = mean((x) => (x - center) ** 2);
  const level = mean(f);
  if (spread < 1e-24 * center * center) return [level, 0, 0];
  const slope = mean((x) => f(x) * (x - center)) / spread;
  const skew = mean((x) => (x - center) ** 3) / spread;
  const second = (x: number) => (x - center) ** 2 - skew * (x - center) - spread;
  const norm = mean((x) => second(x) ** 2);
  const bend = norm > 1e-24 * spread * spread ? mean((x) => f(x) * second(x)) / norm : 0;
  return [
    level - slope * center + bend * (center * center + skew * center - spread),
    slope - bend * (2 * center + skew),
    bend,
  ];
}
