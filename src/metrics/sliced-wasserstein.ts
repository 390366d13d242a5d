import type { Matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { defineMetric } from "./define.ts";
import { DoubleProduct } from "./pairwise/double-product.ts";
import { derived, type SampleSet } from "./sample-set.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

const PROJECTIONS = 100;
const POWER = 2;
/** Fixed, so that all systems are seen from the same directions. */
const SEED = 0;

/** Every projection of the rows, sorted: projections.rows arrays of m.rows numbers. @param projections L x d, unit rows. */
export function sortedProjections(m: Matrix, projections: Matrix): Float64Array[] {
  const sorted = Array.from({ length: projections.rows }, () => new Float64Array(m.rows));
  const product = new DoubleProduct(projections);
  for (let i = 0; i < m.rows; i += product.tileRows) {
    product.load(m, i, product.tileRows);
    for (let j = 0; j < projections.rows; j += product.tileCols) {
      const { data, stride, rows, cols } = product.tile(j, product.tileCols);
      for (let c = 0; c < cols; c++) {
        const column = sorted[j + c]!;
        for (let r = 0; r < rows; r++) column[i + r] = data[r * stride + c]!;
      }
    }
  }
  for (const column of sorted) column.sort();
  return sorted;
}

/** W_p^p of two samples of one dimension, sorted ascending: the mean p-th power of the distance between their quantiles. */
export function wassersteinPower(x: Float64Array, y: Float64Array, p: number): number {
  const n = x.length;
  const m = y.length;
  const cost = p === 2 ? (a: number) => a * a : (a: number) => Math.abs(a) ** p;
  let total = 0;
  let i = 0;
  let j = 0;
  let reached = 0; // in units of 1 / (n m), so that the steps are exact
  while (i < n && j < m) {
    const next = Math.min((i + 1) * m, (j + 1) * n);
    total += (next - reached) * cost(x[i]! - y[j]!);
    reached = next;
    if ((i + 1) * m === next) i++;
    if ((j + 1) * n === next) j++;
  }
  return total / (n * m);
}

/** (mean over projections of W_p^p)^(1/p). */
export function slicedWassersteinDistance(x: readonly Float64Array[], y: readonly Float64Array[], p: number): number {
  let sum = 0;
  for (let l = 0; l < x.length; l++) sum += wassersteinPower(x[l]!, y[l]!, p);
  return (sum / x.length) ** (1 / p);
}

/** Directions drawn uniformly from the sphere. */
export function randomProjections(count: number, width: number, random: Stream): Matrix {
  const data = new Float32Array(count * width);
  const direction = new Float64Array(width);
  for (let l = 0; l < count; l++) {
    let square = 0;
    for (let k = 0; k < width; k++) {
      direction[k] = random.normal();
      square += direction[k]! ** 2;
    }
    for (let k = 0; k < width; k++) data[l * width + k] = direction[k]! / Math.sqrt(square);
  }
  return { data, rows: count, cols: width };
}

const projected = derived(({ embeddings }: SampleSet) => {
  if (embeddings === null) return [];
  const directions = randomProjections(PROJECTIONS, embeddings.cols, Stream.root(SEED).derive("sliced-wasserstein"));
  return sortedProjections(embeddings, directions);
});

/** Optimal transport along random directions. */
export const slicedWasserstein = defineMetric({
  id: "sliced-wasserstein",
  name: "Sliced Wasserstein",
  meaning:
    "How far mass must move, on average over 100 fixed random directions, to turn one set of embeddings into the other; small differences in few directions are averaged away.",
  group: "alignment",
  better: "lower",
  range: [0, Number.POSITIVE_INFINITY],
  needs: { embeddings: true },
  source:
    "Bonneel et al. 2015; POT ot.sliced_wasserstein_distance (0.8.2 divides by 50 whatever the number of projections: not copied)",
  notes: {
    defaults: "p = 2, 100 directions of a fixed seed, the same for all systems",
    edges: "sides of different size are compared by quantiles",
    notCopied: "POT 0.8.2 divides by 50 however many projections are passed",
  },
  floor: true,
  apart: true,
  compute(input) {
    const sound = soundEmbeddings(input);
    if ("reason" in sound) return { value: null, reason: sound.reason };
    return {
      value: slicedWassersteinDistance(projected(input.gold), projected(input.synthetic), POWER),
      settings: { projections: PROJECTIONS, p: POWER, seed: SEED, d: sound.gold.cols },
    };
  },
});
