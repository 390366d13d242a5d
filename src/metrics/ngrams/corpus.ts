import { derived, tokensOf } from "../sample-set.ts";
import { type Grams, gramsOfTokens, type InternedTexts, unigrams } from "./grams.ts";

/** Texts as interned tokens, laid out one after the other; their n-grams are computed once and kept. Immutable. */
export class TokenCorpus implements InternedTexts {
  /** Token ids, 0 .. vocabulary - 1 in order of first appearance, text after text. */
  readonly tokens: Int32Array;
  /** Text i is tokens[starts[i]] .. tokens[starts[i + 1] - 1]; one entry more than texts. */
  readonly starts: Int32Array;
  /** Number of distinct tokens. */
  readonly vocabulary: number;
  readonly #grams: Grams[] = [];

  constructor(texts: readonly (readonly string[])[]) {
    const ids = new Map<string, number>();
    this.starts = new Int32Array(texts.length + 1);
    for (const [i, text] of texts.entries()) this.starts[i + 1] = this.starts[i]! + text.length;
    this.tokens = new Int32Array(this.starts[texts.length]!);
    let at = 0;
    for (const text of texts) {
      for (const token of text) {
        let id = ids.get(token);
        if (id === undefined) {
          id = ids.size;
          ids.set(token, id);
        }
        this.tokens[at++] = id;
      }
    }
    this.vocabulary = ids.size;
  }

  /** Number of texts. */
  get size(): number {
    return this.starts.length - 1;
  }

  /** Tokens of text i. */
  lengthOf(i: number): number {
    return this.starts[i + 1]! - this.starts[i]!;
  }

  /** The n-grams inside texts (never across two). @throws RangeError for n below 1. */
  grams(n: number): Grams {
    if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`No ${n}-grams.`);
    for (let k = this.#grams.length + 1; k <= n; k++)
      this.#grams.push(k === 1 ? unigrams(this) : gramsOfTokens(this, this.#grams[k - 2]!));
    return this.#grams[n - 1]!;
  }
}

/** The set's texts as tokens of Python's split(), interned once. */
export const corpusOf = derived((set) => new TokenCorpus(tokensOf(set)));
