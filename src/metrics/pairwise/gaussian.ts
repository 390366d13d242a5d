import type { PairBlock, PairVisitor } from "./pass.ts";

/** Sum of exp(-gamma t) over pairs, one exponential a pair. */
export class GaussianSum implements PairVisitor {
  readonly #gamma: number;
  sum = 0;

  constructor(gamma: number) {
    this.#gamma = gamma;
  }

  visit({ count, distances, weights }: PairBlock): void {
    const gamma = this.#gamma;
    let { sum } = this;
    for (let q = 0; q < count; q++) sum += weights[q]! * Math.exp(-gamma * distances[q]!);
    this.sum = sum;
  }

  repeat(_i: number, times: number): void {
    this.sum += (times * (times - 1)) / 2;
  }
}
