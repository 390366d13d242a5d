import type { Facet } from "./facets.ts";

/** Pseudo-counts of all texts' words in each facet's. */
const PRIOR = 300;

/** How likely each term is in texts of given facets: the mean of the facets' own shares; without facets, that of all texts. */
export class ContextWords {
  readonly background: Float64Array;
  /** [term * facets + facet]. */
  readonly #shares: Float64Array;
  readonly #facets: number;

  /** @param numbers - terms of each text; @param width - number of terms. */
  constructor(numbers: readonly Int32Array[], width: number, facets: readonly Facet[]) {
    this.#facets = facets.length;
    this.background = new Float64Array(width).fill(0.5);
    for (const terms of numbers) for (const term of terms) this.background[term]!++;
    const total = this.background.reduce((sum, count) => sum + count, 0);
    for (let term = 0; term < width; term++) this.background[term]! /= total;
    this.#shares = new Float64Array(width * facets.length);
    facets.forEach(({ members }, f) => {
      let size = 0;
      for (const i of members) {
        size += numbers[i]!.length;
        for (const term of numbers[i]!) this.#shares[term * facets.length + f]!++;
      }
      for (let term = 0; term < width; term++) {
        const at = term * facets.length + f;
        this.#shares[at] = (this.#shares[at]! + PRIOR * this.background[term]!) / (size + PRIOR);
      }
    });
  }

  /** The probability of each of these terms under these facets. */
  expected(terms: Int32Array, facets: readonly number[]): Float64Array {
    return Float64Array.from(terms, (term) => {
      if (facets.length === 0) return this.background[term]!;
      let sum = 0;
      for (const f of facets) sum += this.#shares[term * this.#facets + f]!;
      return sum / facets.length;
    });
  }
}
