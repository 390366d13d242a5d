import { NgramHash } from "./ngram-hash.ts";
import type { NgramTable } from "./ngram-table.ts";

/**
 * A general table and experts that read parts of what it read. What all experts say of an n-gram lies side by side, found by
 * one look-up in the general table: the cost of a token hardly grows with the number of experts that listen. What it does cost
 * is waiting for memory, so the layout is compact and what is asked for most lies together.
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
  /** For the owner at records[i]: its node's children are children[2 * i] .. children[2 * i + 1] - 1 in the expert's own table. */
  readonly children: Int32Array;
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
    const size = this.#tag(slots);
    this.records = new Int32Array(size);
    this.children = new Int32Array(2 * size);
    const pairs = new Pairs();
    const owners = new Int32Array(this.hash.ints.length / 8);
    experts.forEach(({ symbol, first, seen, rest, size: singles }, e) => {
      for (let node = singles; node < symbol.length; node++) {
        const slot = slots[e]![node]!;
        const tag = this.hash.ints[slot * 8 + 3]!;
        this.records[tag + (e >>> 5)]! |= 1 << (e % 32);
        const at = tag + this.words + owners[slot]!++;
        this.records[at] = pairs.place(seen[node]!, rest[node]!);
        this.children[2 * at] = first[node]!;
        this.children[2 * at + 1] = first[node + 1]!;
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

  /** Tags the slots with their records' places, those of most owners (the frequent n-grams) first; returns the room they take. */
  #tag(slots: readonly Int32Array[]): number {
    const { ints } = this.hash;
    const owners = new Int32Array(ints.length / 8);
    slots.forEach((own, e) => {
      for (let node = this.experts[e]!.size; node < own.length; node++) owners[own[node]!]!++;
    });
    const owned = Array.from(owners.keys()).filter((slot) => owners[slot]! > 0);
    let end = this.words;
    for (const slot of owned.sort((a, b) => owners[b]! - owners[a]! || a - b)) {
      ints[slot * 8 + 3] = end;
      end += this.words + owners[slot]!;
    }
    return end;
  }
}

/** Pairs of numbers, each kept once: most n-grams of most experts are rare, and rare ones have few different values. */
class Pairs {
  readonly values: number[] = [];
  readonly #known = new Map<number, Map<number, number>>();

  /** Where in `values` the first of the two stands. */
  place(first: number, second: number): number {
    let row = this.#known.get(first);
    if (row === undefined) {
      row = new Map();
      this.#known.set(first, row);
    }
    let at = row.get(second);
    if (at === undefined) {
      at = this.values.push(first, second) - 2;
      row.set(second, at);
    }
    return at;
  }
}
