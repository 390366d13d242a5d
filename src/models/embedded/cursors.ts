import type { NgramTable } from "./ngram-table.ts";
import { END } from "./vocabulary.ts";

/** A table with what is known of it: that it read a part of what an earlier one read (`within`, its index; -1: unknown). */
export interface CursorTable {
  readonly table: NgramTable;
  readonly within: number;
  /** The table's bit in the marks of `within`. */
  readonly bit: number;
}

export const MAX_CURSORS = 14;

/**
 * Places in several tables along one text, of this order at most. For cursor c and context length k, at `c * stride + k`: the
 * context's node (-1: never seen), the mass it leaves (`rest`, 1 where never seen), and, after `look`, what it says of a token
 * (`seen`, 0 where never seen). Allocates nothing per token.
 */
export class Cursors {
  readonly stride: number;
  readonly contexts: Int32Array;
  readonly rest: Float64Array;
  readonly seen: Float64Array;
  readonly #found: Int32Array;
  readonly #next: Float64Array;
  readonly #marks: Int32Array;
  #entries: readonly CursorTable[] = [];

  constructor(order: number) {
    this.stride = order;
    const room = MAX_CURSORS * order;
    this.contexts = new Int32Array(room);
    this.rest = new Float64Array(room);
    this.seen = new Float64Array(room);
    this.#found = new Int32Array(room);
    this.#next = new Float64Array(room);
    this.#marks = new Int32Array(room);
  }

  get count(): number {
    return this.#entries.length;
  }

  table(cursor: number): NgramTable {
    return this.#entries[cursor]!.table;
  }

  /** Stands at the beginning of a text. */
  begin(entries: readonly CursorTable[]): void {
    this.#entries = entries;
    this.contexts.fill(-1);
    this.rest.fill(1);
    this.#head(END);
  }

  /** Looks the token up in every context. */
  look(token: number): void {
    const { stride, contexts } = this;
    for (let c = 0; c < this.#entries.length; c++) {
      const { table, within, bit } = this.#entries[c]!;
      const { ints, floats } = table;
      const mask = 1 << bit;
      const shift = (within - c) * stride;
      const top = c * stride + table.order;
      for (let at = c * stride + 1; at < top; at++) {
        const context = contexts[at]!;
        const slot =
          context >= 0 && (within < 0 || (this.#marks[at + shift]! & mask) !== 0) ? table.slot(context, token) : -1;
        if (slot < 0) {
          this.#found[at] = -1;
          this.#next[at] = 1;
          this.#marks[at] = 0;
          this.seen[at] = 0;
        } else {
          this.#found[at] = ints[slot * 8 + 2]!;
          this.#marks[at] = ints[slot * 8 + 3]!;
          this.seen[at] = floats[slot * 4 + 2]!;
          this.#next[at] = floats[slot * 4 + 3]!;
        }
      }
    }
  }

  /** Goes past the token looked at last. */
  advance(token: number): void {
    const { stride, contexts, rest } = this;
    for (let c = 0; c < this.#entries.length; c++) {
      for (let at = c * stride + this.#entries[c]!.table.order - 1; at > c * stride + 1; at--) {
        contexts[at] = this.#found[at - 1]!;
        rest[at] = this.#next[at - 1]!;
      }
    }
    this.#head(token);
  }

  #head(token: number): void {
    for (let c = 0; c < this.#entries.length; c++) {
      this.contexts[c * this.stride + 1] = token;
      this.rest[c * this.stride + 1] = this.#entries[c]!.table.rest[token]!;
    }
  }
}
