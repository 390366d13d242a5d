/** Bins of the histogram. */
export const DISTANCE_BINS = 4096;
const BINS = DISTANCE_BINS;

/**
 * A histogram of squared distances that keeps the first four moments of every bin, so that the sum of exp(-gamma t) over all
 * pairs can be had afterwards, for any gamma. One pass then serves a bandwidth that is only known at its end (the median of
 * all distances), and no exponential is taken per pair.
 */
export class DistanceMoments {
  readonly width: number;
  readonly #perWidth: number;
  /** Per bin: sum of w, w u, w u^2, w u^3, where u is the distance from the bin's middle in bin widths. */
  readonly #sums = new Float64Array(4 * BINS);

  /** @param top no squared distance is greater, but for rounding. */
  constructor(top: number) {
    this.width = top > 0 ? (top * (1 + 1e-6)) / BINS : 1;
    this.#perWidth = 1 / this.width;
  }

  /**
   * Counts a squared distance t in [0, top], `weight` times; rounding may have made it a little negative.
   *
   * @returns its bin.
   */
  add(t: number, weight: number): number {
    const place = t * this.#perWidth;
    const bin = place | 0;
    const u = place - bin - 0.5;
    const at = 4 * bin;
    const first = weight * u;
    const second = first * u;
    const sums = this.#sums;
    sums[at] = sums[at]! + weight;
    sums[at + 1] = sums[at + 1]! + first;
    sums[at + 2] = sums[at + 2]! + second;
    sums[at + 3] = sums[at + 3]! + second * u;
    return bin;
  }

  /** The bin that `add` counts t in. */
  binOf(t: number): number {
    return (t * this.#perWidth) | 0;
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
