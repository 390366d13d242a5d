import { type Matrix, row } from "../core/matrix.ts";
import type { Stream } from "../core/stream.ts";
import { TiledProduct } from "./product.ts";
import { RowDistances } from "./row-distances.ts";

const MAX_ITERATIONS = 300;

export interface KMeans {
  /** The cluster of each row, 0 .. k - 1. */
  readonly labels: Uint32Array;
  /** k x d. A cluster is empty only when there are fewer distinct rows than k. */
  readonly centroids: Matrix;
  /** Sum of squared distances to the own centroid. */
  readonly inertia: number;
  /** Assignments made until nothing changed (or the limit). */
  readonly iterations: number;
}

/**
 * Lloyd's k-means from a k-means++ start (Arthur and Vassilvitskii 2007). The same stream gives the same clusters. An empty
 * cluster takes the row farthest from its centroid. Ties go to the lower index.
 *
 * @param m n x d rows.
 * @param k clusters, 1 .. n.
 * @param options `restarts`: runs from fresh starts, the one of least inertia is kept (1); `maxIterations`: 300.
 * @throws RangeError when k is outside 1 .. n or a number is not finite.
 */
export function kmeans(
  m: Matrix,
  k: number,
  random: Stream,
  options: { restarts?: number; maxIterations?: number } = {},
): KMeans {
  if (!Number.isInteger(k) || k < 1 || k > m.rows) throw new RangeError(`${k} clusters of ${m.rows} rows.`);
  if (!allFinite(m.data)) throw new RangeError("The rows hold numbers that are not finite.");
  const distances = new RowDistances(m);
  let best: KMeans | null = null;
  for (let restart = 0; restart < (options.restarts ?? 1); restart++) {
    const start = plusPlus(m, distances, k, random.derive("kmeans", restart));
    const found = lloyd(m, start, options.maxIterations ?? MAX_ITERATIONS);
    if (best === null || found.inertia < best.inertia) best = found;
  }
  return best!;
}

/** The nearest centroid of each row, squared distances in float32; ties go to the lower index. @throws RangeError when widths differ. */
export function nearestCentroids(m: Matrix, centroids: Matrix): Uint32Array {
  const product = new TiledProduct(centroids);
  const norms = Float64Array.from({ length: centroids.rows }, (_, j) => squaredNorm(row(centroids, j)));
  const labels = new Uint32Array(m.rows);
  const best = new Float64Array(m.rows).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < m.rows; i += product.tileRows) {
    product.load(m, i, product.tileRows);
    for (let j = 0; j < centroids.rows; j += product.tileCols) {
      const { data, stride, rows, cols } = product.tile(j, product.tileCols);
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < cols; c++) {
          const score = norms[j + c]! - 2 * data[r * stride + c]!;
          if (score < best[i + r]!) {
            best[i + r] = score;
            labels[i + r] = j + c;
          }
        }
      }
    }
  }
  return labels;
}

/** k rows, the first uniform, each next with probability proportional to the squared distance to the nearest chosen one. */
function plusPlus(m: Matrix, from: RowDistances, k: number, random: Stream): Matrix {
  const chosen = new Float32Array(k * m.cols);
  const distances = new Float64Array(m.rows).fill(Number.POSITIVE_INFINITY);
  const taken = new Uint8Array(m.rows);
  for (let j = 0; j < k; j++) {
    const at = nextCenter(distances, taken, j, random);
    taken[at] = 1;
    const center = row(m, at);
    chosen.set(center, j * m.cols);
    const added = from.to(center);
    for (let i = 0; i < m.rows; i++) distances[i] = Math.min(distances[i]!, added[i]!);
  }
  return { data: chosen, rows: k, cols: m.cols };
}

function nextCenter(distances: Float64Array, taken: Uint8Array, j: number, random: Stream): number {
  if (j === 0) return random.int(distances.length);
  if (distances.some((d) => d > 0)) return random.weighted(distances);
  return taken.indexOf(0); // fewer distinct rows than clusters: any row not taken yet
}

function lloyd(m: Matrix, start: Matrix, maxIterations: number): KMeans {
  let centroids = start;
  let labels = nearestCentroids(m, centroids);
  let iterations = 1;
  for (; iterations < maxIterations; iterations++) {
    centroids = means(m, labels, centroids);
    const next = nearestCentroids(m, centroids);
    const same = next.every((label, i) => label === labels[i]);
    labels = next;
    if (same) break;
  }
  let inertia = 0;
  for (let i = 0; i < m.rows; i++) inertia += squaredDistance(row(m, i), row(centroids, labels[i]!));
  return { labels, centroids, inertia, iterations };
}

/** Means of the clusters, summed in float64. Empty clusters take the rows farthest from their old centroids, the farthest first. */
function means(m: Matrix, labels: Uint32Array, old: Matrix): Matrix {
  const k = old.rows;
  const { data: from, cols } = m;
  const sums = new Float64Array(k * cols);
  const counts = new Uint32Array(k);
  for (let i = 0; i < m.rows; i++) {
    counts[labels[i]!]! += 1;
    for (let at = i * cols, to = labels[i]! * cols; at < (i + 1) * cols; at++, to++) sums[to] = sums[to]! + from[at]!;
  }
  const data = new Float32Array(k * m.cols);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < m.cols; j++) data[c * m.cols + j] = sums[c * m.cols + j]! / Math.max(1, counts[c]!);
  }
  const empty = [...counts.keys()].filter((c) => counts[c] === 0);
  if (empty.length > 0) {
    const far = Float64Array.from({ length: m.rows }, (_, i) => squaredDistance(row(m, i), row(old, labels[i]!)));
    const order = Uint32Array.from(far.keys()).sort((a, b) => far[b]! - far[a]! || a - b);
    empty.forEach((c, rank) => {
      data.set(row(m, order[rank]!), c * m.cols);
    });
  }
  return { data, rows: k, cols: m.cols };
}

/** As `every(Number.isFinite)`, without a call for each of millions of numbers. */
function allFinite(numbers: Float32Array): boolean {
  for (let at = 0; at < numbers.length; at++) if (!Number.isFinite(numbers[at]!)) return false;
  return true;
}

function squaredNorm(a: Float32Array): number {
  let sum = 0;
  for (const x of a) sum += x * x;
  return sum;
}

/** In four running sums: one alone would wait for itself at every step. */
function squaredDistance(a: Float32Array, b: Float32Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = a.length & ~3;
  for (let j = 0; j < whole; j += 4) {
    const d0 = a[j]! - b[j]!;
    const d1 = a[j + 1]! - b[j + 1]!;
    const d2 = a[j + 2]! - b[j + 2]!;
    const d3 = a[j + 3]! - b[j + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (let j = whole; j < a.length; j++) s0 += (a[j]! - b[j]!) ** 2;
  return s0 + s1 + (s2 + s3);
}
