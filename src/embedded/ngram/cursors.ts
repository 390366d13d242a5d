import type { Conditioning } from "./conditioning.ts";
import { MAX_CURSORS, placeOf } from "./cursor-places.ts";
import { bitCount, type ExpertTables } from "./expert-tables.ts";
import type { NgramTable } from "./ngram-table.ts";
import { END } from "./vocabulary.ts";

/**
 * Where the general table and some experts stand along one text. By `placeOf(k, cursor)`: the mass that the context of k symbols
 * leaves (`rest`, 1 where it was never seen) and, after `look`, what it says of a token (`seen`, 0 where never seen). Allocates
 * nothing per token.
 */
export class Cursors {
  readonly seen: Float64Array;
  readonly #tables: ExpertTables;
  #conditioning: Conditioning | null = null;
  #count = 1;
  #previous = END;
  /** What the general table has seen: the contexts of fewer than so many symbols. */
  #depth = 1;
  #rest: Float64Array;
  /** Which n-gram a context is that was seen: a node of the general table; in an expert, for k > 1, its place in the records. */
  #ngrams: Int32Array;
  /** The same three after the token looked at last. The arrays change places as the text goes on. */
  #nextDepth = 1;
  #nextRest: Float64Array;
  #nextNgrams: Int32Array;
  /** Records of the n-grams found, by length of context, and their owners. */
  readonly #tags: Int32Array;
  readonly #owners: Int32Array;

  constructor(tables: ExpertTables) {
    const { order } = tables.general;
    // One row more than there are contexts: no n-gram of full length becomes a context, but writing it saves asking.
    const room = (order + 1) * MAX_CURSORS;
    this.#tables = tables;
    this.seen = new Float64Array(room);
    this.#rest = new Float64Array(room);
    this.#nextRest = new Float64Array(room);
    this.#ngrams = new Int32Array(room);
    this.#nextNgrams = new Int32Array(room);
    this.#tags = new Int32Array(order);
    this.#owners = new Int32Array(order * tables.words);
  }

  get count(): number {
    return this.#count;
  }

  get rest(): Float64Array {
    return this.#rest;
  }

  table(cursor: number): NgramTable {
    return cursor === 0 ? this.#tables.general : this.#tables.experts[this.#conditioning!.experts[cursor - 1]!]!;
  }

  /** A context that was seen, as a node of its cursor's table. */
  node(place: number): number {
    const cursor = place % MAX_CURSORS;
    if (place < 2 * MAX_CURSORS) return this.#previous;
    const ngram = this.#ngrams[place]!;
    return cursor === 0 ? ngram : this.#tables.nodes[ngram]!;
  }

  /** Stands at the beginning of a text. */
  begin(conditioning: Conditioning): void {
    this.#conditioning = conditioning;
    this.#count = conditioning.experts.length + 1;
    this.#depth = 1;
    this.look(END);
    this.advance(END);
  }

  /** Looks the token up in every context. */
  look(token: number): void {
    this.#clear(token);
    const { general, hash, words, records, values } = this.#tables;
    const { ints, floats } = hash;
    const { listening, cursorOf } = this.#conditioning!;
    const seen = this.seen;
    const ngrams = this.#ngrams;
    // One row further in these: with its token, a context of k symbols becomes the next one's of k + 1.
    const nextRest = this.#nextRest;
    const nextNgrams = this.#nextNgrams;
    const tags = this.#tags;
    const owners = this.#owners;
    let depth = 1;
    for (; depth < this.#depth; depth++) {
      const at = placeOf(depth, 0);
      const slot = hash.slot(ngrams[at]!, token);
      // What the general table has not seen after this context it has not seen after a longer one.
      if (slot < 0) break;
      seen[at] = floats[slot * 4 + 2]!;
      nextRest[at + MAX_CURSORS] = floats[slot * 4 + 3]!;
      nextNgrams[at + MAX_CURSORS] = ints[slot * 8 + 2]!;
      const tag = ints[slot * 8 + 3]!;
      tags[depth] = tag;
      // Asked for here and not below, where each is used, so that memory fetches the records of all lengths at one time.
      for (let w = 0; w < words; w++) owners[depth * words + w] = records[tag + w]!;
    }
    this.#nextDepth = Math.min(depth + 1, general.order);
    for (let k = 1; k < depth; k++) {
      let first = tags[k]! + words;
      for (let w = 0; w < words; w++) {
        const all = owners[k * words + w]!;
        for (let heard = all & listening[w]!; heard !== 0; ) {
          const bit = 31 - Math.clz32(heard);
          heard ^= 1 << bit;
          const ngram = first + bitCount(all & ((1 << bit) - 1));
          const value = records[ngram]!;
          const at = placeOf(k, cursorOf[w * 32 + bit]!);
          seen[at] = values[value]!;
          nextRest[at + MAX_CURSORS] = values[value + 1]!;
          nextNgrams[at + MAX_CURSORS] = ngram;
        }
        first += bitCount(all);
      }
    }
  }

  /** Goes past the token looked at last. */
  advance(token: number): void {
    this.#previous = token;
    this.#depth = this.#nextDepth;
    const rest = this.#rest;
    this.#rest = this.#nextRest;
    this.#nextRest = rest;
    const ngrams = this.#ngrams;
    this.#ngrams = this.#nextNgrams;
    this.#nextNgrams = ngrams;
    this.#ngrams[placeOf(1, 0)] = token;
  }

  /** What holds where no context has seen the token: nothing is said of it, and only it alone will be known as a context. */
  #clear(token: number): void {
    const { general, experts, expertOrder, singleRest } = this.#tables;
    const listening = this.#conditioning!.experts;
    const seen = this.seen;
    const rest = this.#nextRest;
    rest[placeOf(1, 0)] = general.rest[token]!;
    const row = token * experts.length;
    for (let i = 0; i < listening.length; i++) rest[placeOf(1, i + 1)] = singleRest[row + listening[i]!]!;
    for (let k = 1; k < general.order; k++) {
      const end = placeOf(k, k < expertOrder ? this.#count : 1);
      for (let at = placeOf(k, 0); at < end; at++) {
        seen[at] = 0;
        rest[at + MAX_CURSORS] = 1;
      }
    }
  }
}
