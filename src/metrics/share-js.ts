import { z } from "zod";
import type { Matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { jsDivergence, shares } from "../numerics/divergence.ts";
import { kmeans, nearestCentroids } from "../numerics/kmeans.ts";
import { defineMetric } from "./define.ts";
import { derived } from "./sample-set.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

/** Fixed, so that all systems are counted in the same clusters. */
const SEED = 0;
const RESTARTS = 3;

const centroidsOf = derived(({ embeddings }) => {
  const kept = new Map<number, Matrix>();
  return (clusters: number): Matrix => {
    let centroids = kept.get(clusters);
    if (centroids === undefined) {
      if (embeddings === null) throw new RangeError("Clusters need embeddings.");
      const random = Stream.root(SEED).derive("share-js", clusters);
      centroids = kmeans(embeddings, clusters, random, { restarts: RESTARTS }).centroids;
      kept.set(clusters, centroids);
    }
    return centroids;
  };
});

function clusterCounts(m: Matrix, centroids: Matrix): Float64Array {
  const counts = new Float64Array(centroids.rows);
  for (const label of nearestCentroids(m, centroids)) counts[label] = counts[label]! + 1;
  return counts;
}

/** Divergence of the shares of gold's clusters. */
export const shareJs = defineMetric({
  id: "share-js",
  name: "Share JS",
  meaning:
    "Jensen-Shannon divergence in nats between how often gold's clusters of embeddings are met: sees missing and inflated topics; nothing inside a cluster.",
  group: "alignment",
  better: "lower",
  range: [0, Math.LN2],
  needs: { embeddings: true },
  source: "Definition of this program; k-means on gold's embeddings",
  notes: {
    defaults: "24 clusters (`clusters`), k-means++ with 3 starts of a fixed seed on gold's embeddings, no smoothing",
    edges: "fewer gold texts than clusters: null",
    notCopied: "-",
  },
  floor: false,
  options: z.strictObject({
    clusters: z.int().min(2).max(1000).default(24).describe("Clusters of gold's embeddings whose shares are compared."),
  }),
  apart: true,
  always: "everywhere",
  compute(input, { clusters }) {
    const sound = soundEmbeddings(input);
    if ("reason" in sound) return { value: null, reason: sound.reason };
    const settings = { clusters, restarts: RESTARTS, seed: SEED, d: sound.gold.cols };
    if (sound.gold.rows < clusters)
      return {
        value: null,
        reason: `Needs at least ${clusters} gold texts, one a cluster; there are ${sound.gold.rows}.`,
        settings,
      };
    const centroids = centroidsOf(input.gold)(clusters);
    const value = jsDivergence(
      shares(clusterCounts(sound.synthetic, centroids)),
      shares(clusterCounts(sound.gold, centroids)),
    );
    return { value, settings };
  },
});
