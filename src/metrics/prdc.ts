import { z } from "zod";
import { defineMetric } from "./define.ts";
import { COSINE_BINS } from "./kl-cosine.ts";
import type { AboutMetric, MetricDefinition } from "./metric.ts";
import { NEIGHBORS } from "./neighbors.ts";
import { pairwise } from "./pairwise/pairwise.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

const options = z.strictObject({
  neighbors: z
    .int()
    .min(1)
    .max(1000)
    .default(NEIGHBORS)
    .describe("The ball around a text reaches its neighbor of this rank."),
});

/** One of the four, all of which come from the same pass. */
function prdcMetric(
  id: "precision" | "recall" | "density" | "coverage",
  { most, ...own }: Pick<AboutMetric, "name" | "meaning" | "trials" | "subsampleShare"> & { readonly most: number },
): MetricDefinition {
  return defineMetric({
    id,
    options,
    ...own,
    group: "alignment",
    better: "higher",
    range: [0, most],
    needs: { embeddings: true },
    source:
      "Kynkaanniemi et al. 2019 (precision, recall); Naeem et al. 2020 (density, coverage); prdc, whose float32 distances tell exact copies apart: not copied",
    notes: {
      defaults: "k = 5 (`neighbors`), Euclidean, a point is inside when strictly nearer than the radius",
      edges: "k or fewer texts on a side: null; all texts equal on both sides: 0, as the reference",
      notCopied:
        "prdc compares float32 distances, which call exact copies 1e-7 apart (recall .001 instead of 0); here close calls are made again in float64, and copies are at distance 0",
    },
    floor: true,
    compute(input, { neighbors }) {
      const sound = soundEmbeddings(input);
      if ("reason" in sound) return { value: null, reason: sound.reason };
      const settings = { neighbors, d: sound.gold.cols };
      const fewest = Math.min(sound.gold.rows, sound.synthetic.rows);
      if (fewest <= neighbors)
        return {
          value: null,
          reason: `Needs more than k = ${neighbors} texts on each side; there are ${fewest}.`,
          settings,
        };
      const pairs = pairwise(input.gold, input.synthetic, { neighbors, bins: COSINE_BINS });
      return { value: pairs.cross.prdc[id], settings };
    },
  });
}

/** Precision, recall, density and coverage: balls around each text that reach its k-th nearest neighbor. */
export const prdcMetrics: readonly MetricDefinition[] = [
  prdcMetric("precision", {
    name: "Precision",
    meaning:
      "Share of synthetic texts inside a ball of some gold text: whether they look real; one outlier among gold lets much through, and all-equal texts give 0.",
    most: 1,
    trials: true,
  }),
  prdcMetric("recall", {
    name: "Recall",
    meaning:
      "Share of gold texts inside a ball of some synthetic text: whether real variety is reached; scattered synthetic texts reach it too easily.",
    most: 1,
    subsampleShare: 0.7, // the balls are the synthetic texts' own, and shrink as texts are added
  }),
  prdcMetric("density", {
    name: "Density",
    meaning:
      "Mean number of gold balls that hold a synthetic text, over k: precision that outliers cannot inflate; above 1 where synthetic texts crowd into dense places.",
    most: Number.POSITIVE_INFINITY,
  }),
  prdcMetric("coverage", {
    name: "Coverage",
    meaning:
      "Share of gold balls that hold a synthetic text: how much of the real variety is met; does not see how often.",
    most: 1,
  }),
];
