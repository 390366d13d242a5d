/**
 * Pieces of work that several threads take from one list, each piece once: whoever claims it first does it. What a piece gives does
 * not depend on who does it, so results are the same however the threads meet.
 */
export class Claims {
  /** What to hand to another thread. */
  readonly shared: SharedArrayBuffer;
  readonly #taken: Int32Array;

  /** @param work the number of pieces, or what another thread shares. */
  constructor(work: number | SharedArrayBuffer) {
    this.shared = typeof work === "number" ? new SharedArrayBuffer(4 * work) : work;
    this.#taken = new Int32Array(this.shared);
  }

  /** Whether piece i was free; it is the caller's then. */
  take(i: number): boolean {
    return Atomics.exchange(this.#taken, i, 1) === 0;
  }
}
