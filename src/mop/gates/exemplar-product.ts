import type { Matrix } from "../../core/matrix.ts";
import { TiledProduct } from "../../numerics/product.ts";
import { addTimes, timesTransposed } from "./products.ts";

/**
 * The two large products of a step, both against the pool's embeddings H_e (N x H), which never change: A H_eᵀ on the way to
 * the logits and D H_e on the way back. `float32` runs them on the SIMD kernel with H_e packed once (a relative error of some
 * 1e-6, far below a batch's noise); `float64` in plain JavaScript, for the gradient check.
 */
export class ExemplarProduct {
  readonly #pool: number;
  readonly #width: number;
  readonly #exact: Float64Array | null;
  readonly #forward: TiledProduct | null;
  readonly #backward: TiledProduct | null;
  #staged = new Float32Array(0);

  /** @param exemplars null: a pool of one row of zeros, for mixtures without exemplars */
  constructor(exemplars: Matrix | null, width: number, precision: "float32" | "float64") {
    this.#pool = exemplars?.rows ?? 1;
    this.#width = width;
    const single = precision === "float32" && exemplars !== null;
    this.#exact = single ? null : Float64Array.from(exemplars?.data ?? new Float64Array(width));
    this.#forward = single ? new TiledProduct(exemplars) : null;
    this.#backward = single ? new TiledProduct(transposed(exemplars)) : null;
  }

  /** out (rows x N) = A H_eᵀ, A rows x H. */
  logits(a: Float64Array, rows: number, out: Float64Array): void {
    if (this.#exact !== null) timesTransposed(a, this.#exact, { rows, cols: this.#pool, inner: this.#width }, out);
    else if (this.#forward !== null) this.#multiply(this.#forward, a, rows, out);
  }

  /** out (rows x H) = D H_e, D rows x N. */
  back(d: Float64Array, rows: number, out: Float64Array): void {
    if (this.#exact !== null) {
      out.fill(0, 0, rows * this.#width);
      addTimes(d, this.#exact, { rows, cols: this.#width, inner: this.#pool }, out);
    } else if (this.#backward !== null) this.#multiply(this.#backward, d, rows, out);
  }

  #multiply(product: TiledProduct, a: Float64Array, rows: number, out: Float64Array): void {
    const size = rows * product.cols;
    if (this.#staged.length < size) this.#staged = new Float32Array(size);
    for (let t = 0; t < size; t++) this.#staged[t] = a[t]!;
    const m = { data: this.#staged.subarray(0, size), rows, cols: product.cols };
    for (let i = 0; i < rows; i += product.tileRows) {
      product.load(m, i, product.tileRows);
      for (let j = 0; j < product.rows; j += product.tileCols) {
        const tile = product.tile(j, product.tileCols);
        for (let r = 0; r < tile.rows; r++) {
          const to = (i + r) * product.rows + j;
          const from = r * tile.stride;
          for (let c = 0; c < tile.cols; c++) out[to + c] = tile.data[from + c]!;
        }
      }
    }
  }
}

function transposed(m: Matrix): Matrix {
  const data = new Float32Array(m.data.length);
  for (let i = 0; i < m.rows; i++) for (let j = 0; j < m.cols; j++) data[j * m.rows + i] = m.data[i * m.cols + j]!;
  return { data, rows: m.cols, cols: m.rows };
}
