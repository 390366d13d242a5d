import { slotCount, slotOf } from "./ngram-hash.ts";
import { NgramTable } from "./ngram-table.ts";

/** How counts become probabilities. */
export type Smoothing =
  /** Interpolated modified Kneser-Ney (Chen and Goodman 1999, section 4.1): three discounts an order, continuation counts below the top. */
  | { readonly kind: "kneser-ney" }
  /** Absolute discounting; what is left of a context's mass is shared in proportion to (count - discount)^power. */
  | { readonly kind: "absolute"; readonly discount: number; readonly power: number };

/** Counts n-grams, then smooths them. Symbol 0 ends a sequence, and is also the context before its first symbol. */
export class NgramCounter {
  readonly order: number;
  readonly size: number;
  #nodes: number;
  #parent: Int32Array;
  #symbol: Int32Array;
  #count: Int32Array;
  /** Distinct symbols seen before the n-gram (continuation count). */
  #left: Int32Array;
  #length: Uint8Array;
  /** 1 where nothing can stand before the n-gram: its plain count is used. */
  #initial: Uint8Array;
  #slots: Int32Array;

  constructor(order: number, size: number, expected = 1024) {
    this.order = order;
    this.size = size;
    this.#nodes = size;
    const room = size + Math.max(64, expected);
    this.#parent = new Int32Array(room);
    this.#symbol = new Int32Array(room);
    this.#count = new Int32Array(room);
    this.#left = new Int32Array(room);
    this.#length = new Uint8Array(room).fill(1, 0, size);
    this.#initial = new Uint8Array(room);
    this.#initial[0] = 1;
    for (let i = 0; i < size; i++) this.#symbol[i] = i;
    this.#slots = new Int32Array(slotCount(room));
  }

  /** Continuation count of each single symbol: in how many distinct contexts it was seen. */
  get continuations(): Int32Array {
    return this.#left.slice(0, this.size);
  }

  /** Counts a sequence, whose last symbol is 0. */
  add(symbols: ArrayLike<number>): void {
    const depth = this.order - 1;
    const contexts = new Int32Array(depth + 1).fill(-1);
    contexts[1] = 0;
    for (let i = 0; i < symbols.length; i++) {
      const symbol = symbols[i]!;
      let shorter = symbol;
      let carried = symbol;
      for (let k = 1; k <= depth; k++) {
        const context = contexts[k]!;
        contexts[k] = carried;
        if (context < 0) break;
        const before = this.#nodes;
        const node = this.#touch(context, symbol);
        if (node >= before) this.#left[shorter]!++;
        this.#count[node]!++;
        shorter = node;
        carried = node;
      }
    }
  }

  /** Counts one more successor of a single symbol that never occurs in sequences (an escape standing for rare words). */
  addAfter(context: number, symbol: number): void {
    this.#initial[context] = 1;
    this.#count[this.#touch(context, symbol)]!++;
  }

  #touch(parent: number, symbol: number): number {
    const mask = this.#slots.length - 1;
    let at = slotOf(parent, symbol) & mask;
    for (;;) {
      const node = this.#slots[at]!;
      if (node === 0) break;
      if (this.#parent[node] === parent && this.#symbol[node] === symbol) return node;
      at = (at + 1) & mask;
    }
    if (this.#nodes === this.#parent.length) {
      this.#grow();
      return this.#touch(parent, symbol);
    }
    const node = this.#nodes++;
    this.#slots[at] = node;
    this.#parent[node] = parent;
    this.#symbol[node] = symbol;
    this.#length[node] = this.#length[parent]! + 1;
    this.#initial[node] = this.#initial[parent]!;
    return node;
  }

