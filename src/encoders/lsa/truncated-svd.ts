import type { Stream } from "../../core/stream.ts";
import { symmetricEigen } from "../../numerics/symmetric-eigen.ts";
import type { SparseRows } from "./terms.ts";

/** How far the subspace is wider than asked, and how often it is refined: enough for three digits of the smallest kept value. */
const OVERSAMPLING = 16;
const ITERATIONS = 3;

/** The leading right singular vectors of a sparse matrix: `basis` is width x rank, row-major, columns orthonormal. */
export interface TruncatedSvd {
  readonly basis: Float64Array;
  readonly rank: number;
  readonly singularValues: Float64Array;
}

/**
 * Randomized subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4): deterministic given the stream.
 * The rank shrinks to what the data carry. Signs are fixed so that each vector's largest entry is positive.
 */
export function truncatedSvd(rows: SparseRows, rank: number, random: Stream): TruncatedSvd {
  const n = rows.starts.length - 1;
  const width = Math.min(rank + OVERSAMPLING, n, rows.width);
  let left = multiply(rows, gaussian(rows.width * width, random), width);
  orthonormalize(left, n, width);
  let right = multiplyTransposed(rows, left, width);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    left = multiply(rows, right, width);
    orthonormalize(left, n, width);
    right = multiplyTransposed(rows, left, width);
  }
  return rotate(right, rows.width, width, rank);
}

/** Turns A^T Q into singular vectors: with (A^T Q)^T (A^T Q) = W S^2 W^T, the right vectors are A^T Q W S^-1. */
function rotate(right: Float64Array, height: number, width: number, rank: number): TruncatedSvd {
  const square = new Float64Array(width * width);
  for (let r = 0; r < height; r++) {
    const at = r * width;
    for (let i = 0; i < width; i++) {
      const a = right[at + i]!;
      if (a === 0) continue;
      for (let j = i; j < width; j++) square[i * width + j]! += a * right[at + j]!;
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) square[i * width + j] = square[j * width + i]!;
  const { values, vectors } = symmetricEigen(square, width);
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!);
  const largest = values[order[0] ?? 0] ?? 0;
  const kept = order.filter((k) => values[k]! > 1e-12 * largest && values[k]! > 0).slice(0, rank);
  const turn = new Float64Array(width * kept.length);
  for (const [c, k] of kept.entries()) {
    const scale = 1 / Math.sqrt(values[k]!);
    for (let i = 0; i < width; i++) turn[i * kept.length + c] = vectors[k * width + i]! * scale;
  }
  const basis = new Float64Array(height * kept.length);
  for (let r = 0; r < height; r++) {
    const to = r * kept.length;
    for (let i = 0; i < width; i++) {
      const value = right[r * width + i]!;
      const from = i * kept.length;
      if (value !== 0) for (let c = 0; c < kept.length; c++) basis[to + c]! += value * turn[from + c]!;
    }
  }
  fixSigns(basis, height, kept.length);
  return {
    basis,
    rank: kept.length,
    singularValues: Float64Array.from(kept, (k) => Math.sqrt(values[k]!)),
  };
}

function fixSigns(basis: Float64Array, height: number, rank: number): void {
  for (let c = 0; c < rank; c++) {
    let largest = 0;
    for (let r = 0; r < height; r++) {
      const value = basis[r * rank + c]!;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    if (largest < 0) for (let r = 0; r < height; r++) basis[r * rank + c] = -basis[r * rank + c]!;
  }
}

function gaussian(length: number, random: Stream): Float64Array {
  return Float64Array.from({ length }, () => random.normal());
}

/** A B for a sparse A and a dense B of `width` columns. */
export function multiply(rows: SparseRows, dense: Float64Array, width: number): Float64Array {
  const n = rows.starts.length - 1;
  const product = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    for (let e = rows.starts[i]!; e < rows.starts[i + 1]!; e++) {
      const value = rows.values[e]!;
      const from = rows.columns[e]! * width;
      const to = i * width;
      for (let j = 0; j < width; j++) product[to + j]! += value * dense[from + j]!;
    }
  }
  return product;
}

/** A^T B for a sparse A and a dense B of `width` columns. */
function multiplyTransposed(rows: SparseRows, dense: Float64Array, width: number): Float64Array {
  const n = rows.starts.length - 1;
  const product = new Float64Array(rows.width * width);
  for (let i = 0; i < n; i++) {
    for (let e = rows.starts[i]!; e < rows.starts[i + 1]!; e++) {
      const value = rows.values[e]!;
      const to = rows.columns[e]! * width;
      const from = i * width;
      for (let j = 0; j < width; j++) product[to + j]! += value * dense[from + j]!;
    }
  }
  return product;
}

/** Gram-Schmidt on columns, twice for orthogonality to rounding; columns that vanish become zero. Works on rows of the transpose. */
function orthonormalize(m: Float64Array, height: number, width: number): void {
  const t = transposed(m, height, width);
  for (let c = 0; c < width; c++) {
    const column = t.subarray(c * height, (c + 1) * height);
    const before = norm(column);
    for (let pass = 0; pass < 2; pass++) {
      for (let b = 0; b < c; b++) {
        const at = b * height;
        let dot = 0;
        for (let r = 0; r < height; r++) dot += t[at + r]! * column[r]!;
        for (let r = 0; r < height; r++) column[r]! -= dot * t[at + r]!;
      }
    }
    const left = norm(column);
    const scale = left > 1e-10 * before && left > 0 ? 1 / left : 0;
    for (let r = 0; r < height; r++) column[r]! *= scale;
  }
  m.set(transposed(t, width, height));
}

function transposed(m: Float64Array, height: number, width: number): Float64Array {
  const t = new Float64Array(m.length);
  for (let r = 0; r < height; r++) for (let c = 0; c < width; c++) t[c * height + r] = m[r * width + c]!;
  return t;
}

function norm(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}
