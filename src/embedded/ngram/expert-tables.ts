import { NgramHash } from "./ngram-hash.ts";
import type { NgramTable } from "./ngram-table.ts";

/**
 * A general table and experts that read parts of what it read. What all experts say of an n-gram lies side by side, found by
 * one look-up in the general table: the cost of a token hardly grows with the number of experts that listen. What it does cost
 * is waiting for memory, so the layout is compact: with all values written out, sampling takes a sixth longer.
 *
 * An n-gram's *record* begins in `records` at the tag of its slot of `hash`: first its owners (bit e % 32 of integer e >> 5 is
 * set where expert e has it), then for each owner in ascending order the place in `values` of its seen and rest. The record
 * at 0, the tag of n-grams that no expert has, names no owner.
 */
export class ExpertTables {
  readonly general: NgramTable;
  readonly experts: readonly NgramTable[];
  readonly hash: NgramHash;
  /** Integers that hold the owners of a record. */
  readonly words: number;
  readonly records: Int32Array;
  readonly values: Float64Array;
  /** For the owner at records[i]: the n-gram's node in the expert's own table. */
  readonly nodes: Int32Array;
  /** What each expert leaves after a single symbol: [symbol * experts + expert]. */
  readonly singleRest: Float64Array;
  /** Longest n-gram of the experts. */
  readonly expertOrder: number;

  constructor(general: NgramTable, experts: readonly NgramTable[]) {
    this.general = general;
    this.experts = experts;
    this.hash = new NgramHash(general);
    this.words = Math.ceil(experts.length / 32);
    this.expertOrder = experts.reduce((most, { order }) => Math.max(most, order), 0);
    const slots = experts.map((expert) => this.#slotsOf(expert));
    const { tags, size } = this.#tag(slots);
    this.records = new Int32Array(size);
    this.nodes = new Int32Array(size);
    const pairs = new Pairs();
    experts.forEach(({ symbol, seen, rest, size: singles }, e) => {
      for (let node = singles; node < symbol.length; node++) {
        const tag = tags[slots[e]![node]!]!;
        // Experts come in ascending order: this one stands behind the owners so far.
        let at = tag + this.words;
        for (let w = 0; w < this.words; w++) at += bitCount(this.records[tag + w]!);
        this.records[tag + (e >>> 5)]! |= 1 << (e % 32);
        this.records[at] = pairs.place(seen[node]!, rest[node]!);
        this.nodes[at] = node;
      }
    });
    this.values = Float64Array.from(pairs.values);
    this.singleRest = new Float64Array(general.size * experts.length);
    experts.forEach(({ rest }, e) => {
      for (let symbol = 0; symbol < general.size; symbol++)
        this.singleRest[symbol * experts.length + e] = rest[symbol]!;
    });
  }

  /** The general table's slot of every n-gram of an expert. */
  #slotsOf(expert: NgramTable): Int32Array {
    const slots = new Int32Array(expert.symbol.length);
    for (let parent = 0; parent < slots.length; parent++) {
      const general = parent < expert.size ? parent : this.hash.ints[slots[parent]! * 8 + 2]!;
      for (let node = expert.first[parent]!; node < expert.first[parent + 1]!; node++) {
        slots[node] = this.hash.slot(general, expert.symbol[node]!);
      }
    }
    return slots;
  }

  /** Tags the slots with the places of their records; and the room that these take. */
  #tag(slots: readonly Int32Array[]): { readonly tags: Int32Array; readonly size: number } {
    const { ints } = this.hash;
    const owners = new Int32Array(ints.length / 8);
    slots.forEach((own, e) => {
      for (let node = this.experts[e]!.size; node < own.length; node++) owners[own[node]!]!++;
    });
    const tags = new Int32Array(owners.length);
    let size = this.words;
    for (let slot = 0; slot < owners.length; slot++) {
      if (owners[slot] === 0) continue;
      tags[slot] = size;
      ints[slot * 8 + 3] = size;
      size += this.words + owners[slot]!;
    }
    return { tags, size };
  }
}

/** How many bits of a 32-bit integer are set. */
export function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Pairs of seen and rest, each kept once: most n-grams of most experts are rare, and the rare ones have few different values. */
class Pairs {
  readonly values: number[] = [];
  readonly #known = new Map<number, Map<number, number>>();

  /** Where in `values` the pair begins. */
  place(seen: number, rest: number): number {
    let places = this.#known.get(rest);
    if (places === undefined) {
      places = new Map();
      this.#known.set(rest, places);
    }
    let place = places.get(seen);
    if (place === undefined) {
      place = this.values.push(seen, rest) - 2;
      places.set(seen, place);
    }
    return place;
  }
}
