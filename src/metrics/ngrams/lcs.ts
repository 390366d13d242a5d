import { type KernelKind, Workspace } from "../../numerics/kernel/workspace.ts";
import type { TokenCorpus } from "../../text/token-corpus.ts";

/** Tokens of a text in a block of bits. */
const BLOCK = 64;
/** Tokens handled by one call into the kernel: few enough that the first, unoptimized calls are short. */
const TOKENS = 16;

/**
 * Longest common subsequences of one text with all later ones, by the bit-parallel recurrence of Hyyrö 2004: each other text is
 * a row of bits, one a token, and a token of the one text moves the rows of the texts that have it.
 *
 * Those are found through a list per token, so a pair costs as many steps as the one text has tokens that occur in the other,
 * not as many as it has tokens: for people's texts a tenth.
 */
export class CommonSubsequences {
  readonly #corpus: TokenCorpus;
  readonly #space: Workspace;
  readonly #at: Regions;
  /** Text j's bits are blocks firstBlock[j] .. firstBlock[j + 1] - 1. */
  readonly #firstBlock: Int32Array;
  /** Token t stands in the entries listStart[t] .. listStart[t + 1] - 1. */
  readonly #listStart: Int32Array;
  readonly #state: Int32Array;
  readonly #lengths: Int32Array;

  constructor(corpus: TokenCorpus, kind?: KernelKind) {
    this.#corpus = corpus;
    const n = corpus.size;
    const firstBlock = new Int32Array(n + 1);
    for (let j = 0; j < n; j++) firstBlock[j + 1] = firstBlock[j]! + Math.ceil(corpus.lengthOf(j) / BLOCK);
    const listStart = listStarts(corpus, firstBlock);
    const sizes = regionSizes(corpus, firstBlock[n]!, listStart[corpus.vocabulary]!);
    this.#space = new Workspace(Object.values(sizes), kind);
    const reserved = Object.entries(sizes).map(([name, bytes]) => [name, this.#space.reserve(bytes)]);
    this.#at = Object.fromEntries(reserved) as Regions;
    const view = (name: keyof Regions, length: number) => this.#space.int32(this.#at[name], length);
    this.#firstBlock = view("starts", n + 1);
    this.#firstBlock.set(firstBlock);
    this.#listStart = view("lists", corpus.vocabulary + 1);
    this.#listStart.set(listStart);
    this.#state = view("state", 2 * firstBlock[n]!);
    this.#lengths = view("lengths", n);
    view("tokens", corpus.tokens.length).set(corpus.tokens);
    const ends = view("ends", firstBlock[n]!);
    for (let j = 0; j < n; j++) ends.fill(firstBlock[j + 1]!, firstBlock[j]!, firstBlock[j + 1]!);
    this.#fillLists(view("blocks", listStart[corpus.vocabulary]!), view("masks", 2 * listStart[corpus.vocabulary]!));
  }

  #fillLists(blocks: Int32Array, masks: Int32Array): void {
    const filled = this.#listStart.slice();
    const lastBlock = new Int32Array(this.#corpus.vocabulary).fill(-1);
    eachPosition(this.#corpus, this.#firstBlock, (token, block, bit) => {
      if (lastBlock[token] !== block) {
        lastBlock[token] = block;
        blocks[filled[token]!] = block;
        filled[token]! += 1;
      }
      masks[2 * (filled[token]! - 1) + (bit >> 5)]! |= 1 << (bit & 31);
    });
  }

  /** Calls `visit` for each text i in order with the lengths of its LCS with each text: lengths[j] for j > i, else stale. */
  eachRow(visit: (i: number, lengths: Int32Array) => void): void {
    const { starts, size, vocabulary } = this.#corpus;
    const { code } = this.#space;
    const at = this.#at;
    this.#space.int32(at.from, vocabulary).set(this.#listStart.subarray(0, vocabulary));
    for (let i = 0; i < size; i++) {
      const later = this.#firstBlock[i + 1]!;
      this.#state.fill(-1, 2 * later);
      for (let t = starts[i]!; t < starts[i + 1]!; t += TOKENS) {
        const count = Math.min(TOKENS, starts[i + 1]! - t);
        const tokens = at.tokens + 4 * t;
        code.commonSubsequences(tokens, count, at.lists, at.from, at.blocks, at.masks, at.ends, later, at.state);
      }
      code.subsequenceLengths(at.starts, i + 1, size, at.state, at.lengths);
      visit(i, this.#lengths);
    }
  }
}

/** Bytes of each region of the memory. */
function regionSizes(corpus: TokenCorpus, blocks: number, entries: number) {
  return {
    tokens: 4 * corpus.tokens.length,
    starts: 4 * (corpus.size + 1),
    lists: 4 * (corpus.vocabulary + 1),
    /** Where each list's later texts begin. */
    from: 4 * corpus.vocabulary,
    blocks: 4 * entries,
    masks: 8 * entries,
    ends: 4 * blocks,
    state: 8 * blocks,
    lengths: 4 * corpus.size,
  };
}

type Regions = { readonly [name in keyof ReturnType<typeof regionSizes>]: number };

/** Where the list of each token begins: it has an entry for every block that the token stands in. */
function listStarts(corpus: TokenCorpus, firstBlock: Int32Array): Int32Array {
  const starts = new Int32Array(corpus.vocabulary + 1);
  const lastBlock = new Int32Array(corpus.vocabulary).fill(-1);
  eachPosition(corpus, firstBlock, (token, block) => {
    if (lastBlock[token] === block) return;
    lastBlock[token] = block;
    starts[token + 1]! += 1;
  });
  for (let t = 0; t < corpus.vocabulary; t++) starts[t + 1]! += starts[t]!;
  return starts;
}

function eachPosition(
  { tokens, starts, size }: TokenCorpus,
  firstBlock: Int32Array,
  visit: (token: number, block: number, bit: number) => void,
): void {
  for (let j = 0; j < size; j++) {
    const start = starts[j]!;
    for (let at = start; at < starts[j + 1]!; at++)
      visit(tokens[at]!, firstBlock[j]! + Math.floor((at - start) / BLOCK), (at - start) % BLOCK);
  }
}
