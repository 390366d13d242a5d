import type { Stream } from "../ports.ts";

/** Share of each word that the context explains; the manner explains the rest. */
const CONTEXT_PART = 0.6;
/** Pseudo-counts of the background's words in each manner. */
const PRIOR = 200;
const ROUNDS = 14;
/** Texts the rounds look at; the others are only assigned. */
const SAMPLE = 1200;

/** A text's terms, by number, each with its probability in texts of the same context. */
export interface MannerText {
  readonly terms: Int32Array;
  readonly expected: Float64Array;
}

/**
 * Manners of writing, found as a mixture model: a text of manner m draws each word from the words of its context with
 * probability CONTEXT_PART, else from the words of m. What the context explains is so taken out, and what is left are
 * habits: favorite words, marks, capitals. Fitted by EM with annealing (Ueda and Nakano 1998) from random shares.
 */
export class Manners {
  readonly count: number;
  readonly width: number;
  /** Share of each manner. */
  readonly shares: Float64Array;
  /** p(term | manner), [term * count + manner]. */
  readonly #words: Float64Array;

  private constructor(count: number, width: number, shares: Float64Array, words: Float64Array) {
    this.count = count;
    this.width = width;
    this.shares = shares;
    this.#words = words;
  }

  /** @param background - probability of each term over all texts. */
  static learn(texts: readonly MannerText[], background: Float64Array, wanted: number, random: Stream): Manners {
    const count = Math.max(1, Math.min(wanted, Math.floor(texts.length / 4)));
    const step = Math.max(1, texts.length / SAMPLE);
    const sample = texts.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
    const width = background.length;
    let manners = new Manners(count, width, new Float64Array(count).fill(1 / count), new Float64Array(width * count));
    const posteriors = sample.map(() => {
      const shares = Float64Array.from({ length: count }, () => random.next() ** 4 + 1e-3);
      return normalize(shares);
    });
    for (let round = 0; round < ROUNDS; round++) {
      manners = manners.#refit(sample, posteriors, background, round === 0);
      // Annealing: soft at first, so that no early guess is final.
      const sharpness = Math.min(1, 0.1 + 0.08 * round);
      sample.forEach((text, i) => {
        posteriors[i] = softmax(manners.#logPosterior(text), sharpness);
      });
    }
    return manners;
  }

  /** ln p(text | manner), by manner. */
  logLikelihoods(text: MannerText): Float64Array {
    const { count } = this;
    const logs = new Float64Array(count);
    const products = new Float64Array(count).fill(1);
    for (let i = 0; i < text.terms.length; i++) {
      const start = text.terms[i]! * count;
      const expected = CONTEXT_PART * text.expected[i]!;
      for (let m = 0; m < count; m++) products[m]! *= expected + (1 - CONTEXT_PART) * this.#words[start + m]!;
      // One logarithm for sixteen words: a product of sixteen stays far from underflow.
      if (i % 16 === 15 || i === text.terms.length - 1) {
        for (let m = 0; m < count; m++) {
          logs[m]! += Math.log(products[m]!);
          products[m] = 1;
        }
      }
    }
    return logs;
  }

  /** The likeliest manner of a text. */
  assign(text: MannerText): number {
    const logs = this.#logPosterior(text);
    let best = 0;
    for (let m = 1; m < logs.length; m++) if (logs[m]! > logs[best]!) best = m;
    return best;
  }

  #logPosterior(text: MannerText): Float64Array {
    return this.logLikelihoods(text).map((value, m) => value + Math.log(this.shares[m]!));
  }

  #refit(
    texts: readonly MannerText[],
    posteriors: readonly Float64Array[],
    background: Float64Array,
    initial: boolean,
  ): Manners {
    const { count, width } = this;
    const words = new Float64Array(width * count);
    const totals = new Float64Array(count);
    const shares = new Float64Array(count).fill(1);
    texts.forEach(({ terms, expected }, i) => {
      const posterior = posteriors[i]!;
      for (let m = 0; m < count; m++) shares[m]! += posterior[m]!;
      for (let j = 0; j < terms.length; j++) {
        const start = terms[j]! * count;
        for (let m = 0; m < count; m++) {
          const own = (1 - CONTEXT_PART) * this.#words[start + m]!;
          const part = initial ? 1 : own / (own + CONTEXT_PART * expected[j]!);
          words[start + m]! += posterior[m]! * part;
          totals[m]! += posterior[m]! * part;
        }
      }
    });
    for (let term = 0; term < width; term++) {
      for (let m = 0; m < count; m++) {
        words[term * count + m] = (words[term * count + m]! + PRIOR * background[term]!) / (totals[m]! + PRIOR);
      }
    }
    return new Manners(count, width, normalize(shares), words);
  }
}

/** exp(sharpness * logs), normalized. */
export function softmax(logs: Float64Array, sharpness: number): Float64Array {
  const top = logs.reduce((most, value) => Math.max(most, value), -Infinity);
  return normalize(logs.map((value) => Math.exp(sharpness * (value - top))));
}

function normalize(values: Float64Array): Float64Array {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}
