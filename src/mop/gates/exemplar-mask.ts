import type { Stream } from "../../core/stream.ts";

/**
 * Exemplars that a training step hides from a record at random, each with the given chance: their Omega is zero and the others
 * share the weight. *Choice*: one reading of the paper's "(randomly) masked". A record's own exemplar is hidden always, elsewhere.
 */
export class ExemplarMask {
  readonly #share: number;
  readonly #pool: number;
  readonly #hidden: Uint8Array;
  readonly #shown: Int32Array;

  /** @param capacity records of a step at most */
  constructor(share: number, pool: number, capacity: number) {
    this.#share = share;
    this.#pool = pool;
    this.#hidden = new Uint8Array(capacity * pool);
    this.#shown = new Int32Array(capacity);
  }

  /** A row whose exemplars would all be hidden keeps them all. */
  draw(rows: number, random: Stream): void {
    const N = this.#pool;
    for (let r = 0; r < rows; r++) {
      let shown = 0;
      for (let t = r * N; t < (r + 1) * N; t++) {
        this.#hidden[t] = random.next() < this.#share ? 1 : 0;
        shown += 1 - this.#hidden[t]!;
      }
      if (shown === 0) this.#hidden.fill(0, r * N, (r + 1) * N);
      this.#shown[r] = shown === 0 ? N : shown;
    }
  }

  hides(r: number, j: number): boolean {
    return this.#hidden[r * this.#pool + j] === 1;
  }

  /** How many exemplars row r sees. */
  shown(r: number): number {
    return this.#shown[r]!;
  }

  /** Sets the logits of hidden exemplars (rows x N) to -Infinity. */
  apply(rows: number, logits: Float64Array): void {
    for (let t = 0; t < rows * this.#pool; t++) if (this.#hidden[t] === 1) logits[t] = Number.NEGATIVE_INFINITY;
  }
}
