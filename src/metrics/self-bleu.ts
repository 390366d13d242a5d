import type { TokenCorpus } from "../text/token-corpus.ts";
import { diversityMetric } from "./diversity.ts";
import type { MetricDefinition } from "./metric.ts";
import { clippedMatches } from "./ngrams/clipped.ts";
import { corpusOf } from "./ngrams/corpus.ts";
import { derived, tokenSettings } from "./sample-set.ts";

/** What nltk's smoothing method 1 puts in place of a count of zero. */
const EPSILON = 0.1;

/** Matches of n = 1, 2, ... of a set, each computed once for all N. */
const matchesOf = derived((set) => {
  const corpus = corpusOf(set);
  const known: Int32Array[] = [];
  return (N: number) => {
    for (let n = known.length + 1; n <= N; n++) known.push(clippedMatches(corpus, n));
    return known.slice(0, N);
  };
});

/**
 * BLEU-N of each text against all others (nltk `sentence_bleu`, smoothing method 1, equal weights), in [0, 1].
 * @param matches clipped matches of each text for n = 1, 2, .. (see `clippedMatches`); N is how many there are.
 */
export function selfBleuScores(corpus: TokenCorpus, matches: readonly Int32Array[]): Float64Array {
  const N = matches.length;
  const closest = closestOtherLengths(corpus);
  const scores = new Float64Array(corpus.size);
  for (let i = 0; i < corpus.size; i++) {
    const length = corpus.lengthOf(i);
    if (matches[0]![i] === 0) continue; // nltk: no known word, no score
    let logs = 0;
    for (let n = 1; n <= N; n++) logs += Math.log((matches[n - 1]![i]! || EPSILON) / Math.max(1, length - n + 1)) / N;
    const brevity = length > closest[i]! ? 1 : Math.exp(1 - closest[i]! / length);
    scores[i] = brevity * Math.exp(logs);
  }
  return scores;
}

/** For each text the length, among all others', that is nearest to its own; the shorter of two equally near. */
function closestOtherLengths(corpus: TokenCorpus): Int32Array {
  const textsOfLength = new Map<number, number>();
  for (let i = 0; i < corpus.size; i++) {
    const length = corpus.lengthOf(i);
    textsOfLength.set(length, (textsOfLength.get(length) ?? 0) + 1);
  }
  const lengths = Int32Array.from([...textsOfLength.keys()].sort((a, b) => a - b));
  const nearest = new Map<number, number>();
  for (const [at, length] of lengths.entries()) {
    const below = at > 0 ? lengths[at - 1]! : Number.NEGATIVE_INFINITY;
    const above = at + 1 < lengths.length ? lengths[at + 1]! : Number.POSITIVE_INFINITY;
    const other = length - below <= above - length ? below : above;
    nearest.set(length, textsOfLength.get(length)! > 1 ? length : other);
  }
  return Int32Array.from({ length: corpus.size }, (_, i) => nearest.get(corpus.lengthOf(i))!);
}

function selfBleu(id: string, N: number): MetricDefinition {
  return diversityMetric({
    id,
    name: `Self-BLEU-${N}`,
    meaning: `How much of a text's n-grams up to ${N} words stand in some other text of the same set; grows with the set's size, and sees words only, not meaning.`,
    range: [0, 1],
    source: "Zhu et al. 2018 (Texygen); nltk 3.8 sentence_bleu, smoothing method 1, all other texts as references",
    notes: {
      defaults: "str.split(), all other texts as references, smoothing method 1 (0.1)",
      edges: "one text: null; a text without a known word scores 0; an empty text scores 0",
      notCopied:
        "Texygen reads the first 500 lines and may leave a text among its own references; fast-bleu keeps float32 weights and reads past an array",
    },
    floor: true,
    settings: (set) => ({ n: N, ...tokenSettings(set) }),
    of: (set) => {
      if (set.size < 2) return { reason: "One text has no others to be held against." };
      const scores = selfBleuScores(corpusOf(set), matchesOf(set)(N));
      return scores.reduce((sum, score) => sum + score, 0) / scores.length;
    },
  });
}

/** `self-bleu` is Self-BLEU-4. */
export const selfBleuMetrics: readonly MetricDefinition[] = [
  selfBleu("self-bleu", 4),
  ...[2, 3, 4, 5].map((N) => selfBleu(`self-bleu-${N}`, N)),
];
