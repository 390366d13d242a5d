import { TAILS } from "./tokenizer.ts";
import { END, type Vocabulary } from "./vocabulary.ts";

/**
 * What the prompt's exemplars say about the next token: which tokens followed which, and which words were used at all.
 * Two overlays on the mixture's p, each exactly normalised:
 * `p' = (count(v, w) + beta * p) / (count(v) + beta)` after the token v, and `p'' = (1 - eta) p' + eta * u(w | tail)` with u in
 * proportion to count times rarity, over the tokens allowed after the tail (eta = 0 where none is).
 */
export class ExemplarCache {
  /** Sorted keys of (previous, token) pairs with running counts; previous is END at the start. */
  readonly #pairKeys: Float64Array;
  readonly #pairCounts: Int32Array;
  readonly #words: Int32Array;
  readonly #weights: Float64Array;
  readonly #totals: Float64Array;
  readonly #size: number;
  readonly #vocabulary: Vocabulary;

  /** @param texts - token ids of each exemplar, ending in END; @param rarity - weight of each token in u. */
  constructor(texts: readonly Int32Array[], rarity: Float64Array, vocabulary: Vocabulary) {
    this.#size = vocabulary.size;
    this.#vocabulary = vocabulary;
    const pairs = new Map<number, number>();
    const words = new Map<number, number>();
    for (const tokens of texts) {
      let previous = END;
      for (const token of tokens) {
        // An unknown word is not repeated: its escape would spell another one.
        if (!vocabulary.isEscape(token)) {
          const key = previous * this.#size + token;
          pairs.set(key, (pairs.get(key) ?? 0) + 1);
          if (token !== END) words.set(token, (words.get(token) ?? 0) + 1);
        }
        previous = token;
      }
    }
    this.#pairKeys = Float64Array.from(pairs.keys()).sort();
    this.#pairCounts = Int32Array.from(this.#pairKeys, (key) => pairs.get(key)!);
    this.#words = Int32Array.from(words.keys()).sort();
    this.#weights = Float64Array.from(this.#words, (word) => words.get(word)! * rarity[word]!);
    this.#totals = new Float64Array(TAILS);
    for (let tail = 0; tail < TAILS; tail++) {
      for (let i = 0; i < this.#words.length; i++) {
        if (vocabulary.allows(tail, this.#words[i]!)) this.#totals[tail]! += this.#weights[i]!;
      }
    }
  }

  /** First pair whose previous token is at least this. */
  #lower(key: number): number {
    let low = 0;
    let high = this.#pairKeys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#pairKeys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How often `previous` occurred. */
  countOf(previous: number): number {
    let count = 0;
    const end = (previous + 1) * this.#size;
    for (let i = this.#lower(previous * this.#size); i < this.#pairKeys.length && this.#pairKeys[i]! < end; i++) {
      count += this.#pairCounts[i]!;
    }
    return count;
  }

  countOfPair(previous: number, token: number): number {
    const key = previous * this.#size + token;
    const at = this.#lower(key);
    return this.#pairKeys[at] === key ? this.#pairCounts[at]! : 0;
  }

  /** The successor of `previous` at this point of [0, countOf(previous)). */
  drawSuccessor(previous: number, point: number): number {
    let at = this.#lower(previous * this.#size);
    let left = point - this.#pairCounts[at]!;
    while (left >= 0) left -= this.#pairCounts[++at]!;
    return this.#pairKeys[at]! - previous * this.#size;
  }

  forEachSuccessor(previous: number, visit: (token: number, count: number) => void): void {
    const end = (previous + 1) * this.#size;
    for (let i = this.#lower(previous * this.#size); i < this.#pairKeys.length && this.#pairKeys[i]! < end; i++) {
      visit(this.#pairKeys[i]! - previous * this.#size, this.#pairCounts[i]!);
    }
  }

  /** True where u has a token to offer after this tail. */
  offers(tail: number): boolean {
    return this.#totals[tail]! > 0;
  }

  /** u(token | tail). */
  unigram(tail: number, token: number): number {
    let low = 0;
    let high = this.#words.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#words[middle]! < token) low = middle + 1;
      else high = middle;
    }
    if (this.#words[low] !== token || !this.#vocabulary.allows(tail, token)) return 0;
    return this.#weights[low]! / this.#totals[tail]!;
  }

  drawUnigram(tail: number, point: number): number {
    let left = point * this.#totals[tail]!;
    let last = 0;
    for (let i = 0; i < this.#words.length; i++) {
      if (!this.#vocabulary.allows(tail, this.#words[i]!)) continue;
      last = this.#words[i]!;
      left -= this.#weights[i]!;
      if (left < 0) break;
    }
    return last;
  }

  forEachUnigram(tail: number, visit: (token: number, probability: number) => void): void {
    for (let i = 0; i < this.#words.length; i++) {
      const token = this.#words[i]!;
      if (this.#vocabulary.allows(tail, token)) visit(token, this.#weights[i]! / this.#totals[tail]!);
    }
  }
}
