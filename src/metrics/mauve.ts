import { type ClusterCounts, clusterCounts, clusterNumber } from "./mauve-clusters.ts";
import { frontierIntegralScore, mauveScore, shares } from "./mauve-curve.ts";
import type { Metric, MetricInput, MetricValue } from "./metric.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

/** Seeds of `mauve-sd`: the one given and the next ones. */
const SPREAD_SEEDS = 5;

/** Krichevsky and Trofimov's addition to each count, for `mauve-star`. */
const SMOOTHING = 0.5;

/** A number of the counts for one seed, for the seeds that the input asks for. */
function clustered(
  input: MetricInput,
  seeds: number,
  settings: { readonly [key: string]: number | string },
  of: (counts: ClusterCounts) => number,
  summary: (values: readonly number[]) => number = (values) => values[0]!,
): MetricValue {
  const sound = soundEmbeddings(input);
  if ("reason" in sound) return { value: null, reason: sound.reason };
  const { synthetic, gold, options } = input;
  const values = Array.from({ length: seeds }, (_, i) => of(clusterCounts(synthetic, gold, options.mauveSeed + i)));
  const k = clusterNumber(synthetic.size, gold.size);
  return { value: summary(values), settings: { ...settings, k, seed: options.mauveSeed, d: sound.gold.cols } };
}

const source = "Pillutla et al. 2021, 2023; krishnap25/mauve v0.4.0, clusters by faiss' own start for the seed";
const shared = {
  group: "alignment",
  needs: { embeddings: true },
  range: [0, 1],
  source,
  floor: true,
  subsampleShare: 0.6, // with nearly all texts kept, chance in the clustering counts several times over; with half, too few clusters
} as const;
const sees =
  "the area under the trade-off curve between what the set makes that gold does not and what gold has that the set lacks";

const plain =
  (c: number) =>
  ({ gold, synthetic }: ClusterCounts): number =>
    mauveScore(shares(gold), shares(synthetic), c);

/** MAUVE with scaling factor 1. */
export const mauve: Metric = {
  ...shared,
  id: "mauve",
  name: "MAUVE (c = 1)",
  meaning: `Overlap of both sets' clusters, ${sees}; never 1 at finite n, biased up at small n, and comparable only with the same encoder, n, k and c.`,
  better: "higher",
  compute: (input) => clustered(input, 1, { c: 1 }, plain(1)),
};

/** MAUVE with the package's scaling factor. */
export const mauveC5: Metric = {
  ...shared,
  id: "mauve-c5",
  name: "MAUVE (c = 5)",
  meaning: `MAUVE with the reference package's own scaling factor: ${sees}; not comparable with c = 1.`,
  better: "higher",
  compute: (input) => clustered(input, 1, { c: 5 }, plain(5)),
};

/** MAUVE of smoothed shares. */
export const mauveStar: Metric = {
  ...shared,
  id: "mauve-star",
  name: "MAUVE* (c = 5, smoothed)",
  meaning: `MAUVE (c = 5) of shares smoothed by half a count, so that clusters one side lacks weigh less at small n: ${sees}.`,
  better: "higher",
  compute: (input) =>
    clustered(input, 1, { c: 5, smoothing: SMOOTHING }, ({ gold, synthetic }) =>
      mauveScore(shares(gold, SMOOTHING), shares(synthetic, SMOOTHING), 5),
    ),
};

/** The frontier integral of the same clusters. */
export const frontierIntegral: Metric = {
  ...shared,
  id: "frontier-integral",
  name: "Frontier integral",
  meaning:
    "The divergence between both sets' clusters, averaged over all mixtures of the two: what MAUVE sees, without a scaling factor.",
  better: "lower",
  source: `Liu et al. 2021; ${source}`,
  compute: (input) =>
    clustered(input, 1, {}, ({ gold, synthetic }) => frontierIntegralScore(shares(gold), shares(synthetic))),
};

/** How much MAUVE depends on the seed of its clustering. */
export const mauveSd: Metric = {
  ...shared,
  id: "mauve-sd",
  name: "Spread of MAUVE (c = 1)",
  meaning:
    "Standard deviation of MAUVE (c = 1) over five seeds of its clustering: differences between systems below it mean nothing.",
  better: "lower",
  floor: false,
  onlyByName: true,
  subsampleShare: null, // fewer texts make fewer clusters, whose seeds spread in another measure
  compute: (input) => clustered(input, SPREAD_SEEDS, { c: 1, seeds: SPREAD_SEEDS }, plain(1), standardDeviation),
};

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
}
