import type { Matrix } from "../core/matrix.ts";
import { faissKMeans } from "../numerics/faiss-kmeans.ts";
import { leadingComponents } from "../numerics/principal-components.ts";
import { inverseNorms, unitMeansOf, unitMomentsOf } from "./moments.ts";
import { derivedPair, type SampleSet } from "./sample-set.ts";

/** The reference's settings: krishnap25/mauve, compute_mauve. */
const VARIANCE = 0.9;
const REDOS = 5;
const ITERATIONS = 500;

/** How many texts of each side fell into each cluster. */
export interface ClusterCounts {
  readonly gold: Float64Array;
  readonly synthetic: Float64Array;
}

/** Clusters for sets of these sizes: a tenth of the smaller one, halves to even as Python rounds, at least 2. */
export function clusterNumber(n: number, m: number): number {
  const tenth = Math.min(n, m) / 10;
  const below = Math.floor(tenth);
  const rest = tenth - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
  return Math.max(2, rounded);
}

function embeddingsOf(set: SampleSet): Matrix {
  if (set.embeddings === null) throw new RangeError("The set has no embeddings.");
  return set.embeddings;
}

/** Both sides' unit rows, synthetic first (the order decides where clustering starts), on their leading principal components. */
const pooledScores = derivedPair((synthetic: SampleSet, gold: SampleSet): Matrix => {
  const [q, p] = [embeddingsOf(synthetic), embeddingsOf(gold)];
  const data = new Float32Array(q.data.length + p.data.length);
  data.set(q.data);
  data.set(p.data, q.data.length);
  const scales = new Float64Array(q.rows + p.rows);
  scales.set(inverseNorms(synthetic));
  scales.set(inverseNorms(gold), q.rows);
  const [ours, theirs] = [unitMeansOf(synthetic), unitMeansOf(gold)];
  const means = ours.map((mean, j) => (q.rows * mean + p.rows * theirs[j]!) / scales.length);
  const products = (): Float64Array => {
    const [own, other] = [unitMomentsOf(synthetic).matrix, unitMomentsOf(gold).matrix];
    return own.map((x, at) => x + other[at]!);
  };
  return leadingComponents({ data, rows: scales.length, cols: q.cols }, { scales, means, products }, VARIANCE).scores;
});

const countsBySeed = derivedPair((_synthetic: SampleSet, _gold: SampleSet) => new Map<number, ClusterCounts>());

/**
 * The quantization of the reference MAUVE: both sides clustered together by faiss' k-means on principal components. For one
 * seed the clusters are the reference's own, unless texts repeat or nearly so, where its rounding decides. Computed once for a
 * pair of sets and a seed.
 */
export function clusterCounts(synthetic: SampleSet, gold: SampleSet, seed: number): ClusterCounts {
  const known = countsBySeed(synthetic, gold);
  let counts = known.get(seed);
  if (counts === undefined) {
    counts = cluster(synthetic, gold, seed);
    known.set(seed, counts);
  }
  return counts;
}

function cluster(synthetic: SampleSet, gold: SampleSet, seed: number): ClusterCounts {
  const scores = pooledScores(synthetic, gold);
  const k = clusterNumber(synthetic.size, gold.size);
  const { labels } = faissKMeans(scores, k, { seed: seed + 2, redos: REDOS, iterations: ITERATIONS });
  const counts = { gold: new Float64Array(k), synthetic: new Float64Array(k) };
  labels.forEach((label, i) => {
    const side = i < synthetic.size ? counts.synthetic : counts.gold;
    side[label]! += 1;
  });
  return counts;
}
