import { type Matrix, row } from "../core/matrix.ts";

/** Points looked at. */
const SAMPLE = 16;
const CANDIDATES = [32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];
/** Cost of a product in a single distance, in products of the matrix kernel. */
const SINGLE = 4;

/**
 * How many leading coordinates make the cheapest first bound on distances: each costs a product for every pair, and the pairs
 * that the bound does not settle cost a whole distance. Chosen on a sample of the points, without randomness; any answer is
 * right, some are faster.
 *
 * @param centroids rows of `points` that stand for centroids.
 */
export function leadingCoordinates(points: Matrix, centroids: Uint32Array): number {
  const heads = [...CANDIDATES.filter((head) => head < points.cols), points.cols];
  const sample = Uint32Array.from({ length: Math.min(SAMPLE, points.rows) }, (_, s) =>
    Math.floor((s * points.rows) / Math.min(SAMPLE, points.rows)),
  );
  const sampleTails = tailNorms(points, sample, heads);
  const centroidTails = tailNorms(points, centroids, heads);
  const unsettled = new Float64Array(heads.length);
  const bounds = new Float64Array(heads.length * centroids.length);
  for (let s = 0; s < sample.length; s++) {
    const x = row(points, sample[s]!);
    const tails = sampleTails.subarray(s * heads.length);
    let nearest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < centroids.length; c++) {
      const at = c * heads.length;
      const distance = prefixBounds(x, row(points, centroids[c]!), heads, tails, centroidTails, bounds, at);
      if (distance > 0) nearest = Math.min(nearest, distance);
    }
    for (let at = 0; at < bounds.length; at++) if (bounds[at]! < nearest) unsettled[at % heads.length]! += 1;
  }
  const pairs = Math.max(1, sample.length * centroids.length);
  const cost = (h: number) => heads[h]! + (SINGLE * points.cols * unsettled[h]!) / pairs;
  let best = heads.length - 1;
  for (let h = 0; h < heads.length - 1; h++) if (cost(h) < cost(best)) best = h;
  return heads[best]!;
}

/** The norm of what follows each head, for each of the rows. */
function tailNorms(points: Matrix, indices: Uint32Array, heads: readonly number[]): Float64Array {
  const tails = new Float64Array(indices.length * heads.length);
  indices.forEach((index, i) => {
    const x = row(points, index);
    let sum = 0;
    let j = x.length;
    for (let h = heads.length - 1; h >= 0; h--) {
      while (j > heads[h]!) {
        j--;
        sum += x[j]! * x[j]!;
      }
      tails[i * heads.length + h] = Math.sqrt(sum);
    }
  });
  return tails;
}

/** Writes |y - b|² + (|z| - |a|)² for x = (y, z), c = (b, a) cut at each of `heads`; returns |x - c|². */
function prefixBounds(
  x: Float32Array,
  c: Float32Array,
  heads: readonly number[],
  xTails: Float64Array,
  cTails: Float64Array,
  bounds: Float64Array,
  at: number,
): number {
  let square = 0;
  let j = 0;
  for (let h = 0; h < heads.length; h++) {
    for (const head = heads[h]!; j < head; j++) {
      const gap = x[j]! - c[j]!;
      square += gap * gap;
    }
    const gap = xTails[h]! - cTails[at + h]!;
    bounds[at + h] = square + gap * gap;
  }
  return square;
}
