/**
 * Cholesky factor of a symmetric positive definite matrix (n x n, row-major float64; the lower triangle is read), made in place:
 * L in the lower triangle, the upper one left as it was.
 *
 * @throws RangeError when the matrix is not positive definite.
 */
export function choleskyInPlace(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      const sum = a[row + j]! - rowsProduct(a, row, a, other, j);
      if (i > j) a[row + j] = sum / a[other + j]!;
      else if (sum > 0) a[row + i] = Math.sqrt(sum);
      else throw new RangeError(`The matrix is not positive definite (pivot ${i}: ${sum}).`);
    }
  }
}

/** Solves L Lᵀ x = b in place of b. */
export function solveCholesky(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    b[i] = (b[i]! - rowsProduct(l, i * n, b, 0, i)) / l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i]! / l[i * n + i]!;
    b[i] = x;
    // By rows of L, so that memory is read in order.
    for (let k = 0; k < i; k++) b[k] = b[k]! - l[i * n + k]! * x;
  }
}

/** The product of `count` numbers of a and b, in four running sums: one alone would wait for itself at every step. */
function rowsProduct(a: Float64Array, from: number, b: Float64Array, to: number, count: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = count & ~3;
  for (let k = 0; k < whole; k += 4) {
    s0 += a[from + k]! * b[to + k]!;
    s1 += a[from + k + 1]! * b[to + k + 1]!;
    s2 += a[from + k + 2]! * b[to + k + 2]!;
    s3 += a[from + k + 3]! * b[to + k + 3]!;
  }
  for (let k = whole; k < count; k++) s0 += a[from + k]! * b[to + k]!;
  return s0 + s1 + (s2 + s3);
}
