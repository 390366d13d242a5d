/** Children of n-gram contexts in flat arrays: how all the embedded models' counts are kept. */

/**
 * A smoothed table of n-grams of order 2 and more over symbols 0..size-1.
 *
 * A node is an n-gram; nodes 0..size-1 are the single symbols. The chain of a history h of k symbols is
 * `p(w|h) = seen(hw) + rest(h) * p(w|h')`, with h' one symbol shorter: for each context sum of `seen` + `rest` = 1.
 * What stands below the bigrams is the caller's.
 */
export class NgramTable {
  readonly order: number;
  /** Number of symbols. */
  readonly size: number;
  /** Last symbol of each node. */
  readonly symbol: Int32Array;
  /** Discounted probability of each node's last symbol in its context. */
  readonly seen: Float64Array;
  /** Mass each node, as a context, leaves to the shorter history; 1 for a context never seen. */
  readonly rest: Float64Array;
  /** Children of node i are the nodes first[i] .. first[i + 1] - 1. */
  readonly first: Int32Array;
  /** Running sums of `seen` within each context. */
  readonly #cumulative: Float64Array;
  /**
   * The hash of nodes, 32 bytes a slot in two views of one buffer, so that a look-up touches one line of memory: integers
   * parent, symbol, node (0: empty), marks at 8 * slot; seen and rest (as a context) at 4 * slot + 2 and + 3.
   */
  readonly ints: Int32Array;
  readonly floats: Float64Array;
  readonly #mask: number;

  constructor(
    order: number,
    size: number,
    symbol: Int32Array,
    seen: Float64Array,
    rest: Float64Array,
    first: Int32Array,
  ) {
    this.order = order;
    this.size = size;
    this.symbol = symbol;
    this.seen = seen;
    this.rest = rest;
    this.first = first;
    const nodes = symbol.length;
    this.#cumulative = new Float64Array(nodes);
    const slots = slotCount(nodes - size);
    this.#mask = slots - 1;
    const buffer = new ArrayBuffer(slots * 32);
    this.ints = new Int32Array(buffer);
    this.floats = new Float64Array(buffer);
    for (let parent = 0; parent < nodes; parent++) {
      let sum = 0;
      for (let node = first[parent]!; node < first[parent + 1]!; node++) {
        sum += seen[node]!;
        this.#cumulative[node] = sum;
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

  /**
   * Sets this bit of the marks of every n-gram that `part` has too, so that looking one up here tells whether it is worth
   * looking up there. `part` must have read a part of what this table read.
   */
  mark(part: NgramTable, bit: number): void {
    const nodes = new Int32Array(part.symbol.length);
    for (let parent = 0; parent < nodes.length; parent++) {
      if (parent < part.size) nodes[parent] = parent;
      for (let child = part.first[parent]!; child < part.first[parent + 1]!; child++) {
        const at = this.slot(nodes[parent]!, part.symbol[child]!);
        this.ints[at * 8 + 3]! |= 1 << bit;
        nodes[child] = this.ints[at * 8 + 2]!;
      }
    }
  }

  /** The node of context + symbol, or -1. */
  find(context: number, symbol: number): number {
    const at = this.slot(context, symbol);
    return at < 0 ? -1 : this.ints[at * 8 + 2]!;
  }

  /** The child at this point of the context's running sum; `point` in [0, 1 - rest). */
  drawChild(context: number, point: number): number {
    let low = this.first[context]!;
    let high = this.first[context + 1]! - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (point < this.#cumulative[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
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
