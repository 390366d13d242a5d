import { COSINE_BINS } from "./kl-cosine.ts";
import type { Metric } from "./metric.ts";
import { cubicSums, unbiasedMmd } from "./pairwise/mmd.ts";
import { pairwise } from "./pairwise/pairwise.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

/** Kernel distance of Binkowski et al., over the whole sets. */
export const kid: Metric = {
  id: "kid",
  name: "KID",
  meaning:
    "Unbiased squared maximum mean discrepancy under (x.y / d + 1)^3: for unit-length text embeddings nearly 3/d times the squared distance of the means, so tiny, and blind to more; may be slightly negative.",
  group: "alignment",
  better: "lower",
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  needs: { embeddings: true },
  source: "Binkowski et al. 2018; all pairs instead of the unseeded subsets of clean-fid and torch-fidelity",
  floor: true,
  compute(input) {
    const sound = soundEmbeddings(input, 2);
    if ("reason" in sound) return { value: null, reason: sound.reason };
    const pairs = pairwise(input.gold, input.synthetic, { neighbors: input.options.neighbors, bins: COSINE_BINS });
    return {
      value: unbiasedMmd(cubicSums(pairs)),
      settings: { kernel: "(x.y/d + 1)^3", estimator: "unbiased", subsets: "none", d: sound.gold.cols },
    };
  },
};
