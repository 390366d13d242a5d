import { TokenCorpus } from "../text/token-corpus.ts";
import { diversityMetric } from "./diversity.ts";
import { derived, tokenSettings, tokensOf } from "./sample-set.ts";

const N = 3;

const lowerCased = derived(
  (set) => new TokenCorpus(tokensOf(set).map((text) => text.map((token) => token.toLowerCase()))),
);

/** Number of distinct n-grams over the standard deviation (ddof 1) of their counts; infinite when all counts are equal. */
export function inverseFrequency(counts: Int32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  const mean = total / counts.length;
  let squares = 0;
  for (const count of counts) squares += (count - mean) ** 2;
  return counts.length / Math.sqrt(squares / (counts.length - 1));
}

/** Inverse n-gram frequency; the paper that reports it publishes no definition, this is that of its source. */
export const ingf = diversityMetric({
  id: "ingf",
  name: "Inverse n-gram frequency",
  meaning:
    "Distinct lower-case trigrams over the spread of their counts: large when no phrase stands out; definition not published by its users, compare only within this program.",
  range: [0, Number.POSITIVE_INFINITY],
  source: "AttrPrompt (Yu et al. 2023) after DQI (Mishra et al. 2020), term T1 for trigrams",
  notes: {
    defaults: "distinct lower-case trigrams over the standard deviation (n - 1) of their counts",
    edges: "all trigrams equally frequent (infinite), or fewer than two: null",
    notCopied: "two other definitions are in use: mean count of a trigram, and the sum of squared shares",
  },
  floor: true,
  noInterval: "a few repeated phrases decide the value, and a few sets do not show how far it varies",
  settings: (set) => ({ n: N, ...tokenSettings(set, ", lower case"), definition: "DQI T1; not published" }),
  of: (set) => {
    const { counts } = lowerCased(set).grams(N);
    if (counts.length < 2) return { reason: "There are fewer than two distinct trigrams." };
    const value = inverseFrequency(counts);
    return Number.isFinite(value) ? value : { reason: "All trigrams are equally frequent: the value is infinite." };
  },
});
