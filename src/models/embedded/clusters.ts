import type { Stream } from "../../core/stream.ts";
import { dotRow, type SparseVector } from "./features.ts";

const ROUNDS = 8;

/**
 * Spherical k-means over sparse vectors, each seen relative to an origin of its own group: what is clustered is
 * `vector - origin[group]`. With one group and a zero origin it is plain spherical k-means.
 */
export interface Clusters {
  readonly count: number;
  readonly width: number;
  /** Unit centroids, row by row. */
  readonly centroids: Float64Array;
  /** centroid . origin, [group * count + cluster]. */
  readonly offsets: Float64Array;
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

/** Similarity of a vector of a group to each cluster, into `out`. */
export function similarities(clusters: Clusters, vector: SparseVector, group: number, out: Float64Array): void {
  for (let c = 0; c < clusters.count; c++) {
    out[c] = dotRow(vector, clusters.centroids, clusters.width, c) - clusters.offsets[group * clusters.count + c]!;
  }
}

/**
 * @param origins - row means by group (see `groupMeans`), or zeros.
 * @param random - chooses the first centroids (k-means++ on cosine distance).
 */
export function cluster(
  vectors: readonly SparseVector[],
  groups: Int32Array,
  origins: Float64Array,
  width: number,
  wanted: number,
  random: Stream,
): Clusters {
  const count = Math.max(1, Math.min(wanted, Math.floor(vectors.length / 4)));
  const groupCount = origins.length / Math.max(1, width);
  const centroids = new Float64Array(count * width);
  const offsets = new Float64Array(groupCount * count);
  const assignments = new Int32Array(vectors.length);
  const sizes = new Int32Array(count);
  const scores = new Float64Array(count);
  const distances = new Float64Array(vectors.length).fill(1);
  const clusters: Clusters = { count, width, centroids, offsets, assignments, sizes };
  const finish = (c: number) => {
    let squares = 0;
    for (let j = c * width; j < (c + 1) * width; j++) squares += centroids[j]! * centroids[j]!;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let j = c * width; j < (c + 1) * width; j++) centroids[j]! *= scale;
    for (let g = 0; g < groupCount; g++) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += origins[g * width + j]! * centroids[c * width + j]!;
      offsets[g * count + c] = sum;
    }
  };
  const add = (c: number, i: number) => {
    const { indices, values } = vectors[i]!;
    for (let j = 0; j < indices.length; j++) centroids[c * width + indices[j]!]! += values[j]!;
  };
  const subtract = (c: number, group: number, times: number) => {
    for (let j = 0; j < width; j++) centroids[c * width + j]! -= times * origins[group * width + j]!;
  };
  for (let c = 0; c < count; c++) {
    const i = distances.some((d) => d > 0) ? random.weighted(distances) : random.int(vectors.length);
    add(c, i);
    subtract(c, groups[i]!, 1);
    finish(c);
    for (let v = 0; v < vectors.length; v++) {
      const near = dotRow(vectors[v]!, centroids, width, c) - offsets[groups[v]! * count + c]!;
      distances[v] = Math.min(distances[v]!, Math.max(0, 1 - near) ** 2);
    }
  }
  const groupSizes = new Int32Array(groupCount * count);
  for (let round = 0; round < ROUNDS; round++) {
    let moved = 0;
    sizes.fill(0);
    groupSizes.fill(0);
    for (let v = 0; v < vectors.length; v++) {
      similarities(clusters, vectors[v]!, groups[v]!, scores);
      let best = 0;
      for (let c = 1; c < count; c++) if (scores[c]! > scores[best]!) best = c;
      if (assignments[v] !== best || round === 0) moved++;
      assignments[v] = best;
      sizes[best]!++;
      groupSizes[groups[v]! * count + best]!++;
    }
    if (moved === 0 || round === ROUNDS - 1) break;
    centroids.fill(0);
    for (let v = 0; v < vectors.length; v++) add(assignments[v]!, v);
    for (let c = 0; c < count; c++) {
      for (let g = 0; g < groupCount; g++) {
        if (groupSizes[g * count + c]! > 0) subtract(c, g, groupSizes[g * count + c]!);
      }
      finish(c);
    }
  }
  return clusters;
}
