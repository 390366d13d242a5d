import { defineMetric } from "./define.ts";
import { COSINE_BINS } from "./kl-cosine.ts";
import { NEIGHBORS } from "./neighbors.ts";
import { gaussianSums, unbiasedMmd } from "./pairwise/mmd.ts";
import { pairwise } from "./pairwise/pairwise.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

/** Maximum mean discrepancy under a Gaussian kernel as wide as the median distance. */
export const mmdRbf = defineMetric({
  id: "mmd-rbf",
  name: "MMD (RBF)",
  meaning:
    "Unbiased squared maximum mean discrepancy, Gaussian kernel with the median pooled distance as sigma: 0 for equal laws, sees differences of any kind but small modes only weakly; may be slightly negative.",
  group: "alignment",
  better: "lower",
  range: [-1, 2],
  needs: { embeddings: true },
  source:
    "Gretton et al. 2012, Lemma 6; sigma as numpy's median of all pooled pair distances (sbi takes the lower of the middle two, and its biased form is a root: not copied)",
  notes: {
    defaults: "sigma = median of all pooled pair distances, gamma = 1 / (2 sigma^2), unbiased",
    edges: "fewer than two texts on a side, or more than half of all pairs equal (no bandwidth): null; may be below 0",
    notCopied: "sbi takes the lower of the two middle distances and returns the root of the biased estimate",
  },
  floor: true,
  compute(input) {
    const sound = soundEmbeddings(input, 2);
    if ("reason" in sound) return { value: null, reason: sound.reason };
    const pairs = pairwise(input.gold, input.synthetic, { neighbors: NEIGHBORS, bins: COSINE_BINS });
    const sigma = pairs.median;
    const settings = { kernel: "rbf", sigma, estimator: "unbiased", d: sound.gold.cols };
    if (sigma === 0)
      return {
        value: null,
        reason: "More than half of all pairs of texts have equal embeddings: no bandwidth.",
        settings,
      };
    return { value: unbiasedMmd(gaussianSums(pairs, 1 / (2 * sigma * sigma))), settings };
  },
});
