import { type Matrix, takeRows } from "../core/matrix.ts";
import { choleskyInPlace, solveCholesky } from "./cholesky.ts";
import type { Features } from "./features.ts";
import { gram } from "./gram.ts";

/** Widths up to which the curvature is factored; wider features use its diagonal. */
export const FACTOR_UP_TO = 1536;

/** Deviations of rows from the features' mean: their products (d x d) and sums (d), each summed over the rows. */
export interface Scatter {
  readonly products: Float64Array;
  readonly sums: Float64Array;
}

/** Solves with I + Zᵀ H Z, H the weights of the rows: the objective's curvature (the intercept's row and column included). */
export class Curvature {
  readonly #factor: Float64Array | null;
  readonly #diagonal: Float64Array;
  readonly #size: number;

  /** @param scatter of the listed rows, where it is known and all their weights are equal; saves its computation. */
  constructor(features: Features, listed: Uint32Array, weights: Float64Array, scatter?: Scatter) {
    const { scale } = features;
    const d = features.rows.cols;
    const size = d + 1;
    this.#size = size;
    const full = size <= FACTOR_UP_TO;
    const { products, sums } =
      full && scatter !== undefined ? weighted(scatter, weights[0]!) : computed(features, listed, weights, full);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    // The intercept is not penalized; a trifle keeps the matrix definite.
    const diagonal = (a: number) =>
      a < d ? 1 + products[full ? a * d + a : a]! / (scale[a]! * scale[a]!) : Math.max(total, 1e-6) * (1 + 1e-9);
    this.#diagonal = Float64Array.from({ length: size }, (_, a) => diagonal(a));
    this.#factor = full ? new Float64Array(size * size) : null;
    if (this.#factor === null) return;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++)
        this.#factor[a * size + b] = (a < d ? products[a * d + b]! / scale[a]! : sums[b]!) / scale[b]!;
      this.#factor[a * size + a] = this.#diagonal[a]!;
    }
    choleskyInPlace(this.#factor, size);
  }

  /** Solves in place. */
  solve(b: Float64Array): void {
    if (this.#factor !== null) solveCholesky(this.#factor, this.#size, b);
    else for (let k = 0; k < b.length; k++) b[k]! /= this.#diagonal[k]!;
  }
}

function weighted({ products, sums }: Scatter, weight: number): Scatter {
  return { products: products.map((x) => weight * x), sums: sums.map((x) => weight * x) };
}

/** The rows' weighted scatter; of the products only the diagonal unless `full`. */
function computed({ rows: every, mean }: Features, listed: Uint32Array, weights: Float64Array, full: boolean): Scatter {
  const rows = listed.length === every.rows ? every : takeRows(every, listed);
  const products = full
    ? gram(rows, { means: mean, scales: weights.map(Math.sqrt) })
    : columnSquares(rows, mean, weights);
  return { products, sums: columnSums(rows, mean, weights) };
}

/** Weighted squared deviations of every column, summed. */
function columnSquares({ data, rows, cols }: Matrix, mean: Float64Array, weights: Float64Array): Float64Array {
  const sums = new Float64Array(cols);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < cols; k++) sums[k]! += weights[i]! * (data[i * cols + k]! - mean[k]!) ** 2;
  return sums;
}

/** Weighted deviations of every column, summed. */
function columnSums({ data, rows, cols }: Matrix, mean: Float64Array, weights: Float64Array): Float64Array {
  const sums = new Float64Array(cols);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < cols; k++) sums[k]! += weights[i]! * (data[i * cols + k]! - mean[k]!);
  return sums;
}
