import type { PairBlock, PairVisitor } from "./pass.ts";

/**
 * The `size` nearest neighbors of every row of a set, by approximate squared distance, each row's in ascending order.
 * A neighbor that occurs several times stands there several times.
 */
export class NearestNeighbors implements PairVisitor {
  readonly size: number;
  readonly distances: Float64Array;
  readonly indices: Int32Array;
  /** The greatest distance kept of each row: what is not less cannot enter. Infinity while there is room. */
  readonly worst: Float64Array;

  readonly #weights: Float64Array;

  /** @param weights how often each row occurs. */
  constructor(weights: Float64Array, size: number) {
    const rows = weights.length;
    this.#weights = weights;
    this.size = size;
    this.distances = new Float64Array(rows * size).fill(Number.POSITIVE_INFINITY);
    this.indices = new Int32Array(rows * size).fill(-1);
    this.worst = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  }

  visit({ i, first, count, distances }: PairBlock): void {
    const { worst } = this;
    const weights = this.#weights;
    let farthest = worst[i]!;
    for (let q = 0; q < count; q++) {
      const t = distances[q]!;
      if (t < farthest) {
        this.#insert(i, first + q, t, weights[first + q]!);
        farthest = worst[i]!;
      }
      if (t < worst[first + q]!) this.#insert(first + q, i, t, weights[i]!);
    }
  }

  repeat(i: number, times: number): void {
    this.#insert(i, i, 0, times - 1);
  }

  /** Squared distance to the k-th neighbor (k from 1 to size); Infinity when there are fewer. */
  kth(i: number, k: number): number {
    return this.distances[i * this.size + k - 1]!;
  }

  /** Offers row i a neighbor j at squared distance t that occurs `times` times. Callers first compare t with `worst[i]`. */
  #insert(i: number, j: number, t: number, times: number): void {
    const { size, distances, indices } = this;
    const start = i * size;
    for (let copy = 0; copy < Math.min(times, size); copy++) {
      let at = start + size - 1;
      if (t >= distances[at]!) break;
      while (at > start && distances[at - 1]! > t) {
        distances[at] = distances[at - 1]!;
        indices[at] = indices[at - 1]!;
        at--;
      }
      distances[at] = t;
      indices[at] = j;
    }
    this.worst[i] = distances[start + size - 1]!;
  }
}
