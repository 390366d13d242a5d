import { type KernelKind, Workspace } from "./kernel/workspace.ts";

/** A growing list of unit vectors of n numbers, to which others are made orthogonal. */
export class KrylovBasis {
  readonly #n: number;
  readonly #space: Workspace;
  readonly #rows: number;
  readonly #vector: Float64Array;
  readonly #weights: Float64Array;
  #count = 0;

  /** @param capacity the most vectors it will hold. */
  constructor(n: number, capacity: number, kind?: KernelKind) {
    this.#n = n;
    const sizes = [8 * n * capacity, 8 * n, 8 * capacity] as const;
    this.#space = new Workspace(sizes, kind);
    this.#rows = this.#space.reserve(sizes[0]);
    this.#vector = this.#space.float64(this.#space.reserve(sizes[1]), n);
    this.#weights = this.#space.float64(this.#space.reserve(sizes[2]), capacity);
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a unit vector; copied. */
  push(vector: Float64Array): void {
    this.row(this.#count++).set(vector);
  }

  /** Vector k, as a view. */
  row(k: number): Float64Array {
    return this.#space.float64(this.#rows + 8 * k * this.#n, this.#n);
  }

  /** Takes off a vector its components along all of them, one after the other, in place. */
  takeOff(vector: Float64Array): void {
    this.#vector.set(vector);
    this.#space.code.orthogonalize(this.#vector.byteOffset, this.#rows, this.#count, this.#n);
    vector.set(this.#vector);
  }

  /** The sum of the first vectors, each times its weight. */
  combine(weights: Float64Array): Float64Array {
    this.#weights.set(weights);
    const { code } = this.#space;
    code.combine(this.#vector.byteOffset, this.#rows, weights.length, this.#n, this.#weights.byteOffset);
    return this.#vector.slice();
  }
}
