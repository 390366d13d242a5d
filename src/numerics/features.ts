import type { Matrix } from "../core/matrix.ts";

/** Features standardized on the fly: z = (x - mean) / scale. */
export interface Features {
  readonly rows: Matrix;
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** Standardization by the mean and standard deviation (n - 1) of these rows; a deviation below 1e-14 counts as 1. */
export function standardizedBy(reference: Matrix, rows: Matrix): Features {
  const { data, rows: n, cols: d } = reference;
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) mean[k]! += data[i * d + k]! / n;
  const scale = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) scale[k]! += (data[i * d + k]! - mean[k]!) ** 2;
  for (let k = 0; k < d; k++) {
    const deviation = Math.sqrt(scale[k]! / Math.max(1, n - 1));
    scale[k] = deviation < 1e-14 ? 1 : deviation;
  }
  return { rows, mean, scale };
}

/** Features as they are. */
export function plainFeatures(rows: Matrix): Features {
  return { rows, mean: new Float64Array(rows.cols), scale: new Float64Array(rows.cols).fill(1) };
}
