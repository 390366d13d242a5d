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

  /** @param texts the tokens of each text; read once, one text at a time */
  constructor(texts: Iterable<readonly string[]>) {
    const ids = new Map<string, number>();
    const interned: Int32Array[] = [];
    let total = 0;
    for (const text of texts) {
      const row = new Int32Array(text.length);
      for (let at = 0; at < text.length; at++) {
        const token = text[at]!;
        let id = ids.get(token);
        if (id === undefined) {
          id = ids.size;
          ids.set(token, id);
        }
        row[at] = id;
      }
      interned.push(row);
      total += row.length;
    }
    this.vocabulary = ids.size;
    this.tokens = new Int32Array(total);
    this.starts = new Int32Array(interned.length + 1);
    for (const [i, row] of interned.entries()) {
      this.tokens.set(row, this.starts[i]);
      this.starts[i + 1] = this.starts[i]! + row.length;
    }
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
