import { createHash } from "node:crypto";
import prand, { type RandomGenerator } from "pure-rand";

/**
 * A named, seeded stream of random numbers (xoroshiro128+ of pure-rand, 128 bits of state taken from SHA-256 of the name).
 *
 * Streams form a tree: `derive` gives a child that depends on the parent's *name*, never on how much the parent has been
 * used. So a sample's stream is the same whatever ran before it, and order and concurrency change nothing.
 * @example
 * const random = Stream.root(7).derive("my-method", "draw", 3); // the same numbers in every run
 * const mood = random.pick(["cheerful", "tired"]);
 */
export class Stream {
  readonly #path: string;
  readonly #generator: RandomGenerator;

  private constructor(path: string) {
    this.#path = path;
    const digest = createHash("sha256").update(path).digest();
    this.#generator = prand.xoroshiro128plus.fromState([
      digest.readInt32LE(0),
      digest.readInt32LE(4),
      digest.readInt32LE(8),
      digest.readInt32LE(12) | 1, // a state of all zeros would stay there
    ]);
  }

  /** The root stream of a run. */
  static root(seed: number): Stream {
    return new Stream(`mopbench:${seed}`);
  }

  /** The seed and every name down to this stream: what a file keeps of where its randomness came from. */
  get name(): string {
    return this.#path;
  }

  /** The child with these names; equal names give an equal, fresh stream. */
  derive(...names: readonly (string | number)[]): Stream {
    return new Stream(this.#path + names.map((name) => `/${encodeURIComponent(encodable(String(name)))}`).join(""));
  }

  /** 32 random bits as an unsigned integer. */
  uint32(): number {
    return this.#generator.unsafeNext() >>> 0;
  }

  /** Uniform in [0, 1), 53 bits. */
  next(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Uniform integer in [0, bound). @throws RangeError unless bound is a positive integer up to 2^53. */
  int(bound: number): number {
    if (!Number.isSafeInteger(bound) || bound < 1) throw new RangeError(`No integer below ${bound}.`);
    return Math.floor(this.next() * bound);
  }

  /** Standard normal (Box-Muller, one of the pair). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** An index drawn with probability proportional to its weight. @throws RangeError when no weight is positive. */
  weighted(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i]!;
    if (!(total > 0)) throw new RangeError("No positive weight to draw from.");
    let rest = this.next() * total;
    let last = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      if (weight <= 0) continue;
      last = i;
      rest -= weight;
      if (rest < 0) return i;
    }
    return last;
  }

  /** One item, uniformly. @throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }

  /** The numbers 0..n-1 in random order (Fisher-Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const kept = order[i]!;
      order[i] = order[j]!;
      order[j] = kept;
    }
    return order;
  }
}

/** The name, its lone surrogates escaped: no URI can hold them. */
function encodable(name: string): string {
  return name.replaceAll(/\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}
