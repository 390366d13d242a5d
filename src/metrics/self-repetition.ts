import type { TokenCorpus } from "../text/token-corpus.ts";
import { diversityMetric } from "./diversity.ts";
import { corpusOf } from "./ngrams/corpus.ts";
import { tokenSettings } from "./sample-set.ts";

const N = 4;

/**
 * Mean over texts of ln(1 + r), r = how often the text's distinct n-grams occur in other texts, counting each text once.
 */
export function selfRepetitionScore(corpus: TokenCorpus, n: number): number {
  const { ids, counts } = corpus.grams(n);
  const textsWith = new Int32Array(counts.length);
  const lastText = new Int32Array(counts.length).fill(-1);
  const eachDistinct = (visit: (text: number, id: number) => void) => {
    lastText.fill(-1);
    for (let text = 0; text < corpus.size; text++) {
      for (let at = corpus.starts[text]!; at < corpus.starts[text + 1]!; at++) {
        const id = ids[at]!;
        if (id < 0) break;
        if (lastText[id] === text) continue;
        lastText[id] = text;
        visit(text, id);
      }
    }
  };
  eachDistinct((_, id) => {
    textsWith[id]! += 1;
  });
  const repeats = new Float64Array(corpus.size);
  eachDistinct((text, id) => {
    repeats[text]! += textsWith[id]! - 1;
  });
  return repeats.reduce((sum, r) => sum + Math.log(r + 1), 0) / corpus.size;
}

/** Self-repetition of 4-grams. */
export const selfRepetition = diversityMetric({
  id: "self-repetition",
  name: "Self-repetition",
  meaning:
    "Mean log of how often a text's 4-grams return in other texts: stock phrases and templates; long texts repeat more.",
  range: [0, Number.POSITIVE_INFINITY],
  source: "Salkar et al. 2022; Shaib et al. 2024, package diversity, self_repetition(n=4)",
  notes: {
    defaults: "4-grams of str.split(), natural logarithm",
    edges: "texts of fewer than 4 tokens add 0",
    notCopied: "the package sums over a list in quadratic time",
  },
  floor: true,
  slow: true,
  settings: (set) => ({ n: N, ...tokenSettings(set) }),
  of: (set) => selfRepetitionScore(corpusOf(set), N),
});
