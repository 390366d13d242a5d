import type { NgramTable } from "./ngram-table.ts";

/**
 * Finds the nodes of a table. 32 bytes a slot in two views of one buffer, so that a look-up touches one line of memory:
 * integers parent, symbol, node (0: empty), tag at 8 * slot; seen and rest at 4 * slot + 2 and + 3.
 */
export class NgramHash {
  readonly ints: Int32Array;
  readonly floats: Float64Array;
  readonly #mask: number;

  constructor({ symbol, seen, rest, first, size }: NgramTable) {
    const slots = slotCount(symbol.length - size);
    this.#mask = slots - 1;
    const buffer = new ArrayBuffer(slots * 32);
    this.ints = new Int32Array(buffer);
    this.floats = new Float64Array(buffer);
    for (let parent = 0; parent < symbol.length; parent++) {
      for (let node = first[parent]!; node < first[parent + 1]!; node++) {
        let at = slotOf(parent, symbol[node]!) & this.#mask;
        while (this.ints[at * 8 + 2] !== 0) at = (at + 1) & this.#mask;
        this.ints[at * 8] = parent;
        this.ints[at * 8 + 1] = symbol[node]!;
        this.ints[at * 8 + 2] = node;
        this.floats[at * 4 + 2] = seen[node]!;
        this.floats[at * 4 + 3] = rest[node]!;
      }
    }
  }

  /** The slot of context + symbol, or -1. */
  slot(context: number, symbol: number): number {
    const ints = this.ints;
    const mask = this.#mask;
    let at = slotOf(context, symbol) & mask;
    for (;;) {
      const record = at * 8;
      if (ints[record + 2] === 0) return -1;
      if (ints[record + 1] === symbol && ints[record] === context) return at;
      at = (at + 1) & mask;
    }
  }

  /** The node of context + symbol, or -1. */
  find(context: number, symbol: number): number {
    const at = this.slot(context, symbol);
    return at < 0 ? -1 : this.ints[at * 8 + 2]!;
  }
}

/** The hash of a node by its context and last symbol. */
export function slotOf(parent: number, symbol: number): number {
  const mixed = Math.imul(parent, 0x9e3779b1) ^ Math.imul(symbol + 0x7f4a7c15, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/** A power of two at least 1.3 times the nodes. */
export function slotCount(nodes: number): number {
  let slots = 64;
  while (slots < nodes * 1.3) slots *= 2;
  return slots;
}
