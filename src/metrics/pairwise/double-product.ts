import type { Matrix } from "../../core/matrix.ts";
import { type KernelKind, Workspace } from "../../numerics/kernel/workspace.ts";

const TILE_ROWS = 64;
const TILE_COLS = 256;
/** Length of the inner dimension summed in registers before it is added to C. */
const BLOCK = 128;
/** Rows in a panel. */
const PANEL = 4;

const padded = (rows: number): number => PANEL * Math.ceil(rows / PANEL);

/** A piece of A Bᵀ in float64: element (i, j) is `data[i * stride + j]`. `data` is overwritten by the next tile. */
interface DoubleTile {
  readonly data: Float64Array;
  readonly stride: number;
  readonly rows: number;
  readonly cols: number;
}

/**
 * A Bᵀ tile by tile against a B that is packed once, as TiledProduct, but with products and sums in float64: for sets small
 * enough that a third of the speed costs little. The same bits for every way of cutting the product into tiles.
 */
export class DoubleProduct {
  readonly tileRows = TILE_ROWS;
  readonly tileCols: number;
  readonly #rows: number;
  readonly #cols: number;
  readonly #space: Workspace;
  readonly #staging: number;
  readonly #a: number;
  readonly #b: number;
  readonly #c: number;
  readonly #result: Float64Array;
  #loaded = 0;

  /** @param b rows to multiply with, n x d; copied. */
  constructor(b: Matrix, kind?: KernelKind) {
    this.#rows = b.rows;
    this.#cols = b.cols;
    this.tileCols = Math.min(TILE_COLS, padded(Math.max(1, b.rows)));
    const rowBytes = 8 * b.cols;
    const sizes = [
      TILE_ROWS * rowBytes,
      TILE_ROWS * rowBytes,
      padded(b.rows) * rowBytes,
      8 * TILE_ROWS * this.tileCols,
    ] as const;
    this.#space = new Workspace(sizes, kind);
    this.#staging = this.#space.reserve(sizes[0]);
    this.#a = this.#space.reserve(sizes[1]);
    this.#b = this.#space.reserve(sizes[2]);
    this.#c = this.#space.reserve(sizes[3]);
    this.#result = this.#space.float64(this.#c, TILE_ROWS * this.tileCols);
    for (let first = 0; first < b.rows; first += TILE_ROWS) {
      this.#pack(b, first, Math.min(TILE_ROWS, b.rows - first), this.#b, padded(b.rows), first);
    }
  }

  /** Takes up to `count` (at most `tileRows`) rows of A from `first`; copied. @returns how many were taken. */
  load(a: Matrix, first: number, count: number): number {
    this.#loaded = Math.max(0, Math.min(count, a.rows - first));
    this.#pack(a, first, this.#loaded, this.#a, padded(this.#loaded), 0);
    return this.#loaded;
  }

  /** Products of the loaded rows with up to `count` (at most `tileCols`) rows of B from `first`, a multiple of 4. */
  tile(first: number, count: number): DoubleTile {
    const cols = Math.max(0, Math.min(count, this.#rows - first));
    const { code } = this.#space;
    const aRows = padded(this.#loaded);
    const bRows = padded(this.#rows);
    this.#result.fill(0);
    for (let k = 0; k < this.#cols; k += BLOCK) {
      const steps = Math.min(BLOCK, this.#cols - k);
      const a = this.#a + 8 * aRows * k;
      const b = this.#b + 8 * (bRows * k + first * steps);
      code.multiply64(a, aRows / PANEL, b, padded(cols) / PANEL, steps, this.#c, this.tileCols, 0);
    }
    return { data: this.#result, stride: this.tileCols, rows: this.#loaded, cols };
  }

  /** Packs rows into a region of `all` rows, which holds the blocks of the inner dimension one after the other. */
  #pack(m: Matrix, first: number, rows: number, region: number, all: number, at: number): void {
    const from = m.data.subarray(first * m.cols, (first + rows) * m.cols);
    this.#space.float64(this.#staging, from.length).set(from);
    for (let k = 0; k < m.cols; k += BLOCK) {
      const steps = Math.min(BLOCK, m.cols - k);
      this.#space.code.packRows64(this.#staging, rows, m.cols, k, steps, region + 8 * (all * k + at * steps));
    }
  }
}
