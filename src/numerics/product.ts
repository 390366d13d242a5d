import type { Matrix } from "../core/matrix.ts";
import { type KernelKind, Workspace } from "./kernel/workspace.ts";

/** Rows of A handled by one call into the kernel: few enough that the first, unoptimized calls are short. */
const TILE_ROWS = 200;
const TILE_COLS = 512;

const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;

/** A piece of A Bᵀ: element (i, j) is `data[i * stride + j]`. `data` belongs to the product and is overwritten by the next tile. */
export interface Tile {
  readonly data: Float32Array;
  readonly stride: number;
  readonly rows: number;
  readonly cols: number;
}

/**
 * A Bᵀ against a fixed B, which is packed once: rows of any A are then streamed past it tile by tile, so no n x n matrix is
 * ever held. Float32, and the same bits for every way of cutting the product into tiles (see kernel/product.as.ts).
 *
 * ```ts
 * const product = new TiledProduct(gold);
 * for (let i = 0; i < a.rows; i += product.tileRows) {
 *   const rows = product.load(a, i, product.tileRows);
 *   for (let j = 0; j < gold.rows; j += product.tileCols) {
 *     const { data, stride, cols } = product.tile(j, product.tileCols); // dot(a_i+r, gold_j+q) = data[r * stride + q]
 *   }
 * }
 * ```
 */
export class TiledProduct {
  /** The largest tile that can be asked for. */
  readonly tileRows: number;
  readonly tileCols: number;
  readonly rows: number;
  readonly cols: number;
  readonly #space: Workspace;
  readonly #staging: number;
  readonly #a: number;
  readonly #b: number;
  readonly #c: number;
  readonly #result: Float32Array;
  #loaded = 0;

  /** @param b rows to multiply with, n x d; copied. */
  constructor(b: Matrix, options: { tileRows?: number; tileCols?: number; kind?: KernelKind } = {}) {
    this.rows = b.rows;
    this.cols = b.cols;
    this.tileRows = roundUp(Math.max(1, options.tileRows ?? TILE_ROWS), 8);
    this.tileCols = roundUp(Math.max(1, Math.min(options.tileCols ?? TILE_COLS, b.rows)), 8);
    const rowBytes = 4 * b.cols;
    const sizes = [
      this.tileRows * rowBytes,
      this.tileRows * rowBytes,
      roundUp(b.rows, 8) * rowBytes,
      4 * this.tileRows * this.tileCols,
    ] as const;
    this.#space = new Workspace(sizes, options.kind);
    this.#staging = this.#space.reserve(sizes[0]);
    this.#a = this.#space.reserve(sizes[1]);
    this.#b = this.#space.reserve(sizes[2]);
    this.#c = this.#space.reserve(sizes[3]);
    this.#result = this.#space.float32(this.#c, this.tileRows * this.tileCols);
    this.#pack(b);
  }

  get kind(): KernelKind {
    return this.#space.kind;
  }

  /**
   * Takes rows `first`, `first + 1`, ... of A, as many as there are up to `count`, for the tiles that follow; copied.
   *
   * @returns how many rows were taken.
   * @throws RangeError when the widths differ or more than `tileRows` are asked for.
   */
  load(a: Matrix, first: number, count: number): number {
    if (a.cols !== this.cols) throw new RangeError(`Rows of ${a.cols} numbers against rows of ${this.cols}.`);
    if (count > this.tileRows || first < 0) throw new RangeError(`No block of ${count} rows from ${first}.`);
    this.#loaded = Math.max(0, Math.min(count, a.rows - first));
    this.#stage(a, first, this.#loaded);
    this.#space.code.packA(this.#staging, this.#loaded, this.cols, this.#a);
    return this.#loaded;
  }

  /**
   * The products of the loaded rows with rows `first`, `first + 1`, ... of B, as many as there are up to `count`.
   *
   * @param first a multiple of 8.
   * @throws RangeError when `first` is none, or more than `tileCols` are asked for.
   */
  tile(first: number, count: number): Tile {
    if (count > this.tileCols || first % 8 !== 0 || first < 0)
      throw new RangeError(`No tile of ${count} columns from ${first}.`);
    const cols = Math.max(0, Math.min(count, this.rows - first));
    const b = this.#b + 4 * first * this.cols;
    const { code } = this.#space;
    code.multiply(this.#a, Math.ceil(this.#loaded / 4), b, Math.ceil(cols / 8), this.cols, this.#c, this.tileCols);
    return { data: this.#result, stride: this.tileCols, rows: this.#loaded, cols };
  }

  #pack(b: Matrix): void {
    for (let first = 0; first < b.rows; first += this.tileRows) {
      const rows = Math.min(this.tileRows, b.rows - first);
      this.#stage(b, first, rows);
      this.#space.code.packB(this.#staging, rows, this.cols, this.#b + 4 * first * this.cols);
    }
  }

  #stage(m: Matrix, first: number, rows: number): void {
    const from = m.data.subarray(first * m.cols, (first + rows) * m.cols);
    this.#space.float32(this.#staging, from.length).set(from);
  }
}

/** A Bᵀ whole: a.rows x b.rows, row-major float32. @throws RangeError when the widths differ. */
export function productTransposed(a: Matrix, b: Matrix, kind?: KernelKind): Float32Array {
  const product = new TiledProduct(b, kind === undefined ? {} : { kind });
  const result = new Float32Array(a.rows * b.rows);
  for (let i = 0; i < a.rows; i += product.tileRows) {
    product.load(a, i, product.tileRows);
    for (let j = 0; j < b.rows; j += product.tileCols) {
      const { data, stride, rows, cols } = product.tile(j, product.tileCols);
      for (let r = 0; r < rows; r++) {
        result.set(data.subarray(r * stride, r * stride + cols), (i + r) * b.rows + j);
      }
    }
  }
  return result;
}
