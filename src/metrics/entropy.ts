import { diversityMetric } from "./diversity.ts";
import type { MetricDefinition } from "./metric.ts";
import { ngramNotes } from "./ngram-notes.ts";
import { corpusOf } from "./ngrams/corpus.ts";
import { tokenSettings } from "./sample-set.ts";

/** Shannon entropy of the frequencies counts / total, in nats. */
export function entropyNats(counts: Int32Array, total: number): number {
  let sum = 0;
  for (const count of counts) sum -= (count / total) * Math.log(count / total);
  return sum;
}

function entropy(id: string, n: number): MetricDefinition {
  return diversityMetric({
    id,
    name: `Entropy of ${n}-grams`,
    meaning: `Shannon entropy (nats) of the set's ${n}-gram frequencies: how evenly phrases are used; grows with the set's size.`,
    range: [0, Number.POSITIVE_INFINITY],
    source: "Zhang et al. 2018 (Ent-n); n-grams within texts",
    notes: ngramNotes,
    floor: n >= 2,
    settings: (set) => ({ n, ...tokenSettings(set), unit: "nats" }),
    of: (set) => {
      const { counts, total } = corpusOf(set).grams(n);
      return total === 0 ? { reason: `No text has ${n} tokens.` } : entropyNats(counts, total);
    },
  });
}

/** `entropy` is that of bigrams. */
export const entropyMetrics: readonly MetricDefinition[] = [
  entropy("entropy", 2),
  ...[1, 2, 3, 4].map((n) => entropy(`entropy-${n}`, n)),
];
