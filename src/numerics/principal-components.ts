import type { Matrix } from "../core/matrix.ts";
import { type Matrix64, productTransposed64 } from "./gram.ts";
import { productTransposed } from "./product.ts";
import { leadingEigen } from "./symmetric-eigen.ts";

/** Variance below this share of the mean square is rounding: the rows are equal. */
const EQUAL = 1e-13;

export interface LeadingComponents {
  /** n x k: the rows' coordinates along the leading components, in falling order of variance. */
  readonly scores: Matrix;
  /** Share of the variance that the kept components carry; NaN when all rows are equal. */
  readonly share: number;
}

/** What is known of rows, each times its scale. */
export interface ScaledMoments {
  /** What to multiply each row by. */
  readonly scales: Float64Array;
  /** Of the columns. */
  readonly means: Float64Array;
  /** Xᵀ X, not centered, d x d; asked for only where d <= n. */
  readonly products: () => Float64Array;
}

/**
 * Coordinates along the first principal components that together carry at least `share` of the variance (sklearn's PCA with
 * `argmax(cumsum(ratio) >= share)`, kept inclusive). One component of zeros when all rows are equal.
 *
 * Signs are arbitrary. Covariances and eigenvectors in float64, scores in float32.
 *
 * @param x n x d, before scaling.
 */
export function leadingComponents(x: Matrix, moments: ScaledMoments, share: number): LeadingComponents {
  return x.rows < x.cols ? dual(x, moments, share) : primal(x, moments, share);
}

function primal(x: Matrix, moments: ScaledMoments, share: number): LeadingComponents {
  const { rows, cols } = x;
  const { means } = moments;
  const products = moments.products();
  const scatter = new Float64Array(cols * cols);
  let square = 0;
  for (let i = 0; i < cols; i++) {
    square += products[i * (cols + 1)]!;
    for (let j = 0; j < cols; j++) scatter[i * cols + j] = products[i * cols + j]! - rows * means[i]! * means[j]!;
  }
  const { values, vectors } = leadingEigen(scatter, cols, (all) => leading(all, share, square)?.count ?? 0);
  const kept = leading(values, share, square);
  if (kept === null) return { scores: { data: new Float32Array(rows), rows, cols: 1 }, share: Number.NaN };
  const axes = { data: new Float32Array(vectors), rows: kept.count, cols };
  const centered = { data: center(x, moments, new Float32Array(x.data.length)), rows, cols };
  return { scores: { data: productTransposed(centered, axes), rows, cols: kept.count }, share: kept.share };
}

/** Fewer rows than columns: the eigenvectors of X Xᵀ, times the singular values, are the scores. */
function dual(x: Matrix, moments: ScaledMoments, share: number): LeadingComponents {
  const { rows, cols } = x;
  const centered: Matrix64 = { data: center(x, moments, new Float64Array(x.data.length)), rows, cols };
  let square = 0;
  for (let at = 0; at < x.data.length; at++) square += (x.data[at]! * moments.scales[Math.floor(at / cols)]!) ** 2;
  const products = productTransposed64(centered, centered);
  const { values, vectors } = leadingEigen(products, rows, (all) => leading(all, share, square)?.count ?? 0);
  const kept = leading(values, share, square);
  if (kept === null) return { scores: { data: new Float32Array(rows), rows, cols: 1 }, share: Number.NaN };
  const data = new Float32Array(rows * kept.count);
  for (let k = 0; k < kept.count; k++) {
    const scale = Math.sqrt(values[k]!);
    for (let i = 0; i < rows; i++) data[i * kept.count + k] = vectors[k * rows + i]! * scale;
  }
  return { scores: { data, rows, cols: kept.count }, share: kept.share };
}

/** The scaled rows less the means, into `target`. */
function center<T extends Float32Array | Float64Array>(
  { data, rows, cols }: Matrix,
  { scales, means }: ScaledMoments,
  target: T,
): T {
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    const scale = scales[i]!;
    for (let j = 0; j < cols; j++) target[at + j] = data[at + j]! * scale - means[j]!;
  }
  return target;
}

function leading(values: Float64Array, share: number, square: number): { count: number; share: number } | null {
  let total = 0;
  for (const value of values) total += Math.max(0, value);
  if (!(total > EQUAL * square)) return null;
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    sum += Math.max(0, values[k]!);
    if (sum >= share * total) return { count: k + 1, share: sum / total };
  }
  return { count: values.length, share: 1 };
}
