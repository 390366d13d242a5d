import type { Matrix } from "../core/matrix.ts";
import { symmetricEigen, symmetricEigenvalues } from "../numerics/symmetric-eigen.ts";

/** FID straight from its definition, for tests: |m - m'|^2 + tr S + tr S' - 2 tr (S'^(1/2) S S'^(1/2))^(1/2). */
export function plainFid(a: Matrix, b: Matrix): number {
  const [p, q] = [plainMoments(a), plainMoments(b)];
  const d = a.cols;
  const { values, vectors } = symmetricEigen(q.covariance, d);
  const root = new Float64Array(d * d); // symmetric square root of S'
  for (let k = 0; k < d; k++) {
    const scale = Math.sqrt(Math.max(0, values[k]!));
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) root[i * d + j]! += scale * vectors[k * d + i]! * vectors[k * d + j]!;
  }
  const inner = multiply(multiply(root, p.covariance, d), root, d);
  let fid = 0;
  for (let j = 0; j < d; j++) {
    fid += (p.mean[j]! - q.mean[j]!) ** 2 + p.covariance[j * d + j]! + q.covariance[j * d + j]!;
  }
  for (const value of symmetricEigenvalues(inner, d)) fid -= 2 * Math.sqrt(Math.max(0, value));
  return fid;
}

function plainMoments(m: Matrix): { mean: Float64Array; covariance: Float64Array } {
  const { rows, cols: d, data } = m;
  const mean = new Float64Array(d);
  for (let i = 0; i < rows; i++) for (let j = 0; j < d; j++) mean[j]! += data[i * d + j]! / rows;
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < rows; i++)
    for (let p = 0; p < d; p++)
      for (let q = 0; q < d; q++)
        covariance[p * d + q]! += ((data[i * d + p]! - mean[p]!) * (data[i * d + q]! - mean[q]!)) / (rows - 1);
  return { mean, covariance };
}

function multiply(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const c = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let k = 0; k < d; k++) for (let j = 0; j < d; j++) c[i * d + j]! += a[i * d + k]! * b[k * d + j]!;
  return c;
}
