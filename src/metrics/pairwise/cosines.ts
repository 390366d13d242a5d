import { dot, squaredNorms } from "./exact.ts";
import type { Geometry } from "./geometry.ts";
import type { PairBlock, PairVisitor, PassSide } from "./pass.ts";

/**
 * Counts of the cosines inside a set in equal bins on [-1, 1], the last one closed, as np.histogram counts the float64 cosines
 * clipped to that range: a cosine closer to an edge than its error is computed again in float64.
 */
export class CosineHistogram implements PairVisitor {
  readonly counts: Float64Array;
  readonly #geometry: Geometry;
  readonly #lengths: Float64Array;
  readonly #inverse: Float64Array;
  readonly #half: number;
  readonly #most: number;

  constructor({ geometry }: PassSide, bins: number) {
    this.counts = new Float64Array(bins);
    this.#geometry = geometry;
    this.#lengths = squaredNorms(geometry.given).map(Math.sqrt);
    this.#inverse = this.#lengths.map((length) => 1 / length);
    this.#half = bins / 2;
    // The error of a cosine: that of the product over both lengths, which centering may have shortened.
    let most = 0;
    for (let i = 0; i < this.#inverse.length; i++)
      most = Math.max(most, Math.sqrt(geometry.norms[i]!) * this.#inverse[i]!);
    this.#most = most;
  }

  visit({ i, first, count, products, weights }: PairBlock): void {
    const { shifts, errors } = this.#geometry;
    const { counts } = this;
    const inverse = this.#inverse;
    const half = this.#half;
    const shift = shifts[i]!;
    const scale = inverse[i]!;
    const guard = errors[i]! * scale * this.#most * half;
    const rest = 1 - guard;
    const bins = counts.length;
    for (let q = 0; q < count; q++) {
      const j = first + q;
      const place = ((products[q]! + shift + shifts[j]!) * scale * inverse[j]! + 1) * half;
      const bin = place | 0;
      const past = place - bin;
      const sure = past > guard && past < rest && place > 0 && bin < bins;
      const at = sure ? bin : this.#exactBin(place, guard, i, j);
      counts[at] = counts[at]! + weights[q]!;
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
