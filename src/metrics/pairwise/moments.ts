import { type KernelKind, Workspace } from "../../numerics/kernel/workspace.ts";
import { MOST_PAIRS, type PairBlock, type PairVisitor } from "./pass.ts";

/** Bins of the histogram. */
export const DISTANCE_BINS = 4096;
const BINS = DISTANCE_BINS;

/**
 * A histogram of squared distances that keeps the first four moments of every bin, so that the sum of exp(-gamma t) over all
 * pairs can be had afterwards, for any gamma. One pass then serves a bandwidth that is only known at its end (the median of
 * all distances), and no exponential is taken per pair.
 */
export class DistanceMoments implements PairVisitor {
  readonly width: number;
  /** A squared distance t is counted in bin `(t * perWidth) | 0`. */
  readonly perWidth: number;
  /** Per bin: sum of w, w u, w u^2, w u^3, where u is the distance from the bin's middle in bin widths. */
  readonly #sums: Float64Array;
  readonly #space: Workspace;
  readonly #at: readonly [number, number, number];
  readonly #distances: Float64Array;
  readonly #weights: Float64Array;

  /** @param top no squared distance is greater, but for rounding. */
  constructor(top: number, kind?: KernelKind) {
    const [pairs, sums] = [8 * MOST_PAIRS, 32 * BINS];
    const space = new Workspace([pairs, pairs, sums], kind);
    const at = [space.reserve(pairs), space.reserve(pairs), space.reserve(sums)] as const;
    this.#space = space;
    this.#at = at;
    this.#distances = space.float64(at[0], MOST_PAIRS);
    this.#weights = space.float64(at[1], MOST_PAIRS);
    this.#sums = space.float64(at[2], 4 * BINS);
    this.width = top > 0 ? (top * (1 + 1e-6)) / BINS : 1;
    this.perWidth = 1 / this.width;
  }

  visit({ count, distances, weights }: PairBlock): void {
    const [distance, weight, sums] = this.#at;
    this.#distances.set(distances);
    this.#weights.set(weights);
    this.#space.code.addDistanceMoments(distance, weight, count, this.perWidth, sums, BINS);
  }

  repeat(_i: number, times: number): void {
    const pairs = (times * (times - 1)) / 2;
    const u = -0.5;
    this.#sums[0]! += pairs;
    this.#sums[1]! += pairs * u;
    this.#sums[2]! += pairs * u * u;
    this.#sums[3]! += pairs * u * u * u;
  }

  /** Weight of what lies in the bins below one. */
  countBelow(bin: number): number {
    let count = 0;
    for (let b = 0; b < bin; b++) count += this.#sums[4 * b]!;
    return count;
  }

  /** Sum of exp(-gamma t): the exponential's Taylor series to the third order about each bin's middle. */
  gaussianSum(gamma: number): number {
    const g = gamma * this.width;
    const sums = this.#sums;
    let total = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const at = 4 * bin;
      if (sums[at] === 0) continue;
      const series = sums[at]! - g * sums[at + 1]! + (g * g * sums[at + 2]!) / 2 - (g * g * g * sums[at + 3]!) / 6;
      total += Math.exp(-g * (bin + 0.5)) * series;
    }
    return total;
  }

  /** Greatest relative error of `gaussianSum`: what the series leaves out at a bin's edge. */
  gaussianError(gamma: number): number {
    const half = (gamma * this.width) / 2;
    return half > 0.5 ? Number.POSITIVE_INFINITY : half ** 4 / 12;
  }
}
