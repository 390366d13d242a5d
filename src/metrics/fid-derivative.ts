import type { Matrix } from "../core/matrix.ts";
import { columnMeans, covariance, type Matrix64, productTransposed64 } from "../numerics/gram.ts";
import { symmetricEigen } from "../numerics/symmetric-eigen.ts";
import type { Influence } from "./metric.ts";
import { derived, type SampleSet } from "./sample-set.ts";

/** Directions whose variance is below this share of the largest carry no gradient: their square root's slope is rounding noise. */
const NEGLIGIBLE = 1e-10;

/**
 * The derivative of FID between some texts, all together, and gold. With their mean m and covariance S, gold's m_g and S_g = L L':
 *   towards a synthetic text x   2 (m - m_g)'(x - m) + (x - m)'(I - T)(x - m),          T = L (L' S L)^(-1/2) L'
 *   towards a gold text x        2 (m_g - m)'(x - m_g) + |x - m_g|^2 - z'(L' S L)^(1/2) z,   x - m_g = L z
 * (T is the linear optimal transport map from S to S_g; z is the text in gold's whitened coordinates.)
 *
 * Cost: two eigendecompositions d x d, gold's kept with gold, and O(n d^2).
 *
 * @returns null when there are fewer than two texts, gold has fewer, or embeddings are missing.
 */
export function fidDerivative(sets: readonly SampleSet[], gold: SampleSet): Influence | null {
  const texts = sets.map(({ embeddings }) => embeddings).filter((rows) => rows !== null);
  if (texts.length < sets.length) return null;
  if (gold.embeddings === null || gold.embeddings.rows < 2) return null;
  if (texts.reduce((rows, m) => rows + m.rows, 0) < 2) return null;
  const [here, there] = [moments(texts), goldMoments(gold)];
  const axes = transportAxes(here.covariance, goldRoot(gold));
  const transport = axes.transport();
  return {
    towards: ({ embeddings }) => influences(centered(embeddings!, here.mean), offset(here.mean, there.mean), transport),
    towardsGold: () => {
      const quadratic = squaredNorms(productTransposed64(goldWhitened(gold), axes.root()), gold.size);
      const plain = influences(centered(gold.embeddings!, there.mean), offset(there.mean, here.mean), null);
      return plain.map((value, i) => value - quadratic[i]!);
    },
  };
}

interface Moments {
  readonly mean: Float64Array;
  /** d x d, row-major, whole; divided by n - 1. */
  readonly covariance: Float64Array;
}

const goldMoments = derived((gold) => moments([gold.embeddings!]));

/** The directions in which gold varies, and its variance along each; null where gold has no more texts than dimensions. */
const goldAxes = derived((gold) => {
  const { covariance, mean } = goldMoments(gold);
  const d = mean.length;
  if (gold.embeddings!.rows <= d) return null;
  const { values, vectors } = symmetricEigen(covariance, d);
  const cut = values.findIndex((value) => value <= NEGLIGIBLE * values[0]!);
  const rank = cut < 0 ? d : cut;
  return { variances: values.subarray(0, rank), directions: { data: vectors.slice(0, rank * d), rows: rank, cols: d } };
});

/**
 * L' with L L' = the gold covariance: with more texts than dimensions one row a direction, scaled by the root of its variance;
 * with fewer the centered texts themselves, over the root of m - 1.
 */
const goldRoot = derived((gold): Matrix64 => {
  const axes = goldAxes(gold);
  if (axes !== null) return scaledRows(axes.directions, (k) => Math.sqrt(axes.variances[k]!));
  const rows = centered(gold.embeddings!, goldMoments(gold).mean);
  return scaledRows(rows, () => 1 / Math.sqrt(rows.rows - 1));
});

/** The z of each gold text: its coordinates along the rows of `goldRoot`. */
const goldWhitened = derived((gold): Matrix64 => {
  const axes = goldAxes(gold);
  const n = gold.size;
  if (axes === null) {
    const identity = new Float64Array(n * n);
    for (let i = 0; i < n; i++) identity[i * n + i] = Math.sqrt(n - 1);
    return { data: identity, rows: n, cols: n };
  }
  const whitening = scaledRows(axes.directions, (k) => 1 / Math.sqrt(axes.variances[k]!));
  const data = productTransposed64(centered(gold.embeddings!, goldMoments(gold).mean), whitening);
  return { data, rows: n, cols: whitening.rows };
});

/** Roots of L' S L = V diag(s) V', as rows that are multiplied by texts: P P' = T, and R R' = (L' S L)^(1/2). */
function transportAxes(covarianceOf: Float64Array, root: Matrix64) {
  const { rows: r, cols: d } = root;
  const image = productTransposed64(root, { data: covarianceOf, rows: d, cols: d });
  const inner = productTransposed64({ data: image, rows: r, cols: d }, root);
  const { values, vectors } = symmetricEigen(inner, r);
  const cut = values.findIndex((value) => value <= NEGLIGIBLE * values[0]!);
  const kept = { data: vectors, rows: cut < 0 ? r : cut, cols: r };
  return {
    /** P' = diag(s)^(-1/4) V' L'. */
    transport(): Matrix64 {
      const scaled = scaledRows(kept, (k) => values[k]! ** -0.25);
      return { data: productTransposed64(scaled, transposed(root)), rows: kept.rows, cols: d };
    },
    /** R' = diag(s)^(1/4) V'. */
    root: (): Matrix64 => scaledRows(kept, (k) => values[k]! ** 0.25),
  };
}

/** (x + 2 offset)'x less the squared norm of what `less` makes of x, for each row x. */
function influences(rows: Matrix64, offsets: Float64Array, less: Matrix64 | null): Float64Array {
  const taken = less === null ? null : squaredNorms(productTransposed64(rows, less), rows.rows);
  return Float64Array.from({ length: rows.rows }, (_, i) => {
    let value = 0;
    for (let j = 0; j < rows.cols; j++) {
      const x = rows.data[i * rows.cols + j]!;
      value += (x + 2 * offsets[j]!) * x;
    }
    return value - (taken?.[i] ?? 0);
  });
}

const offset = (from: Float64Array, to: Float64Array) => from.map((x, j) => x - to[j]!);

function squaredNorms(data: Float64Array, rows: number): Float64Array {
  const cols = data.length / rows;
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < cols; k++) sum += data[i * cols + k]! ** 2;
    return sum;
  });
}

function centered({ data, rows, cols }: Matrix, mean: Float64Array): Matrix64 {
  return { data: Float64Array.from(data, (x, at) => x - mean[at % cols]!), rows, cols };
}

function scaledRows({ data, rows, cols }: Matrix64, scale: (row: number) => number): Matrix64 {
  const scales = Float64Array.from({ length: rows }, (_, k) => scale(k));
  const scaled = Float64Array.from(data.subarray(0, rows * cols), (x, at) => x * scales[Math.floor(at / cols)]!);
  return { data: scaled, rows, cols };
}

function transposed({ data, rows, cols }: Matrix64): Matrix64 {
  const result = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) result[j * rows + i] = data[i * cols + j]!;
  return { data: result, rows: cols, cols: rows };
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
