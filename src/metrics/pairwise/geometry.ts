import type { Matrix } from "../../core/matrix.ts";
import { greatest, squaredNorms } from "./exact.ts";

/** How dot products are summed: float32 (fast, for large sets) or float64. */
export type Precision = "single" | "double";

/**
 * Rows as the pass multiplies them. In single precision they are moved by a center first: what encoders add to every text would
 * otherwise swallow the digits that tell texts apart. Distances do not change, and x . y = dot + shift_x + shift_y.
 */
export interface Geometry {
  /** As they were given, and as they are multiplied. */
  readonly given: Matrix;
  readonly rows: Matrix;
  /** |row|^2 of the rows multiplied. */
  readonly norms: Float64Array;
  /** x . center - |center|^2 / 2; zeros where nothing was moved. */
  readonly shifts: Float64Array;
  /** Bound on the error of row i's dot products, per unit length of the other row. */
  readonly errors: Float64Array;
  /** Greatest length of a row. */
  readonly reach: number;
}

/** Unit roundoff of the sums. */
const ROUNDOFF = { single: 2 ** -24, double: 2 ** -53 } as const;

/** The mean row, in float64. @param weights how often each row counts. */
export function centerOf(m: Matrix, weights: Float64Array): Float64Array {
  const mean = new Float64Array(m.cols);
  let total = 0;
  for (let i = 0; i < m.rows; i++) {
    const weight = weights[i]!;
    total += weight;
    for (let k = 0; k < m.cols; k++) mean[k] = mean[k]! + weight * m.data[i * m.cols + k]!;
  }
  return mean.map((sum) => sum / total);
}

/**
 * Prepares rows for the pass. The error bound is eight times the square root of the width in roundoffs: a sum of `width`
 * products is wrong by about a tenth of that, so what is farther than this from an edge is on the right side of it.
 */
export function geometryOf(m: Matrix, precision: Precision, center: Float64Array | null): Geometry {
  const rows = center === null ? m : moved(m, center);
  const norms = squaredNorms(rows);
  const unit = 8 * Math.sqrt(m.cols) * ROUNDOFF[precision];
  return {
    given: m,
    rows,
    norms,
    shifts: center === null ? new Float64Array(m.rows) : shiftsOf(m, center),
    errors: norms.map((norm) => unit * Math.sqrt(norm)),
    reach: Math.sqrt(greatest(norms)),
  };
}

function moved(m: Matrix, center: Float64Array): Matrix {
  const { data: from, cols } = m;
  const data = new Float32Array(from.length);
  for (let at = 0; at < from.length; at += cols)
    for (let k = 0; k < cols; k++) data[at + k] = from[at + k]! - center[k]!;
  return { data, rows: m.rows, cols };
}

function shiftsOf(m: Matrix, center: Float64Array): Float64Array {
  let half = 0;
  for (let k = 0; k < center.length; k++) half += (center[k]! * center[k]!) / 2;
  return Float64Array.from({ length: m.rows }, (_, i) => {
    let sum = -half;
    for (let k = 0; k < m.cols; k++) sum += m.data[i * m.cols + k]! * center[k]!;
    return sum;
  });
}
