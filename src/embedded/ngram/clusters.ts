import type { Stream } from "../ports.ts";
import { dotRow, type SparseVector } from "./features.ts";

const ROUNDS = 8;

/** Groups of sparse unit vectors by spherical k-means. */
export interface Clusters {
  readonly count: number;
  readonly width: number;
  /** Unit centroids, row by row. */
  readonly centroids: Float64Array;
  readonly assignments: Int32Array;
  readonly sizes: Int32Array;
}

/** Row means of vectors by group. */
export function groupMeans(
  vectors: readonly SparseVector[],
  groups: Int32Array,
  count: number,
  width: number,
): Float64Array {
  const means = new Float64Array(count * width);
  const sizes = new Int32Array(count);
  vectors.forEach(({ indices, values }, i) => {
    const start = groups[i]! * width;
    sizes[groups[i]!]!++;
    for (let j = 0; j < indices.length; j++) means[start + indices[j]!]! += values[j]!;
  });
  for (let g = 0; g < count; g++) {
    for (let j = g * width; j < (g + 1) * width; j++) means[j]! /= Math.max(1, sizes[g]!);
  }
  return means;
}

/** The cluster with the highest inner product; the first of equals. */
export function nearestCluster(clusters: Clusters, vector: SparseVector): number {
  let best = 0;
  let highest = -Infinity;
  for (let c = 0; c < clusters.count; c++) {
    const score = dotRow(vector, clusters.centroids, clusters.width, c);
    if (score > highest) {
      highest = score;
      best = c;
    }
  }
  return best;
}

/**
 * Spherical k-means. At most a quarter as many clusters as vectors.
 * @param random - chooses the first centroids (k-means++ on squared cosine distance).
 */
export function cluster(vectors: readonly SparseVector[], width: number, wanted: number, random: Stream): Clusters {
  const count = Math.max(1, Math.min(wanted, Math.floor(vectors.length / 4)));
  const centroids = new Float64Array(count * width);
  const assignments = new Int32Array(vectors.length).fill(-1);
  const sizes = new Int32Array(count);
  const clusters: Clusters = { count, width, centroids, assignments, sizes };
  const add = (c: number, { indices, values }: SparseVector) => {
    for (let j = 0; j < indices.length; j++) centroids[c * width + indices[j]!]! += values[j]!;
  };
  const distances = new Float64Array(vectors.length).fill(1);
  for (let c = 0; c < count; c++) {
    const i = distances.some((distance) => distance > 0) ? random.weighted(distances) : random.int(vectors.length);
    add(c, vectors[i]!);
    for (let v = 0; v < vectors.length; v++) {
      const apart = Math.max(0, 1 - dotRow(vectors[v]!, centroids, width, c));
      distances[v] = Math.min(distances[v]!, apart * apart);
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    let moved = 0;
    sizes.fill(0);
    vectors.forEach((vector, v) => {
      const nearest = nearestCluster(clusters, vector);
      if (assignments[v] !== nearest) moved++;
      assignments[v] = nearest;
      sizes[nearest]!++;
    });
    if (moved === 0 || round === ROUNDS - 1) break;
    centroids.fill(0);
    vectors.forEach((vector, v) => {
      add(assignments[v]!, vector);
    });
    scaleRows(centroids, width);
  }
  return clusters;
}

/** Scales every row to length 1, in place; rows of zeros stay. */
export function scaleRows(rows: Float64Array, width: number): Float64Array {
  for (let start = 0; width > 0 && start < rows.length; start += width) {
    let squares = 0;
    for (let j = start; j < start + width; j++) squares += rows[j]! * rows[j]!;
    if (squares > 0) for (let j = start; j < start + width; j++) rows[j]! /= Math.sqrt(squares);
  }
  return rows;
}