  #grow(): void {
    const room = this.#parent.length * 2;
    const wider = (old: Int32Array) => {
      const array = new Int32Array(room);
      array.set(old);
      return array;
    };
    this.#parent = wider(this.#parent);
    this.#symbol = wider(this.#symbol);
    this.#count = wider(this.#count);
    this.#left = wider(this.#left);
    const length = new Uint8Array(room);
    length.set(this.#length);
    this.#length = length;
    const initial = new Uint8Array(room);
    initial.set(this.#initial);
    this.#initial = initial;
    this.#slots = new Int32Array(slotCount(room));
    const mask = this.#slots.length - 1;
    for (let node = this.size; node < this.#nodes; node++) {
      let at = slotOf(this.#parent[node]!, this.#symbol[node]!) & mask;
      while (this.#slots[at] !== 0) at = (at + 1) & mask;
      this.#slots[at] = node;
    }
  }

  /** The smoothed table. Nodes are renumbered so that children of a context lie side by side. */
  smooth(smoothing: Smoothing): NgramTable {
    const nodes = this.#nodes;
    const { order, size } = this;
    const position = new Int32Array(nodes);
    const symbol = new Int32Array(nodes);
    const counts = new Float64Array(nodes);
    const first = new Int32Array(nodes + 1);
    for (let i = 0; i < size; i++) {
      position[i] = i;
      symbol[i] = i;
    }
    const kneserNey = smoothing.kind === "kneser-ney";
    const levels = this.#levels();
    const discounts: Discount[] = [];
    let base = size;
    let parents = 0;
    for (let length = 2; length <= order; length++) {
      const members = levels[length]!;
      // Counting sort of this level by its parents' new numbers; the level above is already in place.
      for (const node of members) first[position[this.#parent[node]!]! + 1]!++;
      first[parents] = base;
      for (let parent = parents; parent < base; parent++) first[parent + 1]! += first[parent]!;
      const next = first.slice(parents, base);
      const raw = !kneserNey || length === order;
      for (const node of members) {
        const parent = position[this.#parent[node]!]! - parents;
        const place = next[parent]!++;
        position[node] = place;
        symbol[place] = this.#symbol[node]!;
        counts[place] = raw || this.#initial[node] === 1 ? this.#count[node]! : this.#left[node]!;
      }
      const end = base + members.length;
      discounts[length] =
        smoothing.kind === "absolute" ? fixedDiscount(smoothing) : estimateDiscount(counts, base, end);
      parents = base;
      base = end;
    }
    for (let node = parents; node <= nodes; node++) first[node] = nodes;
    const seen = new Float64Array(nodes);
    const rest = new Float64Array(nodes).fill(1);
    let length = 2;
    let boundary = size;
    for (let parent = 0; parent < nodes; parent++) {
      if (parent === boundary) {
        boundary += levels[length]!.length;
        length++;
      }
      const from = first[parent]!;
      const to = first[parent + 1]!;
      if (to > from) rest[parent] = share(counts, from, to, discounts[length]!, seen);
    }
    return new NgramTable(order, size, symbol, seen, rest, first);
  }

  /** The nodes of each length, in the order they were made. */
  #levels(): Int32Array[] {
    const sizes = new Int32Array(this.order + 1);
    for (let node = this.size; node < this.#nodes; node++) sizes[this.#length[node]!]!++;
    const levels = Array.from(sizes, (size) => new Int32Array(size));
    sizes.fill(0);
    for (let node = this.size; node < this.#nodes; node++) {
      const length = this.#length[node]!;
      levels[length]![sizes[length]!++] = node;
    }
    return levels;
  }
}

interface Discount {
  /** Taken from counts of 1, 2, and 3 or more. */
  readonly by: readonly [number, number, number];
  readonly power: number;
}

function fixedDiscount(smoothing: { readonly discount: number; readonly power: number }): Discount {
  const { discount, power } = smoothing;
  return { by: [discount, discount, discount], power };
}

/** The three discounts from the counts of counts; 0.75 of the usual range where a count of counts is zero. */
function estimateDiscount(counts: Float64Array, from: number, to: number): Discount {
  const of = [0, 0, 0, 0, 0];
  for (let i = from; i < to; i++) if (counts[i]! <= 4) of[counts[i]!]!++;
  const [, n1, n2, n3, n4] = of as [number, number, number, number, number];
  const y = n1 / (n1 + 2 * n2);
  const guarded = (value: number, most: number) =>
    Number.isFinite(value) && value > 0.05 && value < most ? value : 0.75;
  return {
    by: [
      guarded(1 - (2 * y * n2) / n1, 0.95),
      guarded(2 - (3 * y * n3) / n2, 1.9),
      guarded(3 - (4 * y * n4) / n3, 2.8),
    ],
    power: 1,
  };
}

/** Fills `seen` for one context and returns the mass it leaves. */
function share(counts: Float64Array, from: number, to: number, discount: Discount, seen: Float64Array): number {
  let total = 0;
  let taken = 0;
  let powers = 0;
  for (let i = from; i < to; i++) {
    const count = counts[i]!;
    const off = Math.min(count, discount.by[count >= 3 ? 2 : count >= 2 ? 1 : 0]!);
    total += count;
    taken += off;
    seen[i] = discount.power === 1 ? count - off : (count - off) ** discount.power;
    powers += seen[i]!;
  }
  if (!(powers > 0)) return 1;
  const rest = taken / total;
  const scale = (1 - rest) / powers;
  for (let i = from; i < to; i++) seen[i]! *= scale;
  return rest;
}
