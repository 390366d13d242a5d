const SIZE = 624;
const MIDDLE = 397;

/**
 * The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), the same numbers as C++'s std::mt19937 and as numpy's legacy
 * generator for one seed. Only for agreeing with reference implementations; our own randomness comes from `Stream`.
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #at = SIZE;

  /** @param seed an integer, taken modulo 2^32. */
  constructor(seed: number) {
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const mixed = state[i - 1]! ^ (state[i - 1]! >>> 30);
      state[i] = Math.imul(1812433253, mixed) + i;
    }
  }

  /** 32 random bits as an unsigned integer. */
  next(): number {
    if (this.#at === SIZE) this.#twist();
    let y = this.#state[this.#at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + MIDDLE) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}

/** The permutation of 0 .. n - 1 that faiss' `rand_perm` gives for this seed. */
export function faissPermutation(n: number, seed: number): Uint32Array {
  const random = new MersenneTwister(seed);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i + 1 < n; i++) {
    const j = i + (random.next() % (n - i));
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}
