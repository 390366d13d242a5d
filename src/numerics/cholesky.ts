import { rowsProduct } from "./kernel/plain-cholesky.ts";
import { type KernelKind, Workspace } from "./kernel/workspace.ts";

/** Rows that one call into the kernel eliminates. */
const ROWS = 4;

/**
 * Cholesky factor of a symmetric positive definite matrix (n x n, row-major float64; the lower triangle is read), made in place:
 * L in the lower triangle, the upper one left as it was.
 *
 * @throws RangeError when the matrix is not positive definite.
 */
export function choleskyInPlace(a: Float64Array, n: number, kind?: KernelKind): void {
  if (n < 2 * ROWS) {
    factorRows(a, n, 0, n, 0);
    return;
  }
  const size = 8 * n * n;
  const space = new Workspace([size], kind);
  const at = space.reserve(size);
  const matrix = space.float64(at, n * n);
  matrix.set(a.subarray(0, n * n));
  for (let first = 0; first < n; first += ROWS) {
    const whole = first + ROWS <= n;
    if (whole) space.code.eliminateRows(at, n, first);
    factorRows(matrix, n, first, Math.min(first + ROWS, n), whole ? first : 0);
  }
  a.set(matrix);
}

/** Rows `first` .. `last` - 1 of L, those above being done, and of these the columns before `done`. */
function factorRows(a: Float64Array, n: number, first: number, last: number, done: number): void {
  for (let i = first; i < last; i++) {
    const row = i * n;
    for (let j = done; j <= i; j++) {
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
