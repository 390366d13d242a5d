import { TokenCorpus } from "../text/token-corpus.ts";
import { whitespace } from "../text/tokenizer.ts";
import { diversityMetric } from "./diversity.ts";
import { CommonSubsequences } from "./ngrams/lcs.ts";
import { tokenSettings } from "./sample-set.ts";

/** Tokens of the rouge_score package without stemming: runs of a-z and 0-9 of the lower-cased text. */
export function rougeTokens(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/**
 * Mean ROUGE-L (F1) over all pairs of different texts, in [0, 1]; pairs without a common word count 0. F1 is symmetric, so each
 * pair is computed once. NaN for fewer than two texts.
 */
export function meanRougeL(texts: readonly string[], tokens: (text: string) => string[] = rougeTokens): number {
  const corpus = new TokenCorpus(texts.map(tokens));
  const n = corpus.size;
  if (n < 2) return Number.NaN;
  const lengthOf = Int32Array.from({ length: n }, (_, i) => corpus.lengthOf(i));
  let total = 0;
  new CommonSubsequences(corpus).eachRow((i, shared) => {
    let sum = 0;
    for (let j = i + 1; j < n; j++) if (shared[j]! > 0) sum += (2 * shared[j]!) / (lengthOf[i]! + lengthOf[j]!);
    total += sum;
  });
  return total / ((n * (n - 1)) / 2);
}

/** Homogenization score with ROUGE-L. */
export const homogenization = diversityMetric({
  id: "homogenization",
  name: "Homogenization (ROUGE-L)",
  meaning:
    "Mean ROUGE-L F1 over all pairs of texts: common word sequences; unless the tokenizer is `words` it sees a-z and 0-9 only, and other scripts count as empty.",
  range: [0, 1],
  source:
    "Shaib et al. 2024, package diversity, homogenization(rougel), not rounded; texts with nothing in common score 0 (the package says 1)",
  notes: {
    defaults: "a-z and 0-9 lower-cased, F1 of the longest common subsequence, all pairs",
    edges: "texts in other scripts have no tokens unless the tokenizer is `words`",
    notCopied: "the package returns 1 where no two texts share a word, and rounds to 3 digits",
  },
  floor: true,
  slow: true,
  settings: (set) => ({
    measure: "rougeL",
    ...(set.tokenizer === whitespace
      ? { tokenizer: "[a-z0-9]+ of the lower-cased text" }
      : tokenSettings(set, ", lower case")),
  }),
  of: (set) => {
    if (set.size < 2) return { reason: "One text has no others to be held against." };
    const { tokenizer } = set;
    return meanRougeL(
      set.texts ?? [],
      tokenizer === whitespace ? rougeTokens : (text) => tokenizer.split(text.toLowerCase()),
    );
  },
});
