import type { Matrix } from "../../core/matrix.ts";

const TILE_ROWS = 64;
const TILE_COLS = 64;

/** A piece of A Bᵀ in float64: element (i, j) is `data[i * stride + j]`. */
interface DoubleTile {
  readonly data: Float64Array;
  readonly stride: number;
  readonly rows: number;
  readonly cols: number;
}

/**
 * A Bᵀ tile by tile, summed in float64: the same use as TiledProduct, for sets small enough that exact sums cost little.
 */
export class DoubleProduct {
  readonly tileRows = TILE_ROWS;
  readonly tileCols = TILE_COLS;
  readonly #b: Matrix;
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #result = new Float64Array(TILE_ROWS * TILE_COLS);
  #loaded = 0;

  constructor(b: Matrix) {
    this.#b = b;
    this.#left = new Float64Array(TILE_ROWS * b.cols);
    this.#right = new Float64Array(TILE_COLS * b.cols);
  }

  /** Takes up to `count` rows of A from `first`. @returns how many were taken. */
  load(a: Matrix, first: number, count: number): number {
    this.#loaded = take(a, first, count, this.#left);
    return this.#loaded;
  }

  /** Products of the loaded rows with up to `count` rows of B from `first`. */
  tile(first: number, count: number): DoubleTile {
    const cols = take(this.#b, first, count, this.#right);
    multiply(this.#left, this.#loaded, this.#right, cols, this.#b.cols, this.#result);
    return { data: this.#result, stride: TILE_COLS, rows: this.#loaded, cols };
  }
}

/** Copies rows into a block whose unused rows are zero, so that the kernel needs no edges. */
function take(m: Matrix, first: number, count: number, into: Float64Array): number {
  const rows = Math.max(0, Math.min(count, m.rows - first));
  into.set(m.data.subarray(first * m.cols, (first + rows) * m.cols));
  into.fill(0, rows * m.cols);
  return rows;
}

/** 2 x 4 numbers at a time, so that every number read is used more than once. */
function multiply(a: Float64Array, rows: number, b: Float64Array, cols: number, d: number, c: Float64Array): void {
  for (let i = 0; i < rows; i += 2) {
    for (let j = 0; j < cols; j += 4) {
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      let p = i * d;
      let q = j * d;
      for (const end = p + d; p < end; p++, q++) {
        const x = a[p]!;
        const y = a[p + d]!;
        const b0 = b[q]!;
        const b1 = b[q + d]!;
        const b2 = b[q + 2 * d]!;
        const b3 = b[q + 3 * d]!;
        s00 += x * b0;
        s01 += x * b1;
        s02 += x * b2;
        s03 += x * b3;
        s10 += y * b0;
        s11 += y * b1;
        s12 += y * b2;
        s13 += y * b3;
      }
      const at = i * TILE_COLS + j;
      c[at] = s00;
      c[at + 1] = s01;
      c[at + 2] = s02;
      c[at + 3] = s03;
      c[at + TILE_COLS] = s10;
      c[at + TILE_COLS + 1] = s11;
      c[at + TILE_COLS + 2] = s12;
      c[at + TILE_COLS + 3] = s13;
    }
  }
}
