import { choleskyInPlace } from "./cholesky.ts";
import { type Matrix64, productTransposed64 } from "./gram.ts";
import { symmetricEigen, symmetricEigenvalues } from "./symmetric-eigen.ts";

/** Eigenvalues below n times this of the largest are rounding, and counted as zero. */
const NOISE = Number.EPSILON;

const BLOCK = 16;

/** Lᵀ, row-major and upper triangular, of a = L Lᵀ; null where `a` (n x n) is not safely positive definite. */
export function choleskyTransposed(a: Float64Array, n: number): Float64Array | null {
  const factor = a.slice();
  try {
    choleskyInPlace(factor, n);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < n; i++) {
    const pivot = factor[i * n + i]! ** 2;
    least = Math.min(least, pivot);
    most = Math.max(most, pivot);
  }
  if (!(least > n * NOISE * most)) return null;
  return upperTransposed(factor, n);
}

/** The transpose of a lower triangle, in square blocks: rows written one number each would miss the cache at every step. */
function upperTransposed(lower: Float64Array, n: number): Float64Array {
  const upper = new Float64Array(n * n);
  for (let top = 0; top < n; top += BLOCK) {
    for (let left = 0; left <= top; left += BLOCK) {
      for (let i = top; i < Math.min(top + BLOCK, n); i++) {
        for (let j = left; j < Math.min(left + BLOCK, i + 1); j++) upper[j * n + i] = lower[i * n + j]!;
      }
    }
  }
  return upper;
}

/**
 * tr (A L Lᵀ)^1/2 for symmetric A >= 0: the sum of the square roots of the eigenvalues of Lᵀ A L, which is symmetric, so no square
 * root of a matrix is taken and nothing turns complex.
 *
 * @param a n x n. @param factor Lᵀ, as `choleskyTransposed` gives it.
 */
export function traceSqrtProduct(a: Float64Array, factor: Float64Array, n: number): number {
  const square = (data: Float64Array): Matrix64 => ({ data, rows: n, cols: n });
  const half = productTransposed64(square(factor), square(a), { upper: "a" });
  const whole = productTransposed64(square(half), square(factor), { upper: "b", symmetric: true });
  const values = symmetricEigenvalues(whole, n);
  return sumOfRoots(values);
}

/**
 * Rows F with FᵀF = A, one for each eigenvalue that is not rounding: a square root of a symmetric matrix A >= 0 of any rank.
 *
 * @param a n x n.
 */
export function rootRows(a: Float64Array, n: number): Matrix64 {
  const { values, vectors } = symmetricEigen(a, n);
  const least = n * NOISE * (values[0] ?? 0);
  const rank = values.filter((value) => value > least).length;
  const data = vectors.slice(0, rank * n);
  for (let k = 0; k < rank; k++) {
    const scale = Math.sqrt(values[k]!);
    for (let j = 0; j < n; j++) data[k * n + j]! *= scale;
  }
  return { data, rows: rank, cols: n };
}

/**
 * tr (FᵀF GᵀG)^1/2 = ||F Gᵀ||_*, the sum of the singular values of F Gᵀ: exact for covariances of any rank. The singular values are
 * the positive eigenvalues of (0 C; Cᵀ 0), so small ones keep their precision, which squaring would lose.
 *
 * @param f r x d. @param g s x d.
 */
export function nuclearNorm(f: Matrix64, g: Matrix64): number {
  const n = f.rows + g.rows;
  const c = productTransposed64(f, g);
  const block = new Float64Array(n * n);
  for (let i = 0; i < f.rows; i++) {
    for (let j = 0; j < g.rows; j++) {
      const x = c[i * g.rows + j]!;
      block[i * n + f.rows + j] = x;
      block[(f.rows + j) * n + i] = x;
    }
  }
  let sum = 0;
  for (const value of symmetricEigenvalues(block, n)) if (value > 0) sum += value;
  return sum;
}

function sumOfRoots(values: Float64Array): number {
  const least = values.length * NOISE * (values[0] ?? 0);
  let sum = 0;
  for (const value of values) if (value > least) sum += Math.sqrt(value);
  return sum;
}
