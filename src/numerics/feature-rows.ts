import type { Features } from "./features.ts";
import { type KernelKind, Workspace } from "./kernel/workspace.ts";
import { inner } from "./quasi-newton.ts";

/** Rows handled by one call into the kernel, a multiple of four: few enough that the first, unoptimized calls are short. */
const ROWS = 256;

/** Features laid out for products with some of their rows, in float64; z = (x - mean) / scale is never made. */
export class FeatureRows {
  readonly #features: Features;
  readonly #space: Workspace;
  readonly #rows: number;
  readonly #list: Int32Array;
  readonly #numbers: Float64Array;
  readonly #columns: Float64Array;

  /** Copies the rows. */
  constructor(features: Features, kind?: KernelKind) {
    this.#features = features;
    const { data, rows, cols } = features.rows;
    const sizes = [4 * data.length, 4 * rows, 8 * rows, 8 * cols] as const;
    this.#space = new Workspace(sizes, kind);
    this.#rows = this.#space.reserve(sizes[0]);
    this.#space.float32(this.#rows, data.length).set(data);
    this.#list = this.#space.int32(this.#space.reserve(sizes[1]), rows);
    this.#numbers = this.#space.float64(this.#space.reserve(sizes[2]), rows);
    this.#columns = this.#space.float64(this.#space.reserve(sizes[3]), cols);
  }

  /** Writes w . z + b of the listed rows: x . (w / scale) + (b - mean . (w / scale)). */
  margins(listed: Uint32Array, weights: Float64Array, intercept: number, into: Float64Array): void {
    const { mean, scale } = this.#features;
    const scaled = this.#columns;
    for (let k = 0; k < scaled.length; k++) scaled[k] = weights[k]! / scale[k]!;
    const offset = intercept - inner(mean, scaled);
    this.#list.set(listed);
    for (let first = 0; first < listed.length; first += ROWS) {
      const [list, count, numbers] = this.#block(first, listed.length);
      this.#space.code.rowProducts(this.#rows, scaled.length, list, count, scaled.byteOffset, numbers);
    }
    for (let r = 0; r < listed.length; r++) into[r] = offset + this.#numbers[r]!;
  }

  /** Writes the sum of the listed rows' z, each times its factor. */
  weightedSum(listed: Uint32Array, factors: Float64Array, into: Float64Array): void {
    const { mean, scale } = this.#features;
    const sums = this.#columns.fill(0);
    this.#list.set(listed);
    this.#numbers.set(factors);
    for (let first = 0; first < listed.length; first += ROWS) {
      const [list, count, numbers] = this.#block(first, listed.length);
      this.#space.code.addRows(this.#rows, sums.length, list, count, numbers, sums.byteOffset);
    }
    let total = 0;
    for (let r = 0; r < listed.length; r++) total += factors[r]!;
    for (let k = 0; k < sums.length; k++) into[k] = (sums[k]! - mean[k]! * total) / scale[k]!;
  }

  /** Where some of the listed rows stand, how many, and where their numbers are. */
  #block(first: number, end: number): readonly [number, number, number] {
    return [this.#list.byteOffset + 4 * first, Math.min(ROWS, end - first), this.#numbers.byteOffset + 8 * first];
  }
}
