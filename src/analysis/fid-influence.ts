import type { Matrix } from "../core/matrix.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import { derived } from "../metrics/sample-set.ts";
import { columnMeans, covariance, productTransposed64 } from "../numerics/gram.ts";
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
  return (m) => {
    const centred = new Float64Array(m.rows * d);
    for (let i = 0; i < m.rows; i++) {
      for (let j = 0; j < d; j++) centred[i * d + j] = m.data[i * d + j]! - pooled.mean[j]!;
    }
    const along = productTransposed64(
      { data: centred, rows: m.rows, cols: d },
      { data: transport, rows: directions, cols: d },
    );
    const result = new Float64Array(m.rows);
    for (let i = 0; i < m.rows; i++) {
      let value = 0;
      for (let j = 0; j < d; j++) value += (centred[i * d + j]! + 2 * offset[j]!) * centred[i * d + j]!;
      for (let k = 0; k < directions; k++) value -= along[i * directions + k]! ** 2;
      result[i] = value;
    }
    return result;
  };
}

/** P' with P P' = T: from L' S L = V diag(s) V', the rows of diag(s)^(-1/4) V' L'. */
function transportRoot(covarianceOf: Float64Array, root: Float64Array, d: number): Float64Array {
  const r = root.length / d;
  const rows = { data: root, rows: r, cols: d };
  const image = productTransposed64(rows, { data: covarianceOf, rows: d, cols: d });
  const inner = productTransposed64({ data: image, rows: r, cols: d }, rows);
  const { values, vectors } = symmetricEigen(inner, r);
  const cut = values.findIndex((value) => value <= NEGLIGIBLE * values[0]!);
  const kept = cut < 0 ? r : cut;
  const scaled = Float64Array.from(vectors.subarray(0, kept * r), (x, i) => x * values[Math.floor(i / r)]! ** -0.25);
  return productTransposed64({ data: scaled, rows: kept, cols: r }, { data: transposed(root, d), rows: d, cols: r });
}

function transposed(rows: Float64Array, cols: number): Float64Array {
  const n = rows.length / cols;
  const result = new Float64Array(rows.length);
  for (let i = 0; i < n; i++) for (let j = 0; j < cols; j++) result[j * n + i] = rows[i * cols + j]!;
  return result;
}

function moments(parts: readonly Matrix[]): Moments {
  const cols = parts[0]!.cols;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const data = new Float32Array(rows * cols);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  const all = { data, rows, cols };
  const mean = columnMeans(all);
  return { mean, covariance: covariance(all, mean) };
}
