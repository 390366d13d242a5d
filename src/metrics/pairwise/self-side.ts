import type { Matrix } from "../../core/matrix.ts";
import { CosineHistogram } from "./cosines.ts";
import { CubicSum } from "./cubic.ts";
import { type DistinctRows, distinctRows } from "./distinct-rows.ts";
import { squaredDistance } from "./exact.ts";
import { GaussianSum } from "./gaussian.ts";
import { centerOf, type Geometry, geometryOf, type Precision } from "./geometry.ts";
import type { Guess } from "./median-guess.ts";
import { DistanceMoments } from "./moments.ts";
import { NearestNeighbors } from "./nearest.ts";
import { kernelKindOf, type PassSide, passInside } from "./pass.ts";
import { type Bounds, PairWindow } from "./window.ts";

/** Neighbors kept beyond the k-th, so that rounding cannot hide the true k-th. */
const SPARE = 3;

export interface SelfOptions {
  readonly precision: Precision;
  /** k of the radii. */
  readonly neighbors: number;
  /** Equal bins of the cosine histogram. */
  readonly bins: number;
  /** Squared distances to keep for the pooled median. */
  readonly window: Guess;
}

/** What the pairs i < j inside one set give: everything that does not depend on the other set. */
export class SelfSide implements PassSide {
  readonly distinct: DistinctRows;
  readonly options: SelfOptions;
  /** The set's own mean: what the cross pass moves both sets by. Null in double precision, where nothing is moved. */
  readonly center: Float64Array | null;
  readonly geometry: Geometry;
  readonly moments: DistanceMoments;
  readonly nearest: NearestNeighbors;
  readonly #cosines: CosineHistogram;
  readonly #cubes: CubicSum;
  #window: PairWindow;
  readonly #radii = new Map<number, number>();

  constructor(m: Matrix, options: SelfOptions) {
    this.options = options;
    const kind = kernelKindOf(options.precision);
    this.distinct = distinctRows(m);
    const { rows, weights } = this.distinct;
    this.center = options.precision === "single" ? centerOf(rows, weights) : null;
    this.geometry = geometryOf(rows, options.precision, this.center);
    this.moments = new DistanceMoments(4 * this.geometry.reach ** 2, kind);
    this.nearest = new NearestNeighbors(weights, options.neighbors + SPARE);
    this.#cosines = new CosineHistogram(this, options.bins, kind);
    this.#cubes = new CubicSum(this, this, kind);
    this.#window = this.#emptyWindow(options.window);
    const visitors = [this.#cubes, this.#cosines, this.nearest, this.moments, this.#window];
    passInside(this, options.precision, visitors);
  }

  /** How often each distinct row occurs. */
  get weights(): Float64Array {
    return this.distinct.weights;
  }

  get cosineCounts(): Float64Array {
    return this.#cosines.counts;
  }

  /** Sum over i < j of (x_i . x_j / d + 1)^3 - 1. */
  get cubes(): number {
    return this.#cubes.sum;
  }

  /** Squared distance of distinct row i to its k-th neighbor as the pass found it, wrong by at most `radiusError(i)`. */
  approximateRadius(i: number): number {
    return this.nearest.kth(i, this.options.neighbors);
  }

  /** Bound on the error of row i's squared distances within the set. */
  radiusError(i: number): number {
    return 2 * this.geometry.errors[i]! * this.geometry.reach;
  }

  /** The same distance in float64, exactly 0 for repeated rows. */
  exactRadius(i: number): number {
    const known = this.#radii.get(i);
    if (known !== undefined) return known;
    const radius = this.#kthExact(i, this.options.neighbors);
    this.#radii.set(i, radius);
    return radius;
  }

  /** A window over these bounds; where the one kept does not cover them the pairs are passed over again, for what is `wanted`. */
  windowOver(bounds: Bounds, wanted: Guess): PairWindow {
    if (!this.#window.covers(bounds)) {
      this.#window = this.#emptyWindow(wanted);
      passInside(this, this.options.precision, [this.#window]);
    }
    return this.#window;
  }

  /** Sum over i < j of exp(-gamma |x_i - x_j|^2), to about 1e-13 of the number of pairs. */
  gaussianSum(gamma: number): number {
    if (this.moments.gaussianError(gamma) < 1e-13) return this.moments.gaussianSum(gamma);
    const gaussian = new GaussianSum(gamma);
    passInside(this, this.options.precision, [gaussian]);
    return gaussian.sum;
  }

  #emptyWindow({ bounds, share }: Guess): PairWindow {
    const { rows } = this.distinct.rows;
    return new PairWindow(this.moments, bounds, (share * rows * rows) / 2, kernelKindOf(this.options.precision));
  }

  #kthExact(i: number, k: number): number {
    const { nearest, distinct } = this;
    const { rows } = distinct;
    const start = i * nearest.size;
    const exact: number[] = [];
    for (let at = start; at < start + nearest.size && nearest.indices[at]! >= 0; at++)
      exact.push(squaredDistance(rows, i, rows, nearest.indices[at]!));
    const kth = exact.sort((a, b) => a - b)[k - 1] ?? Number.POSITIVE_INFINITY;
    // Whatever was not kept is at least this far; if that is beyond the k-th, the k-th is right.
    if (nearest.worst[i]! - this.radiusError(i) >= kth) return kth;
    return this.#scan(i)[k - 1] ?? Number.POSITIVE_INFINITY;
  }

  /** Squared distances of row i to every other row of the set, ascending, in float64. */
  #scan(i: number): Float64Array {
    const { rows, weights, size } = this.distinct;
    const distances = new Float64Array(size - 1);
    let at = 0;
    for (let j = 0; j < rows.rows; j++) {
      const t = j === i ? 0 : squaredDistance(rows, i, rows, j);
      for (let copy = j === i ? 1 : 0; copy < weights[j]!; copy++) distances[at++] = t;
    }
    return distances.sort();
  }
}
