import { type KernelKind, Workspace } from "./kernel/workspace.ts";

/** Steps handled by one call into the kernel: few enough that the first, unoptimized calls are short. */
const STEPS = 16;
const STRIPE = 64;
/** Rotations gathered before they are applied to the basis. */
const BATCH = 16384;
/** Rows turned back together: they stay in the second cache while all reflectors pass. */
const ROWS = 32;

/**
 * A symmetric matrix reduced to tridiagonal form by Householder reflectors, Q T Qᵀ = A: `diagonal` and `offDiagonal` (n numbers,
 * the last zero) of T. The basis is made when first asked for.
 */
export class Tridiagonal {
  readonly n: number;
  readonly diagonal: Float64Array;
  readonly offDiagonal: Float64Array;
  readonly #space: Workspace;
  readonly #reflectors: number;
  readonly #scales: number;
  readonly #basis: number;
  readonly #strip: number;
  readonly #rows: Int32Array;
  readonly #turns: Float64Array;
  #pending = 0;

  /**
   * @param a n x n, row-major, not changed; only the upper triangle is read.
   * @param withBasis whether rotations will be applied and the basis asked for.
   * @throws RangeError when `a` is not n x n.
   */
  constructor(a: Float64Array, n: number, withBasis: boolean, kind?: KernelKind) {
    if (a.length !== n * n) throw new RangeError(`${a.length} numbers are no ${n} x ${n} matrix.`);
    this.n = n;
    const square = 8 * n * n;
    const batch = withBasis ? BATCH : 0;
    const sizes = [square, 8 * n, 8 * n, 16 * n, withBasis ? square : 0, 4 * batch, 16 * batch, 8 * ROWS * n] as const;
    const space = new Workspace(sizes, kind);
    const reflectors = space.reserve(sizes[0]);
    const scales = space.reserve(sizes[1]);
    const off = space.reserve(sizes[2]);
    const work = space.reserve(sizes[3]);
    const basis = space.reserve(sizes[4]);
    const rows = space.reserve(sizes[5]);
    const turns = space.reserve(sizes[6]);
    this.#strip = space.reserve(sizes[7]);
    this.#space = space;
    this.#reflectors = reflectors;
    this.#scales = scales;
    this.#basis = basis;
    this.#rows = space.int32(rows, batch);
    this.#turns = space.float64(turns, 2 * batch);
    const reduced = space.float64(reflectors, n * n);
    reduced.set(a);
    for (let k = 0; k < n - 1; k += STEPS) {
      space.code.tridiagonalize(reflectors, n, k, Math.min(k + STEPS, n - 1), off, scales, work);
    }
    this.diagonal = Float64Array.from({ length: n }, (_, i) => reduced[i * n + i]!);
    this.offDiagonal = space.float64(off, n).slice();
    if (n > 1) this.offDiagonal[n - 2] = reduced[(n - 2) * n + n - 1]!;
    if (withBasis) this.#accumulate();
  }

  #accumulate(): void {
    const { n } = this;
    const identity = this.#space.float64(this.#basis, n * n);
    for (let i = 0; i < n; i++) identity[i * n + i] = 1;
    for (let last = n - 2; last > 0; last -= STEPS) {
      const first = Math.max(0, last - STEPS);
      this.#space.code.accumulateReflectors(this.#reflectors, n, first, last, this.#scales, this.#basis);
    }
  }

  /** Multiplies rows of n numbers by Q, each as a column: eigenvectors of T become the matrix's. In place. */
  turnBack(rows: Float64Array): void {
    const { n } = this;
    const strip = this.#space.float64(this.#strip, ROWS * n);
    for (let at = 0; at < rows.length; at += ROWS * n) {
      const some = rows.subarray(at, at + ROWS * n);
      strip.set(some);
      for (let last = n - 2; last > 0; last -= STEPS) {
        const first = Math.max(0, last - STEPS);
        this.#space.code.reflectRows(this.#reflectors, n, first, last, this.#scales, this.#strip, some.length / n);
      }
      some.set(strip.subarray(0, some.length));
    }
  }

  /** Turns rows (i, i + 1) of the basis: with x, y the upper and lower row, s y + c x and c y - s x. */
  rotate(i: number, c: number, s: number): void {
    if (this.#pending === BATCH) this.#flush();
    this.#rows[this.#pending] = i;
    this.#turns[2 * this.#pending] = c;
    this.#turns[2 * this.#pending + 1] = s;
    this.#pending++;
  }

  #flush(): void {
    const { n } = this;
    const at = [this.#rows.byteOffset, this.#turns.byteOffset, this.#pending] as const;
    for (let j = 0; j < n; j += STRIPE) {
      this.#space.code.rotateRows(this.#basis, n, j, Math.min(j + STRIPE, n), ...at);
    }
    this.#pending = 0;
  }

  /** Row k is column k of Q, turned by the rotations so far. */
  get basis(): Float64Array {
    this.#flush();
    return this.#space.float64(this.#basis, this.n * this.n);
  }
}
