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
      let sum = a[row + j]!;
      for (let k = 0; k < j; k++) sum -= a[row + k]! * a[other + k]!;
      if (i > j) a[row + j] = sum / a[other + j]!;
      else if (sum > 0) a[row + i] = Math.sqrt(sum);
      else throw new RangeError(`The matrix is not positive definite (pivot ${i}: ${sum}).`);
    }
  }
}

/** Solves L Lᵀ x = b in place of b. */
export function solveCholesky(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= l[i * n + k]! * b[k]!;
    b[i] = sum / l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i]! / l[i * n + i]!;
    b[i] = x;
    // By rows of L, so that memory is read in order.
    for (let k = 0; k < i; k++) b[k] = b[k]! - l[i * n + k]! * x;
  }
}
