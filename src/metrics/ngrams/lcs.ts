import type { TokenCorpus } from "./corpus.ts";

/** Bits a word holds: sums of two words and a carry stay within 31 bits, so all arithmetic is on small integers. */
const BITS = 30;
const FULL = 2 ** BITS - 1;

/**
 * Longest common subsequences of one text with all later ones, by the bit-parallel recurrence of Hyyrö 2004: each other text is
 * a row of bits, one a token, and a token of the one text moves the rows of the texts that have it.
 *
 * Those are found through a list per token, so a pair costs as many steps as the one text has tokens that occur in the other,
 * not as many as it has tokens: for people's texts a tenth.
 */
export class CommonSubsequences {
  readonly #corpus: TokenCorpus;
  /** Text j's bits are words firstWord[j] .. firstWord[j + 1] - 1; a zero bit is one token of the subsequence. */
  readonly #firstWord: Int32Array;
  readonly #state: Int32Array;
  /** For each word the end of its text's words. */
  readonly #textEnd: Int32Array;
  /** Token t stands in the words entryWord[listStart[t] .. listStart[t + 1] - 1], rising, at the bits of entryMask. */
  readonly #listStart: Int32Array;
  readonly #entryWord: Int32Array;
  readonly #entryMask: Int32Array;

  constructor(corpus: TokenCorpus) {
    this.#corpus = corpus;
    const n = corpus.size;
    this.#firstWord = new Int32Array(n + 1);
    for (let j = 0; j < n; j++) this.#firstWord[j + 1] = this.#firstWord[j]! + Math.ceil(corpus.lengthOf(j) / BITS);
    const words = this.#firstWord[n]!;
    this.#state = new Int32Array(words);
    this.#textEnd = new Int32Array(words);
    for (let j = 0; j < n; j++)
      this.#textEnd.fill(this.#firstWord[j + 1]!, this.#firstWord[j]!, this.#firstWord[j + 1]!);

    this.#listStart = new Int32Array(corpus.vocabulary + 1);
    const lastWord = new Int32Array(corpus.vocabulary).fill(-1);
    this.#eachPosition((token, word) => {
      if (lastWord[token] === word) return;
      lastWord[token] = word;
      this.#listStart[token + 1]! += 1;
    });
    for (let t = 0; t < corpus.vocabulary; t++) this.#listStart[t + 1]! += this.#listStart[t]!;
    const entries = this.#listStart[corpus.vocabulary]!;
    this.#entryWord = new Int32Array(entries);
    this.#entryMask = new Int32Array(entries);
    const filled = this.#listStart.slice();
    lastWord.fill(-1);
    this.#eachPosition((token, word, bit) => {
      if (lastWord[token] !== word) {
        lastWord[token] = word;
        this.#entryWord[filled[token]!] = word;
        filled[token]! += 1;
      }
      this.#entryMask[filled[token]! - 1]! |= 1 << bit;
    });
  }

  /** Calls `visit` for each text i in order with the lengths of its LCS with each text: lengths[j] for j > i, else stale. */
  eachRow(visit: (i: number, lengths: Int32Array) => void): void {
    const { tokens, starts, size } = this.#corpus;
    const firstWord = this.#firstWord;
    const state = this.#state;
    const lengths = new Int32Array(size);
    const from = this.#listStart.slice(0, -1); // where each list's later texts begin
    for (let i = 0; i < size; i++) {
      const later = firstWord[i + 1]!;
      state.fill(FULL, later);
      for (let at = starts[i]!; at < starts[i + 1]!; at++) {
        const token = tokens[at]!;
        while (from[token]! < this.#listStart[token + 1]! && this.#entryWord[from[token]!]! < later) from[token]! += 1;
        this.#advance(from[token]!, this.#listStart[token + 1]!);
      }
      for (let j = i + 1; j < size; j++) {
        let length = 0;
        for (let word = firstWord[j]!; word < firstWord[j + 1]!; word++) length += ones(state[word]! ^ FULL);
        lengths[j] = length;
      }
      visit(i, lengths);
    }
  }

  /** One token more of the one text, for all texts in the list entries from .. to - 1. */
  #advance(from: number, to: number): void {
    const words = this.#entryWord;
    const masks = this.#entryMask;
    const state = this.#state;
    const textEnd = this.#textEnd;
    let entry = from;
    while (entry < to) {
      let word = words[entry]!;
      const end = textEnd[word]!;
      if (word === end - 1) {
        // The text's last word, most texts' only one: what it carries goes nowhere.
        const old = state[word]!;
        const matched = old & masks[entry]!;
        state[word] = ((old + matched) & FULL) | (old - matched);
        entry += 1;
        continue;
      }
      let carry = 0;
      // A carry runs on through the text's higher words, also through those without the token.
      while (word < end) {
        const has = entry < to && words[entry] === word;
        if (!has && carry === 0) {
          if (entry >= to || words[entry]! >= end) break;
          word = words[entry]!;
          continue;
        }
        const old = state[word]!;
        const matched = has ? old & masks[entry]! : 0;
        const sum = old + matched + carry;
        state[word] = (sum & FULL) | (old - matched);
        carry = sum >>> BITS;
        if (has) entry += 1;
        word += 1;
      }
    }
  }

  #eachPosition(visit: (token: number, word: number, bit: number) => void): void {
    const { tokens, starts, size } = this.#corpus;
    for (let j = 0; j < size; j++) {
      const start = starts[j]!;
      for (let at = start; at < starts[j + 1]!; at++)
        visit(tokens[at]!, this.#firstWord[j]! + Math.floor((at - start) / BITS), (at - start) % BITS);
    }
  }
}

function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
