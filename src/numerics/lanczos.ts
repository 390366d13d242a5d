import { KrylovBasis } from "./krylov-basis.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** A symmetric linear map of R^n: writes A v into `out`. */
export interface SymmetricOperator {
  readonly size: number;
  multiply(vector: Float64Array, out: Float64Array): void;
}

/** What a few Lanczos steps know of an operator as seen from their start vector. */
export interface LanczosResult {
  /** Ritz values in falling order. */
  readonly values: Float64Array;
  /** weights[k]: squared first component of the k-th eigenvector of the tridiagonal matrix; they sum to 1. */
  readonly weights: Float64Array;
  /** residuals[k]: norm of A x - values[k] x for the Ritz vector x. */
  readonly residuals: Float64Array;
  /** The Ritz vector of value k, a unit vector. */
  ritzVector(k: number): Float64Array;
}

/** Where the recurrence has found an invariant subspace, relative to the largest number seen. */
const BREAKDOWN = 1e-13;

/**
 * Lanczos' recurrence from a unit start vector, kept orthogonal to `deflated`. After the three-term recurrence has taken the
 * large components off, every step is orthogonalized against all earlier vectors: without it, or with it alone, converged
 * directions grow again from rounding.
 * Fewer steps than asked where an invariant subspace is found earlier. Source: Golub and Van Loan, Matrix Computations, 10.1-10.3.
 * @param start unit vector, orthogonal to `deflated`; not changed.
 */
export function lanczos(
  operator: SymmetricOperator,
  start: Float64Array,
  steps: number,
  deflated?: KrylovBasis,
): LanczosResult {
  const basis = new KrylovBasis(operator.size, steps + 1);
  basis.push(start);
  const diagonal: number[] = [];
  const off: number[] = [];
  let largest = 0;
  for (let k = 0; k < steps; k++) {
    const next = new Float64Array(operator.size);
    const last = basis.row(k);
    operator.multiply(last, next);
    diagonal.push(dot(next, last));
    subtract(next, last, diagonal[k]!);
    if (k > 0) subtract(next, basis.row(k - 1), off[k - 1]!);
    deflated?.takeOff(next);
    basis.takeOff(next);
    const norm = Math.sqrt(dot(next, next));
    largest = Math.max(largest, Math.abs(diagonal[k]!), norm);
    off.push(norm > BREAKDOWN * largest ? norm : 0);
    if (off[k] === 0) break;
    for (let i = 0; i < next.length; i++) next[i]! /= norm;
    basis.push(next);
  }
  const m = diagonal.length;
  const tridiagonal = new Float64Array(m * m);
  for (let k = 0; k < m; k++) {
    tridiagonal[k * m + k] = diagonal[k]!;
    if (k + 1 < m) tridiagonal[k * m + k + 1] = off[k]!;
  }
  const { values, vectors } = symmetricEigen(tridiagonal, m);
  return {
    values,
    weights: Float64Array.from(values, (_, k) => vectors[k * m]! ** 2),
    residuals: Float64Array.from(values, (_, k) => Math.abs(off[m - 1]! * vectors[k * m + m - 1]!)),
    ritzVector: (k) => basis.combine(vectors.subarray(k * m, (k + 1) * m)),
  };
}

/** Sum of products, in four running sums: one alone would wait for itself at every step. */
export function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = a.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = whole; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

/** target -= factor * vector. */
function subtract(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! -= factor * vector[i]!;
}
