import { Stream } from "../core/stream.ts";
import { spectralSum } from "../numerics/spectral-sum.ts";
import { symmetricEigenvalues } from "../numerics/symmetric-eigen.ts";
import type { TokenCorpus } from "../text/token-corpus.ts";
import { defineMetric } from "./define.ts";
import { derivedNumbers } from "./memo.ts";
import { corpusOf } from "./ngrams/corpus.ts";
import { NgramKernel } from "./ngrams/cosine-kernel.ts";
import { tokenSettings } from "./sample-set.ts";

/** Up to this many distinct texts every eigenvalue is computed. */
const DENSE_UP_TO = 1500;

/** Eigenvalues below are rounding. */
const NOTHING = 1e-14;

const plogp = (x: number): number => (x > NOTHING ? x * Math.log(x) : 0);

/** A Vendi score, and its relative standard error where part of the spectrum was estimated (else 0). */
export interface NgramVendi {
  readonly score: number;
  readonly error: number;
}

/**
 * exp of the entropy of the eigenvalues of the n-gram kernel, in [1, texts]. Above `denseUpTo` distinct texts the small
 * eigenvalues are estimated (see `spectralSum`) with a fixed stream: equal sets give equal values.
 */
export function ngramVendiScore(corpus: TokenCorpus, denseUpTo = DENSE_UP_TO): NgramVendi {
  const kernel = new NgramKernel(corpus);
  if (kernel.size > denseUpTo) {
    const sum = spectralSum(kernel, plogp, Stream.root(0).derive("ngram-vendi"));
    return { score: Math.exp(-sum.value), error: sum.standardError };
  }
  let sum = 0;
  for (const value of symmetricEigenvalues(kernel.dense(), kernel.size)) sum += plogp(value);
  return { score: Math.exp(-sum), error: 0 };
}

/** Score and error; none for a set without words. */
const scoreOf = derivedNumbers("ngram-vendi@1", (set) => {
  const corpus = corpusOf(set);
  if (corpus.tokens.length === 0) return new Float64Array(0);
  const { score, error } = ngramVendiScore(corpus);
  return Float64Array.of(score, error);
});

/** Vendi score over n-gram cosines. */
export const ngramVendi = defineMetric({
  id: "ngram-vendi",
  name: "n-gram Vendi score",
  meaning:
    "Effective number of texts when likeness is the cosine of their 1- to 4-gram counts: sees repeated wording, not repeated meaning; grows with the set's size.",
  group: "diversity",
  better: "gold",
  range: [0, Number.POSITIVE_INFINITY],
  needs: { texts: true },
  source: `Friedman and Dieng 2023, ngram_vendi_score; above ${DENSE_UP_TO} distinct texts the bulk of the spectrum by stochastic Lanczos quadrature, whose relative standard error stands in the settings`,
  notes: {
    defaults: "mean cosine of 1- to 4-gram counts, q = 1",
    edges: "all texts empty: null; texts without n-grams are like nothing, not even themselves",
    notCopied: "n x n eigenvalues in float64 of the package take minutes beyond a few thousand texts",
  },
  floor: true,
  slow: true,
  subsampleShare: 0.97, // near neighbors run out as texts are added
  compute({ synthetic, gold }) {
    const [score, error] = scoreOf(synthetic);
    const target = scoreOf(gold)[0] ?? null;
    if (score === undefined || error === undefined)
      return { value: null, reason: "All synthetic texts are empty.", gold: target };
    const settings = { n: [1, 2, 3, 4], ...tokenSettings(synthetic), relativeError: Number(error.toPrecision(2)) };
    return { value: score, gold: target, settings };
  },
});
