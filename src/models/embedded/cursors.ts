import { type ExpertTables, OWNER } from "./expert-tables.ts";
import type { NgramTable } from "./ngram-table.ts";
import { END } from "./vocabulary.ts";

/** Cursor 0 stands in the general table, the others in experts. */
export const MAX_CURSORS = 12;

/**
 * Places in the general table and in some experts along one text. For cursor c and context length k, at `c * stride + k`: the
 * context's node (-1: never seen), the mass it leaves (`rest`, 1 where never seen), and, after `look`, what it says of a token
 * (`seen`, 0 where never seen). Allocates nothing per token.
 */
export class Cursors {
  readonly stride: number;
  readonly contexts: Int32Array;
  readonly rest: Float64Array;
  readonly seen: Float64Array;
  readonly #tables: ExpertTables;
  readonly #found: Int32Array;
  readonly #next: Float64Array;
  #experts: readonly number[] = [];
  /** Cursor of each expert; 0 for those that do not listen. */
  readonly #cursorOf: Int32Array;

  constructor(tables: ExpertTables) {
    this.#tables = tables;
    this.stride = tables.general.order;
    const room = MAX_CURSORS * this.stride;
    this.contexts = new Int32Array(room);
    this.rest = new Float64Array(room);
    this.seen = new Float64Array(room);
    this.#found = new Int32Array(room);
    this.#next = new Float64Array(room);
    this.#cursorOf = new Int32Array(tables.experts.length);
  }

  get count(): number {
    return this.#experts.length + 1;
  }

  table(cursor: number): NgramTable {
    return cursor === 0 ? this.#tables.general : this.#tables.experts[this.#experts[cursor - 1]!]!;
  }

  /** Stands at the beginning of a text; expert i of the list gets cursor i + 1. */
  begin(experts: readonly number[]): void {
    for (const expert of this.#experts) this.#cursorOf[expert] = 0;
    this.#experts = experts;
    for (let c = 1; c <= experts.length; c++) this.#cursorOf[experts[c - 1]!] = c;
    this.contexts.fill(-1);
    this.rest.fill(1);
    this.#head(END);
  }

  /** Looks the token up in every context. */
  look(token: number): void {
    const { stride, contexts, seen } = this;
    const found = this.#found;
    const next = this.#next;
    const { hash, ints, floats } = this.#tables;
    const end = this.count * stride;
    for (let at = 0; at < end; at++) {
      found[at] = -1;
      next[at] = 1;
      seen[at] = 0;
    }
    for (let k = 1; k < stride; k++) {
      const context = contexts[k]!;
      const slot = context < 0 ? -1 : hash.slot(context, token);
      // What the general table has not seen after this context it has not seen after a longer one.
      if (slot < 0) break;
      found[k] = hash.ints[slot * 8 + 2]!;
      seen[k] = hash.floats[slot * 4 + 2]!;
      next[k] = hash.floats[slot * 4 + 3]!;
      let entry = hash.ints[slot * 8 + 3]! - 1;
      if (entry < 0) continue;
      for (;;) {
        const owner = ints[entry * 6]!;
        const cursor = this.#cursorOf[owner & OWNER]!;
        if (cursor > 0) {
          const at = cursor * stride + k;
          found[at] = ints[entry * 6 + 1]!;
          seen[at] = floats[entry * 3 + 1]!;
          next[at] = floats[entry * 3 + 2]!;
        }
        if (owner < 0) break;
        entry++;
      }
    }
  }

  /** Goes past the token looked at last. */
  advance(token: number): void {
    const { stride, contexts, rest } = this;
    const end = this.count * stride;
    for (let at = end - 1; at > 0; at--) {
      contexts[at] = this.#found[at - 1]!;
      rest[at] = this.#next[at - 1]!;
    }
    this.#head(token);
  }

  #head(token: number): void {
    const { stride, contexts, rest } = this;
    const { general, experts, singleRest } = this.#tables;
    contexts[1] = token;
    rest[1] = general.rest[token]!;
    const row = token * experts.length;
    for (let c = 1; c <= this.#experts.length; c++) {
      contexts[c * stride + 1] = token;
      rest[c * stride + 1] = singleRest[row + this.#experts[c - 1]!]!;
    }
  }
}
