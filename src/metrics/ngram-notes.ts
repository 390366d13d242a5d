import type { MetricNotes } from "./metric.ts";

/** What is said of metrics that count n-grams. */
export const ngramNotes: MetricNotes = {
  defaults: "tokens of str.split(), n-grams inside texts",
  edges: "no text of n tokens: null",
  notCopied: "ngram_diversity_score counts n-grams across the borders of texts",
};
