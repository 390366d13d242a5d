import type { Matrix } from "../../core/matrix.ts";

/** |a_i - b_j|^2 in float64, exactly 0 for equal rows. The last word wherever a faster product comes too close to call. */
export function squaredDistance(a: Matrix, i: number, b: Matrix, j: number): number {
  const { data: x } = a;
  const { data: y } = b;
  const from = i * a.cols;
  const to = j * b.cols;
  let sum = 0;
  for (let k = 0; k < a.cols; k++) {
    const difference = x[from + k]! - y[to + k]!;
    sum += difference * difference;
  }
  return sum;
}

/** a_i . b_j in float64. */
export function dot(a: Matrix, i: number, b: Matrix, j: number): number {
  const { data: x } = a;
  const { data: y } = b;
  const from = i * a.cols;
  const to = j * b.cols;
  let sum = 0;
  for (let k = 0; k < a.cols; k++) sum += x[from + k]! * y[to + k]!;
  return sum;
}

/** |x_i|^2 of every row, in float64. */
export function squaredNorms(m: Matrix): Float64Array {
  return Float64Array.from({ length: m.rows }, (_, i) => dot(m, i, m, i));
}

/** The greatest of some numbers, 0 of none. */
export function greatest(values: Float64Array): number {
  let top = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > top) top = values[i]!;
  return top;
}
