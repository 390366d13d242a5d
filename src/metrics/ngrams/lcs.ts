import type { TokenCorpus } from "./corpus.ts";

/** Bits a word holds: sums of two words and a carry stay within 31 bits, so all arithmetic is on small integers. */
const BITS = 30;
const FULL = 2 ** BITS - 1;

/**
 * Longest common subsequences of one text with others, by the bit-parallel recurrence of Hyyrö 2004: one pass over the other
 * text's tokens with a few word operations each. The masks of the one text are made once for all others.
 */
export class CommonSubsequence {
  readonly #corpus: TokenCorpus;
  readonly #masks: Int32Array;
  /** Where the masks of a token start, plus one; 0: the token does not occur in the text. */
  readonly #maskOf: Int32Array;
  readonly #state: Int32Array;
  #words = 0;
  #full = 0;
  #marked: Int32Array = new Int32Array(0);

  constructor(corpus: TokenCorpus) {
    this.#corpus = corpus;
    let longest = 0;
    for (let i = 0; i < corpus.size; i++) longest = Math.max(longest, corpus.lengthOf(i));
    const words = Math.max(1, Math.ceil(longest / BITS));
    this.#masks = new Int32Array(longest * words);
    this.#maskOf = new Int32Array(corpus.vocabulary);
    this.#state = new Int32Array(words);
  }

  /** Chooses the text that the next calls of `with` compare against. */
  select(i: number): void {
    const { tokens, starts } = this.#corpus;
    for (const token of this.#marked) this.#maskOf[token] = 0;
    this.#marked = tokens.subarray(starts[i]!, starts[i + 1]!);
    const length = this.#marked.length;
    this.#words = Math.ceil(length / BITS);
    this.#full = length - (this.#words - 1) * BITS === BITS ? FULL : 2 ** (length - (this.#words - 1) * BITS) - 1;
    let used = 0;
    for (let at = 0; at < length; at++) {
      const token = this.#marked[at]!;
      if (this.#maskOf[token] === 0) {
        this.#masks.fill(0, used, used + this.#words);
        this.#maskOf[token] = used + 1;
        used += this.#words;
      }
      const word = this.#maskOf[token]! - 1 + Math.floor(at / BITS);
      this.#masks[word]! |= 1 << (at % BITS);
    }
  }

  /** Length of the longest common subsequence of the selected text and text j. */
  with(j: number): number {
    if (this.#words === 0) return 0;
    if (this.#words === 1) return this.#oneWord(j);
    return this.#words === 2 ? this.#twoWords(j) : this.#manyWords(j);
  }

  #oneWord(j: number): number {
    const { tokens, starts } = this.#corpus;
    const maskOf = this.#maskOf;
    const masks = this.#masks;
    const full = this.#full;
    const end = starts[j + 1]!;
    let state = full; // a zero bit at each place where the LCS grows
    for (let at = starts[j]!; at < end; at++) {
      const slot = maskOf[tokens[at]!]!;
      if (slot === 0) continue;
      const matched = state & masks[slot - 1]!;
      state = ((state + matched) | (state - matched)) & full;
    }
    return ones(~state & full);
  }

  #twoWords(j: number): number {
    const { tokens, starts } = this.#corpus;
    const maskOf = this.#maskOf;
    const masks = this.#masks;
    const full = this.#full;
    const end = starts[j + 1]!;
    let low = FULL;
    let high = full;
    for (let at = starts[j]!; at < end; at++) {
      const slot = maskOf[tokens[at]!]!;
      if (slot === 0) continue;
      const matchedLow = low & masks[slot - 1]!;
      const matchedHigh = high & masks[slot]!;
      const sum = low + matchedLow;
      low = (sum & FULL) | (low - matchedLow);
      high = ((high + matchedHigh + (sum >>> BITS)) | (high - matchedHigh)) & full;
    }
    return ones(~low & FULL) + ones(~high & full);
  }

  #manyWords(j: number): number {
    const { tokens, starts } = this.#corpus;
    const words = this.#words;
    const state = this.#state;
    const masks = this.#masks;
    state.fill(FULL, 0, words);
    const end = starts[j + 1]!;
    for (let at = starts[j]!; at < end; at++) {
      const slot = this.#maskOf[tokens[at]!]!;
      if (slot === 0) continue;
      let carry = 0;
      for (let w = 0; w < words; w++) {
        const old = state[w]!;
        const matched = old & masks[slot - 1 + w]!;
        const sum = old + matched + carry;
        carry = sum >>> BITS;
        state[w] = (sum & FULL) | (old - matched);
      }
    }
    let length = 0;
    for (let w = 0; w < words - 1; w++) length += ones(~state[w]! & FULL);
    return length + ones(~state[words - 1]! & this.#full);
  }
}

function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
