import type { Matrix } from "../../core/matrix.ts";
import { dot } from "./exact.ts";

/**
 * Counts of cosines in equal bins on [-1, 1], the last one closed, as np.histogram counts the float64 cosines clipped to that
 * range: a cosine closer to an edge than its error is computed again in float64.
 */
export class CosineHistogram {
  readonly counts: Float64Array;
  readonly #rows: Matrix;
  readonly #lengths: Float64Array;
  readonly #half: number;

  /** @param lengths |x| of every row. */
  constructor(rows: Matrix, lengths: Float64Array, bins: number) {
    this.counts = new Float64Array(bins);
    this.#rows = rows;
    this.#lengths = lengths;
    this.#half = bins / 2;
  }

  /** Counts the pair (i, j) of about this cosine, known to within `error`, `weight` times. */
  add(cosine: number, error: number, weight: number, i: number, j: number): void {
    const half = this.#half;
    const place = (cosine + 1) * half;
    const bin = place | 0;
    const past = place - bin;
    const guard = error * half;
    const sure = past > guard && past < 1 - guard && place > 0 && bin < this.counts.length;
    const at = sure ? bin : this.#exactBin(place, guard, i, j);
    this.counts[at] = this.counts[at]! + weight;
  }

  #exactBin(place: number, guard: number, i: number, j: number): number {
    const bins = this.counts.length;
    // The two ends of the range are no edges: what lies beyond them is clipped to them.
    if (place < 1 - guard) return 0;
    if (place > bins - 1 + guard) return bins - 1;
    const cosine = dot(this.#rows, i, this.#rows, j) / (this.#lengths[i]! * this.#lengths[j]!);
    let bin = Math.min(bins - 1, Math.max(0, Math.floor((cosine + 1) * this.#half)));
    // As np.histogram: the edges themselves decide, not the rounded place.
    if (cosine < bin / this.#half - 1) bin--;
    else if (bin < bins - 1 && cosine >= (bin + 1) / this.#half - 1) bin++;
    return bin;
  }
}
