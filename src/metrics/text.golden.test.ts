import { existsSync, readFileSync } from "node:fs";
import pako from "pako";
import { describe, expect, test } from "vitest";
import { splitTokens } from "../core/tokens.ts";
import fixture from "../testing/metrics/text.json" with { type: "json" };
import { TokenCorpus } from "../text/token-corpus.ts";
import { compressionRatio } from "./compression.ts";
import { longestRuns } from "./copying.ts";
import { entropyNats } from "./entropy.ts";
import { meanRougeL, rougeTokens } from "./homogenization.ts";
import { inverseFrequency } from "./ingf.ts";
import { ngramVendiScore } from "./ngram-vendi.ts";
import { clippedMatches } from "./ngrams/clipped.ts";
import { selfBleuScores } from "./self-bleu.ts";
import { selfRepetitionScore } from "./self-repetition.ts";

/** Equal to 1e-9, relative; null stands for "no value". */
function expectClose(found: number, reference: number | null, what: string): void {
  if (reference === null) expect(Number.isFinite(found), `${what}: ${found}`).toBe(false);
  else
    expect(Math.abs(found - reference), `${what}: ${found}, reference ${reference}`).toBeLessThanOrEqual(
      1e-9 * Math.max(1e-3, Math.abs(reference)),
    );
}

const corpusOf = (texts: readonly string[]) => new TokenCorpus(texts.map(splitTokens));
const mean = (numbers: ArrayLike<number>) =>
  Array.from(numbers).reduce((sum, x) => sum + x, 0) / Math.max(1, numbers.length);
const bleuScores = (corpus: TokenCorpus, N: number) =>
  selfBleuScores(
    corpus,
    Array.from({ length: N }, (_, i) => clippedMatches(corpus, i + 1)),
  );

interface NgramReference {
  readonly total: number;
  readonly unique: number;
  readonly distinct_corpus: number;
  readonly entropy_nats: number;
  readonly simpson_sum_p2: number;
  readonly ingf_dqi_T1: number | null;
  readonly ingf_mean_count: number;
}

function expectNgrams(corpus: TokenCorpus, n: number, reference: NgramReference): void {
  const { counts, total } = corpus.grams(n);
  expect([total, counts.length]).toEqual([reference.total, reference.unique]);
  expectClose(counts.length / total, reference.distinct_corpus, `distinct-${n}`);
  expectClose(entropyNats(counts, total), reference.entropy_nats, `entropy-${n}`);
  const simpson = counts.reduce((sum, count) => sum + (count / total) ** 2, 0);
  expectClose(simpson, reference.simpson_sum_p2, `simpson-${n}`);
  expectClose(inverseFrequency(counts), reference.ingf_dqi_T1, `ingf-${n}`);
  expectClose(total / counts.length, reference.ingf_mean_count, `mean count-${n}`);
}

const lowerTrigrams = (texts: readonly string[]) =>
  inverseFrequency(
    new TokenCorpus(texts.map((text) => splitTokens(text).map((token) => token.toLowerCase()))).grams(3).counts,
  );

describe("60 sentences of our own, values of the reference implementations", () => {
  const { sentences, values } = fixture;
  const corpus = corpusOf(sentences);

  test("n-gram counts, distinct, entropy, INGF", () => {
    for (const n of [1, 2, 3, 4] as const) expectNgrams(corpus, n, values.ngram[n]);
    expectClose(lowerTrigrams(sentences), values.ingf, "ingf");
  });

  test("Self-BLEU-2 .. 5 of nltk, sentence by sentence", () => {
    for (const N of [2, 3, 4, 5] as const) expectClose(mean(bleuScores(corpus, N)), values.self_bleu[N], `BLEU-${N}`);
    for (const [i, score] of bleuScores(corpus, 4).entries())
      expectClose(score, values.self_bleu_4_per_sentence[i]!, `sentence ${i}`);
  });

  test("self-repetition, ROUGE-L homogenization, compression, n-gram Vendi", () => {
    expectClose(selfRepetitionScore(corpus, 4), values.self_repetition_4, "self-repetition");
    expectClose(meanRougeL(sentences), values.rougeL, "ROUGE-L");
    expectClose(compressionRatio(sentences), values.gzip9_ratio, "compression");
    expectClose(ngramVendiScore(corpus).score, values.ngram_vendi, "n-gram Vendi");
  });

  test("BLEU's edge cases: a hypothesis against others is the last of a set against all others", () => {
    for (const { refs, hyp, n, bleu_method1 } of fixture.bleu_edge_cases) {
      const scores = bleuScores(new TokenCorpus([...refs, hyp]), n);
      expectClose(scores[refs.length]!, bleu_method1, `${hyp.join(" ")} (N = ${n})`);
    }
  });
});

const golden = new URL("../../../shared/golden/", import.meta.url);

