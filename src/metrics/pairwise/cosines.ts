import { type KernelKind, Workspace } from "../../numerics/kernel/workspace.ts";
import { dot, squaredNorms } from "./exact.ts";
import type { Geometry } from "./geometry.ts";
import { MOST_PAIRS, type PairBlock, type PairVisitor, type PassSide } from "./pass.ts";

/**
 * Counts of the cosines inside a set in equal bins on [-1, 1], the last one closed, as np.histogram counts the float64 cosines
 * clipped to that range: a cosine closer to an edge than its error is computed again in float64.
 */
export class CosineHistogram implements PairVisitor {
  readonly counts: Float64Array;
  readonly #space: Workspace;
  readonly #at: readonly [number, number, number, number, number, number];
  readonly #products: Float64Array;
  readonly #weights: Float64Array;
  readonly #list: Int32Array;
  readonly #geometry: Geometry;
  readonly #lengths: Float64Array;
  readonly #inverse: Float64Array;
  readonly #half: number;
  readonly #most: number;

  constructor({ geometry }: PassSide, bins: number, kind?: KernelKind) {
    const { length } = geometry.shifts;
    // One number more: two are read at a time.
    const room = 8 * (length + 1);
    const sizes = [8 * MOST_PAIRS, 8 * MOST_PAIRS, room, room, 8 * bins, 4 * MOST_PAIRS] as const;
    const space = new Workspace(sizes, kind);
    const reserve = (k: number) => space.reserve(sizes[k]!);
    const at = [reserve(0), reserve(1), reserve(2), reserve(3), reserve(4), reserve(5)] as const;
    this.#space = space;
    this.#at = at;
    this.#products = space.float64(at[0], MOST_PAIRS);
    this.#weights = space.float64(at[1], MOST_PAIRS);
    space.float64(at[2], length).set(geometry.shifts);
    this.#inverse = space.float64(at[3], length);
    this.counts = space.float64(at[4], bins);
    this.#list = space.int32(at[5], MOST_PAIRS);
    this.#geometry = geometry;
    this.#lengths = squaredNorms(geometry.given).map(Math.sqrt);
    this.#inverse.set(this.#lengths.map((length) => 1 / length));
    this.#half = bins / 2;
    // The error of a cosine: that of the product over both lengths, which centering may have shortened.
    let most = 0;
    for (let i = 0; i < this.#inverse.length; i++)
      most = Math.max(most, Math.sqrt(geometry.norms[i]!) * this.#inverse[i]!);
    this.#most = most;
  }

  visit({ i, first, count, products, weights }: PairBlock): void {
    const { shifts, errors } = this.#geometry;
    const space = this.#space;
    const half = this.#half;
    const shift = shifts[i]!;
    const scale = this.#inverse[i]!;
    const guard = errors[i]! * scale * this.#most * half;
    this.#products.set(products);
    this.#weights.set(weights);
    const [product, weight, moved, inverse, counts, list] = this.#at;
    const [s, by] = [moved + 8 * first, inverse + 8 * first];
    const bins = this.counts.length;
    const unsure = space.code.countCosines(
      product,
      weight,
      s,
      by,
      count,
      shift,
      scale,
      half,
      guard,
      counts,
      bins,
      list,
    );
    for (let k = 0; k < unsure; k++) {
      const q = this.#list[k]!;
      const j = first + q;
      const place = ((products[q]! + shift + shifts[j]!) * scale * this.#inverse[j]! + 1) * half;
      const at = this.#exactBin(place, guard, i, j);
      this.counts[at] = this.counts[at]! + weights[q]!;
    }
  }

  repeat(_i: number, times: number): void {
    this.counts[this.counts.length - 1]! += (times * (times - 1)) / 2;
  }

  #exactBin(place: number, guard: number, i: number, j: number): number {
    const bins = this.counts.length;
    // The two ends of the range are no edges: what lies beyond them is clipped to them.
    if (place < 1 - guard) return 0;
    if (place > bins - 1 + guard) return bins - 1;
    const cosine = dot(this.#geometry.given, i, this.#geometry.given, j) / (this.#lengths[i]! * this.#lengths[j]!);
    let bin = Math.min(bins - 1, Math.max(0, Math.floor((cosine + 1) * this.#half)));
    // As np.histogram: the edges themselves decide, not the rounded place.
    if (cosine < bin / this.#half - 1) bin--;
    else if (bin < bins - 1 && cosine >= (bin + 1) / this.#half - 1) bin++;
    return bin;
  }
}
