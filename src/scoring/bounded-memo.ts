/**
 * Values that are made once and kept up to so many bytes: beyond, those longest unused are dropped, and made again when they are
 * asked for once more.
 */
export class BoundedMemo<T> {
  readonly #limit: number;
  readonly #bytesOf: (value: T) => number;
  /** Longest unused first. */
  readonly #entries = new Map<string, { readonly value: Promise<T>; bytes: number }>();
  #held = 0;

  /** @param limit bytes kept at most, beside what is being made */
  constructor(limit: number, bytesOf: (value: T) => number) {
    this.#limit = limit;
    this.#bytesOf = bytesOf;
  }

  /** The value of a name, made when there is none. A failure is not kept. */
  async get(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(name);
    if (known !== undefined) {
      this.#entries.delete(name);
      this.#entries.set(name, known);
      return known.value;
    }
    const entry = { value: make(), bytes: 0 };
    this.#entries.set(name, entry);
    try {
      const value = await entry.value;
      entry.bytes = this.#bytesOf(value);
      this.#held += entry.bytes;
      this.#drop();
      return value;
    } catch (error) {
      this.#entries.delete(name);
      throw error;
    }
  }

  #drop(): void {
    for (const [name, { bytes }] of this.#entries) {
      if (this.#held <= this.#limit) return;
      if (bytes === 0) continue; // still being made
      this.#entries.delete(name);
      this.#held -= bytes;
    }
  }
}
