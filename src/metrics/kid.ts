import { defineMetric } from "./define.ts";
import { COSINE_BINS } from "./kl-cosine.ts";
import { NEIGHBORS } from "./neighbors.ts";
import { cubicSums, unbiasedMmd } from "./pairwise/mmd.ts";
import { pairwise } from "./pairwise/pairwise.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

/** Kernel distance of Binkowski et al., over the whole sets. */
export const kid = defineMetric({
  id: "kid",
  name: "KID",
  meaning:
    "Unbiased squared maximum mean discrepancy under (x.y / d + 1)^3: for unit-length text embeddings nearly 3/d times the squared distance of the means, so tiny, and blind to more; may be slightly negative.",
  group: "alignment",
  better: "lower",
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  needs: { embeddings: true },
  source: "Binkowski et al. 2018; all pairs instead of the unseeded subsets of clean-fid and torch-fidelity",
  notes: {
    defaults: "(x.y / d + 1)^3, all pairs, unbiased",
    edges: "fewer than two texts on a side: null; may be below 0; about 1e-4 for unit rows",
    notCopied:
      "clean-fid draws 100 unseeded subsets; torch-fidelity refuses fewer than 1000 rows. All pairs have no such variance",
  },
  floor: true,
  compute(input) {
    const sound = soundEmbeddings(input, 2);
    if ("reason" in sound) return { value: null, reason: sound.reason };
    const pairs = pairwise(input.gold, input.synthetic, { neighbors: NEIGHBORS, bins: COSINE_BINS });
    return {
      value: unbiasedMmd(cubicSums(pairs)),
      settings: { kernel: "(x.y/d + 1)^3", estimator: "unbiased", subsets: "none", d: sound.gold.cols },
    };
  },
});
