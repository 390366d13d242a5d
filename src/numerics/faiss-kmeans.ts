import type { Matrix } from "../core/matrix.ts";
import { BoundedLloyd } from "./bounded-lloyd.ts";
import type { KernelKind } from "./kernel/workspace.ts";
import { faissPermutation, MersenneTwister } from "./mersenne-twister.ts";

const REDO_STRIDE = 15486557;
const SPLIT_SEED = 1234;
const SPLIT = 1 / 1024;
const LARGEST_UINT32 = Math.fround(4294967295);
/** Draws after which the largest cluster is split (faiss >= 1.14). */
const SPLIT_TRIES = 10_000;

export interface FaissKMeans {
  /** The nearest of the best run's centroids for each row. */
  readonly labels: Int32Array;
  /** The last objective (sum of squared distances, float32) of the best run. */
  readonly objective: number;
  readonly bestRedo: number;
  /** Updates of the centroids until the labels stayed as they were, for each run. */
  readonly iterations: readonly number[];
  /** Empty clusters that were filled, over all runs. */
  readonly splits: number;
}

/**
 * k-means as faiss.Kmeans(d, k, niter, nredo, seed) trains it on all rows: the same random rows to start from, Lloyd's algorithm
 * in float32, empty clusters split off large ones, and of several runs the one whose last objective is least.
 *
 * A run stops when the labels stay as they were and no cluster was split: from there on nothing changes, so the result is that
 * of all `iterations`. Only rows that are nearly equal can be labeled otherwise than by faiss, where rounding decides.
 * Not done: faiss trains on a sample when there are more than 256 rows to a cluster.
 *
 * Source: faiss/Clustering.cpp and utils/random.cpp, v1.7.3 and later.
 *
 * @param rows n x d, finite numbers; coordinates in falling order of variance make it fast.
 * @throws RangeError when there are fewer rows than clusters.
 */
export function faissKMeans(
  rows: Matrix,
  k: number,
  options: { seed: number; redos: number; iterations: number; kind?: KernelKind },
): FaissKMeans {
  if (k > rows.rows || k < 1) throw new RangeError(`${k} clusters of ${rows.rows} rows.`);
  const starts = (redo: number): Uint32Array =>
    faissPermutation(rows.rows, options.seed + 1 + redo * REDO_STRIDE).subarray(0, k);
  const lloyd = new BoundedLloyd(rows, k, starts(0), options.kind);
  let best: { run: Run; labels: Int32Array; centroids: Float32Array } | null = null;
  let bestRedo = 0;
  const iterations: number[] = [];
  let splits = 0;
  for (let redo = 0; redo < options.redos; redo++) {
    lloyd.start(starts(redo));
    const run = train(lloyd, options.iterations);
    iterations.push(run.iterations);
    splits += run.splits;
    if (best === null || run.objective < best.run.objective) {
      best = { run, labels: lloyd.labels.slice(), centroids: lloyd.centroids.slice() };
      bestRedo = redo;
    }
  }
  if (best === null) throw new RangeError(`${options.redos} runs.`);
  if (!best.run.settled) {
    lloyd.centroids.set(best.centroids);
    lloyd.forget();
    lloyd.assign();
    best.labels = lloyd.labels.slice();
  }
  return { labels: best.labels, objective: best.run.objective, bestRedo, iterations, splits };
}

interface Run {
  readonly objective: number;
  readonly iterations: number;
  readonly splits: number;
  /** Whether the labels belong to the centroids as they are. */
  readonly settled: boolean;
}

function train(lloyd: BoundedLloyd, limit: number): Run {
  let objective = 0;
  let total = 0;
  let splits = 0;
  const previous = new Int32Array(lloyd.labels.length);
  for (let i = 0; i < limit; i++) {
    objective = lloyd.assign();
    const same = i > 0 && splits === 0 && lloyd.labels.every((label, p) => label === previous[p]);
    if (same) return { objective, iterations: i, splits: total, settled: true };
    previous.set(lloyd.labels);
    splits = splitEmpty(lloyd, lloyd.update());
    total += splits;
  }
  return { objective, iterations: limit, splits: total, settled: false };
}

/** Fills each empty cluster with half of one drawn by size, both moved apart a little; returns how many. `sizes` is changed. */
function splitEmpty(lloyd: BoundedLloyd, sizes: Float32Array): number {
  const n = lloyd.points.rows;
  const { k, centroids, width } = lloyd;
  const random = new MersenneTwister(SPLIT_SEED);
  let splits = 0;
  for (let empty = 0; empty < k; empty++) {
    if (sizes[empty] !== 0) continue;
    const from = drawCluster(sizes, n, random);
    centroids.copyWithin(empty * width, from * width, (from + 1) * width);
    for (let j = 0; j < lloyd.points.cols; j++) {
      const sign = j % 2 === 0 ? SPLIT : -SPLIT;
      centroids[empty * width + j]! *= 1 + sign;
      centroids[from * width + j]! *= 1 - sign;
    }
    lloyd.touch(empty);
    lloyd.touch(from);
    sizes[empty] = sizes[from]! / 2;
    sizes[from]! -= sizes[empty]!;
    splits++;
  }
  return splits;
}

function drawCluster(sizes: Float32Array, n: number, random: MersenneTwister): number {
  const k = sizes.length;
  for (let draw = 0; draw < SPLIT_TRIES; draw++) {
    const share = Math.fround((sizes[draw % k]! - 1) / Math.fround(n - k));
    if (Math.fround(Math.fround(random.next()) / LARGEST_UINT32) < share) return draw % k;
  }
  return sizes.indexOf(sizes.reduce((a, b) => Math.max(a, b), 0));
}
