/** Room that a body has at first, in bytes: most answers need no more. */
const FIRST_ROOM = 16 * 1024;

/**
 * A body as it arrives, in one buffer that grows. The parts are copied: each is a view of a whole read of the socket, so that a
 * list of parts of one byte would hold thousands of times the body.
 */
export class GrowingBody {
  readonly #largest: number;
  #bytes: Buffer;
  #length = 0;

  /** @param largest bytes at most */
  constructor(largest: number) {
    this.#largest = largest;
    this.#bytes = Buffer.allocUnsafe(Math.min(FIRST_ROOM, largest));
  }

  /** Bytes held in memory: no more than twice the body's, or the first room. */
  get room(): number {
    return this.#bytes.byteLength;
  }

  /** Adds a part. @returns false, and keeps nothing of it, where the body would become larger than it may */
  add(part: Uint8Array): boolean {
    const length = this.#length + part.byteLength;
    if (length > this.#largest) return false;
    if (length > this.room) {
      const grown = Buffer.allocUnsafe(Math.min(this.#largest, Math.max(length, 2 * this.room)));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    this.#bytes.set(part, this.#length);
    this.#length = length;
    return true;
  }

  /** What came so far: a view, not a copy. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
