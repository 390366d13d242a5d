import { NgramHash } from "./ngram-hash.ts";
import type { NgramTable } from "./ngram-table.ts";

/** In an entry's first integer: the expert's number, and the sign of the last entry of a node. */
export const OWNER = 0x7fffffff;

/**
 * A general table and experts that read parts of what it read. What all experts say of an n-gram lies side by side, found by
 * one look-up in the general table: the cost of a token hardly grows with the number of experts that listen.
 *
 * Entry i: integers owner (negative in the last entry of its n-gram) and node in the expert at 6 * i; seen and rest at
 * 3 * i + 1 and + 2. The tag of a slot of `hash` is 1 + its first entry, 0 where no expert has the n-gram.
 */
export class ExpertTables {
  readonly general: NgramTable;
  readonly experts: readonly NgramTable[];
  readonly hash: NgramHash;
  readonly ints: Int32Array;
  readonly floats: Float64Array;
  /** What each expert leaves after a single symbol: [symbol * experts + expert]. */
  readonly singleRest: Float64Array;

  constructor(general: NgramTable, experts: readonly NgramTable[]) {
    this.general = general;
    this.experts = experts;
    this.hash = new NgramHash(general);
    const slots = experts.map((expert) => this.#slotsOf(expert));
    const counts = new Int32Array(this.hash.ints.length / 8 + 1);
    experts.forEach((expert, e) => {
      for (let node = expert.size; node < expert.symbol.length; node++) counts[slots[e]![node]! + 1]!++;
    });
    for (let slot = 1; slot < counts.length; slot++) counts[slot]! += counts[slot - 1]!;
    const total = counts[counts.length - 1]!;
    const buffer = new ArrayBuffer(total * 24);
    this.ints = new Int32Array(buffer);
    this.floats = new Float64Array(buffer);
    const next = counts.slice();
    experts.forEach((expert, e) => {
      for (let node = expert.size; node < expert.symbol.length; node++) {
        const slot = slots[e]![node]!;
        const i = next[slot]!++;
        const last = next[slot] === counts[slot + 1];
        this.ints[i * 6] = last ? e | ~OWNER : e;
        this.ints[i * 6 + 1] = node;
        this.floats[i * 3 + 1] = expert.seen[node]!;
        this.floats[i * 3 + 2] = expert.rest[node]!;
        this.hash.ints[slot * 8 + 3] = 1 + counts[slot]!;
      }
    });
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
}
