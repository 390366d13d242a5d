import type { TokenCorpus } from "./corpus.ts";

/** Bits a word holds: sums of two words and a carry stay within 31 bits, so all arithmetic is on small integers. */
const BITS = 30;
const FULL = 2 ** BITS - 1;
/** Two words make a block: most texts fit into one, so the inner loop hardly ever branches. */
const BLOCK_BITS = 2 * BITS;

/**
 * Longest common subsequences of one text with all later ones, by the bit-parallel recurrence of Hyyrö 2004: each other text is
 * a row of bits, one a token, and a token of the one text moves the rows of the texts that have it.
 *
 * Those are found through a list per token, so a pair costs as many steps as the one text has tokens that occur in the other,
 * not as many as it has tokens: for people's texts a tenth.
 */
export class CommonSubsequences {
  readonly #corpus: TokenCorpus;
  /** Text j's bits are blocks firstBlock[j] .. firstBlock[j + 1] - 1. */
  readonly #firstBlock: Int32Array;
  /** Low and high word of each block; a zero bit is one token of the subsequence. */
  readonly #state: Int32Array;
  /** For each block the end of its text's blocks. */
  readonly #textEnd: Int32Array;
  /** Token t stands in the entries listStart[t] .. listStart[t + 1] - 1: block (rising), bits in its low, in its high word. */
  readonly #listStart: Int32Array;
  readonly #entries: Int32Array;

  constructor(corpus: TokenCorpus) {
    this.#corpus = corpus;
    const n = corpus.size;
    this.#firstBlock = new Int32Array(n + 1);
    for (let j = 0; j < n; j++)
      this.#firstBlock[j + 1] = this.#firstBlock[j]! + Math.ceil(corpus.lengthOf(j) / BLOCK_BITS);
    const blocks = this.#firstBlock[n]!;
    this.#state = new Int32Array(2 * blocks);
    this.#textEnd = new Int32Array(blocks);
    for (let j = 0; j < n; j++)
      this.#textEnd.fill(this.#firstBlock[j + 1]!, this.#firstBlock[j]!, this.#firstBlock[j + 1]!);

    this.#listStart = new Int32Array(corpus.vocabulary + 1);
    const lastBlock = new Int32Array(corpus.vocabulary).fill(-1);
    this.#eachPosition((token, block) => {
      if (lastBlock[token] === block) return;
      lastBlock[token] = block;
      this.#listStart[token + 1]! += 1;
    });
    for (let t = 0; t < corpus.vocabulary; t++) this.#listStart[t + 1]! += this.#listStart[t]!;
    this.#entries = new Int32Array(3 * this.#listStart[corpus.vocabulary]!);
    const filled = this.#listStart.slice();
    lastBlock.fill(-1);
    this.#eachPosition((token, block, bit) => {
      if (lastBlock[token] !== block) {
        lastBlock[token] = block;
        this.#entries[3 * filled[token]!] = block;
        filled[token]! += 1;
      }
      const at = 3 * (filled[token]! - 1);
      this.#entries[bit < BITS ? at + 1 : at + 2]! |= 1 << (bit % BITS);
    });
  }

  /** Calls `visit` for each text i in order with the lengths of its LCS with each text: lengths[j] for j > i, else stale. */
  eachRow(visit: (i: number, lengths: Int32Array) => void): void {
    const { tokens, starts, size } = this.#corpus;
    const firstBlock = this.#firstBlock;
    const state = this.#state;
    const lengths = new Int32Array(size);
    const from = this.#listStart.slice(0, -1); // where each list's later texts begin
    for (let i = 0; i < size; i++) {
      const later = firstBlock[i + 1]!;
      state.fill(FULL, 2 * later);
      for (let at = starts[i]!; at < starts[i + 1]!; at++) {
        const token = tokens[at]!;
        const end = this.#listStart[token + 1]!;
        while (from[token]! < end && this.#entries[3 * from[token]!]! < later) from[token]! += 1;
        this.#advance(3 * from[token]!, 3 * end);
      }
      for (let j = i + 1; j < size; j++) {
        let length = 0;
        for (let block = firstBlock[j]!; block < firstBlock[j + 1]!; block++)
          length += zeros(state[2 * block]!, state[2 * block + 1]!);
        lengths[j] = length;
      }
      visit(i, lengths);
    }
  }

  /** One token more of the one text, for all texts in the places from .. to - 1 of the entries. */
  #advance(from: number, to: number): void {
    const entries = this.#entries;
    const state = this.#state;
    const textEnd = this.#textEnd;
    let at = from;
    while (at < to) {
      let block = entries[at]!;
      const end = textEnd[block]!;
      if (block === end - 1) {
        // The text's last block, most texts' only one: what it carries goes nowhere.
        const low = state[2 * block]!;
        const high = state[2 * block + 1]!;
        const lowMatched = low & entries[at + 1]!;
        const highMatched = high & entries[at + 2]!;
        const sum = low + lowMatched;
        state[2 * block] = (sum & FULL) | (low - lowMatched);
        state[2 * block + 1] = ((high + highMatched + (sum >>> BITS)) & FULL) | (high - highMatched);
        at += 3;
        continue;
      }
      let carry = 0;
      // A carry runs on through the text's higher blocks, also through those without the token.
      while (block < end) {
        const has = at < to && entries[at] === block;
        if (!has && carry === 0) {
          if (at >= to || entries[at]! >= end) break;
          block = entries[at]!;
          continue;
        }
        for (let word = 0; word < 2; word++) {
          const old = state[2 * block + word]!;
          const matched = has ? old & entries[at + 1 + word]! : 0;
          const sum = old + matched + carry;
          state[2 * block + word] = (sum & FULL) | (old - matched);
          carry = sum >>> BITS;
        }
        if (has) at += 3;
        block += 1;
      }
    }
  }

  #eachPosition(visit: (token: number, block: number, bit: number) => void): void {
    const { tokens, starts, size } = this.#corpus;
    for (let j = 0; j < size; j++) {
      const start = starts[j]!;
      for (let at = start; at < starts[j + 1]!; at++)
        visit(tokens[at]!, this.#firstBlock[j]! + Math.floor((at - start) / BLOCK_BITS), (at - start) % BLOCK_BITS);
    }
  }
}

/** Zero bits of a block's two words: counted in pairs, fours and bytes, both words together from the fours on. */
function zeros(low: number, high: number): number {
  let x = low ^ FULL;
  let y = high ^ FULL;
  x -= (x >>> 1) & 0x55555555;
  y -= (y >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333) + (y & 0x33333333) + ((y >>> 2) & 0x33333333);
  return Math.imul((x & 0x0f0f0f0f) + ((x >>> 4) & 0x0f0f0f0f), 0x01010101) >>> 24;
}
