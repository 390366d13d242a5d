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
    this.#cumulative = new Float64Array(symbol.length);
    for (let parent = 0; parent < symbol.length; parent++) {
      let sum = 0;
      for (let node = first[parent]!; node < first[parent + 1]!; node++) {
        sum += seen[node]!;
        this.#cumulative[node] = sum;
      }
    }
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