interface TextReference {
  readonly ngram: Readonly<Record<"1" | "2" | "3" | "4", NgramReference>> & {
    readonly ingf_dqi_T1_trigram_lower: number | null;
    readonly ingf_simpson_1to3: number;
  };
  readonly self_bleu: Readonly<Record<string, { readonly mean: number; readonly per_sentence: readonly number[] }>>;
  readonly bleu_vs_gold?: Readonly<Record<string, { readonly mean: number; readonly first5: readonly number[] }>>;
  readonly diversity_ngram_diversity_score: number;
  readonly self_repetition_4: number;
  readonly homogenization: { readonly rougeL_unrounded: number };
  readonly compression: Readonly<Record<string, number>>;
  readonly ngram_vendi: number | null;
  readonly memorisation_vs_gold: {
    readonly longest_run: readonly number[];
    readonly mean: number;
    readonly max: number;
    readonly mean_fraction_of_len: number;
  };
}

describe.skipIf(!existsSync(golden))("all corpora of ../shared/golden (skipped where that folder is missing)", () => {
  const read = (name: string) => JSON.parse(readFileSync(new URL(name, golden), "utf8"));
  const corpora: Record<string, readonly string[]> = existsSync(golden) ? read("text_corpus.json") : {};
  const references: Record<string, TextReference> = existsSync(golden) ? read("text_golden.json") : {};

  test.each(Object.keys(corpora))("%s", (name) => {
    const texts = corpora[name]!;
    const reference = references[name]!;
    const corpus = corpusOf(texts);
    for (const n of [1, 2, 3, 4] as const) expectNgrams(corpus, n, reference.ngram[n]);
    expectClose(lowerTrigrams(texts), reference.ngram.ingf_dqi_T1_trigram_lower, "ingf");
    for (const N of [2, 3, 4, 5]) {
      const scores = bleuScores(corpus, N);
      expectClose(mean(scores), reference.self_bleu[N]!.mean, `Self-BLEU-${N}`);
      for (const [i, score] of scores.entries())
        expectClose(score, reference.self_bleu[N]!.per_sentence[i]!, `BLEU-${N} of ${i}`);
    }
    expectClose(selfRepetitionScore(corpus, 4), reference.self_repetition_4, "self-repetition");
    // The package says 1 where no two texts share a word; they are as unlike as can be.
    const unlike = texts.every((a, i) => texts.every((b, j) => i === j || !shareWord(a, b)));
    expectClose(meanRougeL(texts), unlike ? 0 : reference.homogenization.rougeL_unrounded, "ROUGE-L");
    if (reference.ngram_vendi !== null)
      expectClose(ngramVendiScore(corpus).score, reference.ngram_vendi, "n-gram Vendi");
  });

  test.each(Object.keys(corpora))("%s: bytes of every compression level", (name) => {
    const bytes = new TextEncoder().encode(corpora[name]!.join(" "));
    const { compression } = references[name]!;
    expect(bytes.length).toBe(compression.bytes_space_joined);
    for (const level of [1, 6, 9] as const)
      expect(pako.gzip(bytes, { level }).length).toBe(compression[`gzip${level}_len`]);
    expect(pako.deflateRaw(bytes, { level: 9 }).length).toBe(compression.deflate_raw9_len);
    expectClose(compressionRatio(corpora[name]!), compression.gzip9_ratio!, "ratio");
  });

  test.each(Object.keys(corpora))("%s: longest runs copied from gold", (name) => {
    const reference = references[name]!.memorisation_vs_gold;
    const tokens = corpora[name]!.map(splitTokens);
    const runs = longestRuns(tokens, corpora.gold!.map(splitTokens));
    expect([...runs]).toEqual(reference.longest_run);
    expectClose(mean(runs), reference.mean, "mean");
    expect(Math.max(...runs)).toBe(reference.max);
    expectClose(
      mean(Array.from(runs, (run, i) => run / Math.max(1, tokens[i]!.length))),
      reference.mean_fraction_of_len,
      "share of the text",
    );
  });

  test.each(Object.keys(corpora))("%s: BLEU against gold, and the diversity package's own n-gram score", (name) => {
    const gold = corpora.gold!.map(splitTokens);
    const tokens = corpora[name]!.map(splitTokens);
    for (const [N, reference] of Object.entries(references[name]!.bleu_vs_gold ?? {})) {
      const scores = tokens.map((text) => bleuScores(new TokenCorpus([...gold, text]), Number(N))[gold.length]!);
      expectClose(mean(scores), reference.mean, `BLEU-${N} against gold`);
      for (const [i, score] of reference.first5.entries()) expectClose(scores[i]!, score, `BLEU-${N} of ${i}`);
    }
    const oneText = new TokenCorpus([corpora[name]!.join(" ").split(" ")]);
    const sum = [1, 2, 3, 4].reduce((all, n) => all + oneText.grams(n).counts.length / oneText.grams(n).total, 0);
    expect(sum).toBeCloseTo(references[name]!.diversity_ngram_diversity_score, 3);
  });
});

function shareWord(a: string, b: string): boolean {
  const words = new Set(rougeTokens(a));
  return rougeTokens(b).some((word) => words.has(word));
}
