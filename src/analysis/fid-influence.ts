import type { Matrix } from "../core/matrix.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import { derived } from "../metrics/sample-set.ts";
import { symmetricEigen } from "../numerics/symmetric-eigen.ts";
import type { SamplePair } from "./aligned-set.ts";

/** Directions whose variance is below this share of the largest carry no gradient: their square root's slope is rounding noise. */
const NEGLIGIBLE = 1e-10;

interface Moments {
  readonly mean: Float64Array;
  /** d x d, row-major, whole; divided by n - 1. */
  readonly covariance: Float64Array;
}

/**
 * For each repeat, FID's influence of A's text i less that of B's: the mean of these is FID(A) - FID(B) up to terms of third
 * order, because the derivative is taken at the pooled texts of both, the midpoint of their moments. (What is missing beside
 * these is how far the two differ in FID's bias at this n.)
 *
 * With pooled mean m and covariance S, gold's m_g and S_g = L L', FID's derivative towards a text x is
 *   2 (m - m_g)'(x - m) + (x - m)'(I - T)(x - m), T = L (L' S L)^(-1/2) L'
 * (T is the linear optimal transport map from S to S_g). The pooled texts are the same whatever is swapped, hence so are the
 * influences, and the swap test of their mean is exact whatever the approximation does to its power. See docs/statistics.md.
 *
 * Cost: two eigendecompositions d x d and O(n d^2), once for each pair of systems; nothing for a swap.
 *
 * @returns null when a side or gold has no embeddings or fewer than two texts.
 */
export function fidDifferences(pairs: readonly SamplePair[], gold: SampleSet): Float64Array[] | null {
  const sides = pairs.flatMap(({ a, b }) => [a.embeddings, b.embeddings]);
  const pooled = sides.filter((side) => side !== null);
  const target = gold.embeddings;
  if (pooled.length < sides.length || target === null || target.rows < 2) return null;
  if (pooled.reduce((rows, m) => rows + m.rows, 0) < 2) return null;
  const influence = influenceAt(moments(pooled), goldMoments(gold), goldRoot(gold));
  return pairs.map(({ a, b }) => {
    const ofA = influence(a.embeddings!);
    const ofB = influence(b.embeddings!);
    return ofA.map((value, i) => value - ofB[i]!);
  });
}

const goldMoments = derived((gold) => moments([gold.embeddings!]));

/**
 * L' with L L' = the gold covariance: with more texts than dimensions one row a direction, scaled by the root of its variance;
 * with fewer the centred texts themselves, over the root of m - 1.
 */
const goldRoot = derived((gold): Float64Array => {
  const { covariance, mean } = goldMoments(gold);
  const d = mean.length;
  const { rows, data } = gold.embeddings!;
  if (rows <= d) return Float64Array.from(data, (x, i) => (x - mean[i % d]!) / Math.sqrt(rows - 1));
  const { values, vectors } = symmetricEigen(covariance, d);
  const rank = values.findIndex((value) => value <= NEGLIGIBLE * values[0]!);
  const root = vectors.slice(0, (rank < 0 ? d : rank) * d);
  for (let k = 0; k * d < root.length; k++) {
    const scale = Math.sqrt(values[k]!);
    for (let j = 0; j < d; j++) root[k * d + j]! *= scale;
  }
  return root;
});

/** The derivative of FID towards each row, up to a constant. */
function influenceAt(pooled: Moments, gold: Moments, root: Float64Array): (m: Matrix) => Float64Array {
  const d = pooled.mean.length;
  const transport = transportRoot(pooled.covariance, root, d);
  const directions = transport.length / d;
  const offset = pooled.mean.map((mean, j) => mean - gold.mean[j]!);
  const centred = new Float64Array(d);
  return (m) => {
    const result = new Float64Array(m.rows);
    for (let i = 0; i < m.rows; i++) {
      let value = 0;
      for (let j = 0; j < d; j++) {
        const x = m.data[i * d + j]! - pooled.mean[j]!;
        centred[j] = x;
        value += (x + 2 * offset[j]!) * x;
      }
      for (let k = 0; k < directions; k++) {
        let along = 0;
        for (let j = 0; j < d; j++) along += transport[k * d + j]! * centred[j]!;
        value -= along * along;
      }
      result[i] = value;
    }
    return result;
  };
}

/** P' with P P' = T: from L' S L = V diag(s) V', the rows of diag(s)^(-1/4) V' L'. */
function transportRoot(covariance: Float64Array, root: Float64Array, d: number): Float64Array {
  const r = root.length / d;
  const inner = new Float64Array(r * r);
  const image = new Float64Array(d);
  for (let p = 0; p < r; p++) {
    const rowP = root.subarray(p * d, (p + 1) * d);
    for (let j = 0; j < d; j++) image[j] = dot(covariance, j * d, rowP, 0, d);
    for (let q = p; q < r; q++) inner[p * r + q] = dot(root, q * d, image, 0, d);
  }
  const { values, vectors } = symmetricEigen(inner, r);
  const cut = values.findIndex((value) => value <= NEGLIGIBLE * values[0]!);
  const kept = cut < 0 ? r : cut;
  const result = new Float64Array(kept * d);
  for (let k = 0; k < kept; k++) {
    const scale = values[k]! ** -0.25;
    for (let p = 0; p < r; p++) {
      const weight = scale * vectors[k * r + p]!;
      for (let j = 0; j < d; j++) result[k * d + j]! += weight * root[p * d + j]!;
    }
  }
  return result;
}

function dot(a: Float64Array, from: number, b: Float64Array, start: number, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += a[from + j]! * b[start + j]!;
  return sum;
}

function moments(parts: readonly Matrix[]): Moments {
  const d = parts[0]!.cols;
  const n = parts.reduce((rows, m) => rows + m.rows, 0);
  const mean = new Float64Array(d);
  for (const { data, rows } of parts) {
    for (let i = 0; i < rows; i++) for (let j = 0; j < d; j++) mean[j]! += data[i * d + j]!;
  }
  for (let j = 0; j < d; j++) mean[j]! /= n;
  const covariance = new Float64Array(d * d);
  const centred = new Float64Array(d);
  for (const { data, rows } of parts) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < d; j++) centred[j] = data[i * d + j]! - mean[j]!;
      for (let p = 0; p < d; p++) {
        const x = centred[p]!;
        for (let q = p; q < d; q++) covariance[p * d + q]! += x * centred[q]!;
      }
    }
  }
  for (let p = 0; p < d; p++) {
    for (let q = p; q < d; q++) {
      covariance[p * d + q]! /= n - 1;
      covariance[q * d + p] = covariance[p * d + q]!;
    }
  }
  return { mean, covariance };
}
