import { jsDivergence, klDivergence, smoothedShares } from "../numerics/divergence.ts";
import { defineMetric } from "./define.ts";
import type { MetricInput, MetricValue } from "./metric.ts";
import { NEIGHBORS } from "./neighbors.ts";
import { pairwise } from "./pairwise/pairwise.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

export const COSINE_BINS = 50;
const EPSILON = 1e-10;

/** Divergence of the cosine histograms; NaN-free: every bin has at least epsilon. */
function divergence(input: MetricInput, of: (synthetic: Float64Array, gold: Float64Array) => number): MetricValue {
  const sound = soundEmbeddings(input, 2);
  if ("reason" in sound) return { value: null, reason: sound.reason };
  const pairs = pairwise(input.gold, input.synthetic, { neighbors: NEIGHBORS, bins: COSINE_BINS });
  const synthetic = smoothedShares(pairs.synthetic.cosineCounts, EPSILON);
  const gold = smoothedShares(pairs.gold.cosineCounts, EPSILON);
  return { value: of(synthetic, gold), settings: { bins: COSINE_BINS, epsilon: EPSILON, d: sound.gold.cols } };
}

const shared = {
  group: "alignment",
  better: "lower",
  needs: { embeddings: true },
  notes: {
    defaults: "50 equal bins on [-1, 1], epsilon 1e-10, all pairs i < j",
    edges: "fewer than two texts: null; a bin that only one side fills costs about 20 nats per unit of mass (KL)",
    notCopied:
      "np.histogram drops a cosine of 1 + 2e-16; here cosines are cut to [-1, 1] first. Values of other binnings are not comparable",
  },
  floor: true,
} as const;

const blind = "it sees how spread out texts are, never where: never alignment on its own";

/** KL(synthetic || gold) of the histograms of cosines between the texts of one set. */
export const klCosine = defineMetric({
  ...shared,
  id: "kl-cosine",
  name: "KL cosine",
  meaning: `KL(synthetic || gold) in nats between the histograms of all pairwise cosines inside each set; ${blind}.`,
  range: [0, Number.POSITIVE_INFINITY],
  source: "MoP (arXiv 2504.05019) publishes no definition; bins, range and epsilon are fixed by this program",
  compute: (input) => divergence(input, klDivergence),
});

/** KL(gold || synthetic). */
export const klCosineReverse = defineMetric({
  ...shared,
  id: "kl-cosine-reverse",
  name: "KL cosine, reverse",
  meaning: `KL(gold || synthetic) in nats between the histograms of all pairwise cosines inside each set; ${blind}.`,
  range: [0, Number.POSITIVE_INFINITY],
  source: "As kl-cosine",
  compute: (input) => divergence(input, (synthetic, gold) => klDivergence(gold, synthetic)),
});

/** Their Jensen-Shannon divergence. */
export const jsCosine = defineMetric({
  ...shared,
  id: "js-cosine",
  name: "JS cosine",
  meaning: `Jensen-Shannon divergence in nats between the histograms of all pairwise cosines inside each set; ${blind}.`,
  range: [0, Math.LN2],
  source: "As kl-cosine; Lin 1991",
  compute: (input) => divergence(input, jsDivergence),
});
