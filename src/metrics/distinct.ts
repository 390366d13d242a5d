import { diversityMetric } from "./diversity.ts";
import type { MetricDefinition } from "./metric.ts";
import { ngramNotes } from "./ngram-notes.ts";
import { corpusOf } from "./ngrams/corpus.ts";
import { tokenSettings } from "./sample-set.ts";

function distinct(id: string, n: number): MetricDefinition {
  return diversityMetric({
    id,
    name: `Distinct-${n}`,
    meaning: `Distinct ${n}-grams over all ${n}-grams of the set; falls as the set grows, so only sets of equal size and length compare.`,
    range: [0, 1],
    source: "Li et al. 2016; denominator: all n-grams of the set (not tokens), n-grams within texts",
    notes: ngramNotes,
    floor: n >= 2,
    settings: (set) => ({ n, ...tokenSettings(set) }),
    of: (set) => {
      const { counts, total } = corpusOf(set).grams(n);
      return total === 0 ? { reason: `No text has ${n} tokens.` } : counts.length / total;
    },
  });
}

/** `distinct` is Distinct-2. */
export const distinctMetrics: readonly MetricDefinition[] = [
  distinct("distinct", 2),
  ...[1, 2, 3, 4].map((n) => distinct(`distinct-${n}`, n)),
];
