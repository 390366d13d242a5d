/**
 * Which row of a forward pass each record of a batch reads: one row for each distinct context, or one for each record where a
 * step disturbs every record in its own way. Buffers are reused; the latest `assign` holds.
 */
export class ContextRows {
  /** Row of each record of the batch. */
  #rows = new Int32Array(0);
  /** Context of each row, and row of each context; -1: none. */
  readonly #contexts: Int32Array;
  readonly #rowOfContext: Int32Array;

  /** @param capacity rows of a pass at most */
  constructor(contexts: number, capacity: number) {
    this.#contexts = new Int32Array(capacity);
    this.#rowOfContext = new Int32Array(contexts);
  }

  /**
   * Gives the records of a batch their rows.
   * @param contextOf context of each record of the fit
   * @param apart true: each record has a row of its own
   * @returns the context of each row; overwritten by the next call
   * @throws RangeError when the batch needs more rows than the capacity
   */
  assign(batch: ArrayLike<number>, contextOf: Int32Array, apart: boolean): Int32Array {
    if (this.#rows.length < batch.length) this.#rows = new Int32Array(batch.length);
    this.#rowOfContext.fill(-1);
    let count = 0;
    for (let b = 0; b < batch.length; b++) {
      const context = contextOf[batch[b]!]!;
      const known = this.#rowOfContext[context]!;
      if (known >= 0 && !apart) {
        this.#rows[b] = known;
        continue;
      }
      if (count === this.#contexts.length) throw new RangeError(`More than ${count} contexts in one batch.`);
      this.#contexts[count] = context;
      this.#rowOfContext[context] = count;
      this.#rows[b] = count++;
    }
    return this.#contexts.subarray(0, count);
  }

  /** Row of the batch's record at place b. */
  at(b: number): number {
    return this.#rows[b]!;
  }

  /** Rows of the first `count` records of the batch. */
  first(count: number): Int32Array {
    return this.#rows.subarray(0, count);
  }
}

/** Places 0 to `contexts.length` - 1 in the order of their contexts, in chunks of `capacity` distinct contexts at most. */
export function* chunksOfContexts(contexts: ArrayLike<number>, capacity: number): Generator<number[]> {
  const order = Array.from({ length: contexts.length }, (_, at) => at).sort(
    (a, b) => contexts[a]! - contexts[b]! || a - b,
  );
  for (let from = 0, to = 0; from < order.length; from = to) {
    const held = new Set<number>();
    for (; to < order.length; to++) {
      held.add(contexts[order[to]!]!);
      if (held.size > capacity) break;
    }
    yield order.slice(from, to);
  }
}
