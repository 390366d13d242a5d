import { z } from "zod";
import { seedNumber } from "../config/bounds.ts";
import { defineMetric } from "./define.ts";
import { type ClusterCounts, clusterCounts, clusterNumber } from "./mauve-clusters.ts";
import { frontierIntegralScore, mauveScore, shares } from "./mauve-curve.ts";
import type { MetricInput, MetricNotes, MetricValue } from "./metric.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

/** Seeds of `mauve-sd`: the one given and the next ones. */
const SPREAD_SEEDS = 5;

/** Krichevsky and Trofimov's addition to each count, for `mauve-star`. */
const SMOOTHING = 0.5;

const options = z.strictObject({
  seed: seedNumber.default(25).describe("Seed of the clustering; the reference's is 25."),
});
type Options = z.output<typeof options>;

/** A number of the counts for one seed, for the seeds that the input asks for. */
function clustered(
  input: MetricInput,
  { seed }: Options,
  seeds: number,
  settings: { readonly [key: string]: number | string },
  of: (counts: ClusterCounts) => number,
  summary: (values: readonly number[]) => number = (values) => values[0]!,
): MetricValue {
  const sound = soundEmbeddings(input);
  if ("reason" in sound) return { value: null, reason: sound.reason };
  const { synthetic, gold } = input;
  const values = Array.from({ length: seeds }, (_, i) => of(clusterCounts(synthetic, gold, seed + i)));
  const k = clusterNumber(synthetic.size, gold.size);
  return { value: summary(values), settings: { ...settings, k, seed, d: sound.gold.cols } };
}

const source = "Pillutla et al. 2021, 2023; krishnap25/mauve v0.4.0, clusters by faiss' own start for the seed";
const shared = {
  group: "alignment",
  needs: { embeddings: true },
  range: [0, 1],
  source,
  options,
  floor: true,
  subsampleShare: 0.6, // with nearly all texts kept, chance in the clustering counts several times over; with half, too few clusters
} as const;
const notes = (before = "", after = ""): MetricNotes => ({
  defaults: `${before}k = round(n / 10), at least 2; PCA to 90 % of the variance; 5 k-means starts; 25 points; \`seed\` 25${after}`,
  edges: "disjoint clusters give a small positive number, not 0; few texts are put into two clusters at least",
  notCopied:
    "nothing: the value is the reference's for the same seed, near-duplicate sets aside, where float32 ties decide",
});
const sees =
  "the area under the trade-off curve between what the set makes that gold does not and what gold has that the set lacks";

const plain =
  (c: number) =>
  ({ gold, synthetic }: ClusterCounts): number =>
    mauveScore(shares(gold), shares(synthetic), c);

/** MAUVE with scaling factor 1. */
export const mauve = defineMetric({
  ...shared,
  id: "mauve",
  notes: notes("c = 1; "),
  name: "MAUVE (c = 1)",
  meaning: `Overlap of both sets' clusters, ${sees}; never 1 at finite n, biased up at small n, and comparable only with the same encoder, n, k and c.`,
  better: "higher",
  compute: (input, chosen) => clustered(input, chosen, 1, { c: 1 }, plain(1)),
});

/** MAUVE with the package's scaling factor. */
export const mauveC5 = defineMetric({
  ...shared,
  id: "mauve-c5",
  notes: notes("c = 5; "),
  name: "MAUVE (c = 5)",
  meaning: `MAUVE with the reference package's own scaling factor: ${sees}; not comparable with c = 1.`,
  better: "higher",
  compute: (input, chosen) => clustered(input, chosen, 1, { c: 5 }, plain(5)),
});

/** MAUVE of smoothed shares. */
export const mauveStar = defineMetric({
  ...shared,
  id: "mauve-star",
  notes: notes("c = 5, shares smoothed by half a count; "),
  name: "MAUVE* (c = 5, smoothed)",
  meaning: `MAUVE (c = 5) of shares smoothed by half a count, so that clusters one side lacks weigh less at small n: ${sees}.`,
  better: "higher",
  compute: (input, chosen) =>
    clustered(input, chosen, 1, { c: 5, smoothing: SMOOTHING }, ({ gold, synthetic }) =>
      mauveScore(shares(gold, SMOOTHING), shares(synthetic, SMOOTHING), 5),
    ),
});

/** The frontier integral of the same clusters. */
export const frontierIntegral = defineMetric({
  ...shared,
  id: "frontier-integral",
  notes: notes(),
  name: "Frontier integral",
  meaning:
    "The divergence between both sets' clusters, averaged over all mixtures of the two: what MAUVE sees, without a scaling factor.",
  better: "lower",
  source: `Liu et al. 2021; ${source}`,
  compute: (input, chosen) =>
    clustered(input, chosen, 1, {}, ({ gold, synthetic }) => frontierIntegralScore(shares(gold), shares(synthetic))),
});

/** How much MAUVE depends on the seed of its clustering. */
export const mauveSd = defineMetric({
  ...shared,
  id: "mauve-sd",
  notes: notes("c = 1 at five seeds from `seed`; ", "; in no group, ask for it by name"),
  name: "Spread of MAUVE (c = 1)",
  meaning:
    "Standard deviation of MAUVE (c = 1) over five seeds of its clustering: differences between systems below it mean nothing.",
  better: "lower",
  floor: false,
  onlyByName: true,
  subsampleShare: null, // fewer texts make fewer clusters, whose seeds spread in another measure
  compute: (input, chosen) =>
    clustered(input, chosen, SPREAD_SEEDS, { c: 1, seeds: SPREAD_SEEDS }, plain(1), standardDeviation),
});

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
}
