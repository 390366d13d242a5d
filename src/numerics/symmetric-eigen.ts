import { tridiagonalVectors } from "./inverse-iteration.ts";
import type { KernelKind } from "./kernel/workspace.ts";
import { Tridiagonal } from "./tridiagonal.ts";

/** Rotations allowed per eigenvalue; five are usual. */
const MAX_SWEEPS = 60;

/** Sweeps after which what lies below the rounding error of the whole matrix counts as zero. */
const PATIENCE = 8;

/** Values in falling order; row k of `vectors` (row-major, n numbers a row) is the unit eigenvector of value k. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * Implicit QL with Wilkinson's shift on a symmetric tridiagonal matrix (diagonal `d`, off-diagonal `e` with e[i] between i and
 * i + 1, both overwritten). `rotate` sees every rotation of rows (i, i + 1), to gather vectors.
 *
 * @throws RangeError when an entry is not finite.
 */
function implicitQl(d: Float64Array, e: Float64Array, rotate: (i: number, c: number, s: number) => void): void {
  const n = d.length;
  if (!d.every(Number.isFinite) || !e.every(Number.isFinite))
    throw new RangeError("The matrix holds numbers that are not finite.");
  const largest = Math.max(d.reduce(larger, 0), e.reduce(larger, 0));
  if (largest === 0) return;
  scale(d, e, 1 / largest); // so that squares neither overflow nor vanish
  for (let l = 0; l < n; l++) {
    for (let sweeps = 0; ; sweeps++) {
      // A singular matrix has a block of pure rounding noise, which never becomes small beside itself; the largest entry is 1.
      const floor = sweeps > PATIENCE ? 1 : 0;
      let m = l;
      while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * Math.max(floor, Math.abs(d[m]!) + Math.abs(d[m + 1]!)))
        m++;
      if (m === l) break;
      if (sweeps === MAX_SWEEPS) throw new RangeError("The eigenvalues did not converge.");
      qlStep(d, e, l, m, rotate);
    }
  }
  scale(d, e, largest);
}

const larger = (a: number, b: number): number => Math.max(a, Math.abs(b));

function scale(d: Float64Array, e: Float64Array, by: number): void {
  for (let i = 0; i < d.length; i++) {
    d[i]! *= by;
    e[i]! *= by;
  }
}

/** One implicit QL step on the unreduced block l..m. */
function qlStep(
  d: Float64Array,
  e: Float64Array,
  l: number,
  m: number,
  rotate: (i: number, c: number, s: number) => void,
): void {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.abs(half) > 1e150 ? Math.abs(half) : Math.sqrt(half * half + 1);
  let g = d[m]! - d[l]! + e[l]! / (half + (half >= 0 ? root : -root));
  let s = 1;
  let c = 1;
  let shift = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = length(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= shift;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - shift;
    const t = (d[i]! - g) * s + 2 * c * b;
    shift = s * t;
    d[i + 1] = g + shift;
    g = c * t - b;
    rotate(i, c, s);
  }
  d[l]! -= shift;
  e[l] = g;
  e[m] = 0;
}

/** sqrt(f² + g²), to full precision also where squares would lose their digits: a rotation must stay one. */
function length(f: number, g: number): number {
  const plain = Math.sqrt(f * f + g * g);
  if (plain > 1e-140) return plain;
  const larger = Math.max(Math.abs(f), Math.abs(g));
  return larger === 0 ? 0 : larger * Math.sqrt((f / larger) ** 2 + (g / larger) ** 2);
}

function falling(values: Float64Array): Uint32Array {
  return Uint32Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
}

/**
 * The eigenvalues of a symmetric matrix in falling order.
 *
 * Householder tridiagonalization and implicit QL (Golub and Van Loan, Matrix Computations, 8.3). Error of a value: about n times
 * 1e-16 of the largest.
 *
 * @param a n x n, row-major; only the upper triangle is read.
 * @throws RangeError when `a` is not n x n or holds numbers that are not finite.
 */
export function symmetricEigenvalues(a: Float64Array, n: number, kind?: KernelKind): Float64Array {
  const { diagonal, offDiagonal } = new Tridiagonal(a, n, false, kind);
  implicitQl(diagonal, offDiagonal, () => {});
  return diagonal.sort().reverse();
}

/**
 * Eigenvalues in falling order and their eigenvectors, orthonormal to about 1e-14 also where values are equal. A vector's sign is
 * arbitrary.
 *
 * @param a n x n, row-major; only the upper triangle is read.
 * @throws RangeError when `a` is not n x n or holds numbers that are not finite.
 */
export function symmetricEigen(a: Float64Array, n: number, kind?: KernelKind): SymmetricEigen {
  const tridiagonal = new Tridiagonal(a, n, true, kind);
  const { diagonal, offDiagonal } = tridiagonal;
  implicitQl(diagonal, offDiagonal, (i, c, s) => tridiagonal.rotate(i, c, s));
  const { basis } = tridiagonal;
  const order = falling(diagonal);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    vectors.set(basis.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values: Float64Array.from(order, (k) => diagonal[k]!), vectors };
}

/**
 * All eigenvalues in falling order, and the unit eigenvectors of the leading ones, orthogonal to about 1e-10: a fraction of what all
 * vectors cost where a part of them is enough.
 *
 * @param a n x n, row-major; only the upper triangle is read.
 * @param count how many vectors are wanted, told from the values.
 * @throws RangeError when `a` is not n x n or holds numbers that are not finite.
 */
export function leadingEigen(
  a: Float64Array,
  n: number,
  count: (values: Float64Array) => number,
  kind?: KernelKind,
): SymmetricEigen {
  const tridiagonal = new Tridiagonal(a, n, false, kind);
  const [diagonal, offDiagonal] = [tridiagonal.diagonal.slice(), tridiagonal.offDiagonal.slice()];
  implicitQl(diagonal, offDiagonal, () => {});
  const values = diagonal.sort().reverse();
  const vectors = tridiagonalVectors(tridiagonal.diagonal, tridiagonal.offDiagonal, values.subarray(0, count(values)));
  tridiagonal.turnBack(vectors);
  return { values, vectors };
}
