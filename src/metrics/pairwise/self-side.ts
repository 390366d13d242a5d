import type { Matrix } from "../../core/matrix.ts";
import { CosineHistogram } from "./cosines.ts";
import { cubeLessOne } from "./cube.ts";
import { type DistinctRows, distinctRows } from "./distinct-rows.ts";
import { type Precision, visitDots } from "./dots.ts";
import { squaredDistance, squaredNorms } from "./exact.ts";
import { centerOf, type Geometry, geometryOf } from "./geometry.ts";
import type { Guess } from "./median-guess.ts";
import { DistanceMoments } from "./moments.ts";
import { NearestNeighbors } from "./nearest.ts";
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
export class SelfSide {
  readonly distinct: DistinctRows;
  readonly options: SelfOptions;
  /** The set's own mean: what the cross pass moves both sets by. Null in double precision, where nothing is moved. */
  readonly center: Float64Array | null;
  readonly moments: DistanceMoments;
  readonly cosineCounts: Float64Array;
  /** Sum over i < j of (x_i . x_j / d + 1)^3 - 1: one less, so that small products keep their digits. */
  readonly cubes: number;
  readonly nearest: NearestNeighbors;
  readonly geometry: Geometry;
  #window: PairWindow;
  readonly #radii = new Map<number, number>();

  constructor(m: Matrix, options: SelfOptions) {
    this.options = options;
    this.distinct = distinctRows(m);
    const { rows, weights } = this.distinct;
    this.center = options.precision === "single" ? centerOf(rows, weights) : null;
    this.geometry = geometryOf(rows, options.precision, this.center);
    const lengths = squaredNorms(rows).map(Math.sqrt);
    const cosines = new CosineHistogram(rows, lengths, options.bins);
    this.moments = new DistanceMoments(4 * this.geometry.reach ** 2);
    this.nearest = new NearestNeighbors(rows.rows, options.neighbors + SPARE);
    this.#window = this.#emptyWindow(options.window);
    this.cubes = this.#repeats(cosines) + this.#pass(cosines, lengths);
    this.cosineCounts = cosines.counts;
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

  /** Squared distance in float64 to the nearest other row of the set. */
  exactNearest(i: number): number {
    return this.distinct.weights[i]! > 1 ? 0 : this.#kthExact(i, 1);
  }

  /** A window over these bounds; where the one kept does not cover them the pairs are passed over again, for what is `wanted`. */
  windowOver(bounds: Bounds, wanted: Guess): PairWindow {
    if (!this.#window.covers(bounds)) {
      this.#window = this.#emptyWindow(wanted);
      this.#collect(this.#window);
    }
    return this.#window;
  }

  /** Sum over i < j of exp(-gamma |x_i - x_j|^2), to about 1e-13 of the number of pairs. */
  gaussianSum(gamma: number): number {
    if (this.moments.gaussianError(gamma) < 1e-13) return this.moments.gaussianSum(gamma);
    const { weights } = this.distinct;
    let total = 0;
    for (const weight of weights) total += (weight * (weight - 1)) / 2;
    this.#visitDistances((i, j, t) => {
      total += weights[i]! * weights[j]! * Math.exp(-gamma * t);
    });
    return total;
  }

  /** Pairs of equal rows: distance 0, cosine 1. */
  #repeats(cosines: CosineHistogram): number {
    const { rows, weights } = this.distinct;
    const squares = squaredNorms(rows);
    let cubes = 0;
    for (let i = 0; i < rows.rows; i++) {
      const weight = weights[i]!;
      if (weight === 1) continue;
      const pairs = (weight * (weight - 1)) / 2;
      cubes += pairs * cubeLessOne(squares[i]! / rows.cols);
      this.moments.add(0, pairs);
      cosines.counts[cosines.counts.length - 1]! += pairs;
      this.nearest.insert(i, i, 0, weight - 1);
      if (this.#window.holds(0)) this.#window.add(0, i, i);
    }
    return cubes;
  }

  #pass(cosines: CosineHistogram, lengths: Float64Array): number {
    const { distinct, geometry, moments, nearest } = this;
    const window = this.#window;
    const { weights } = distinct;
    const { norms, shifts } = geometry;
    const { worst } = nearest;
    const inverse = lengths.map((length) => 1 / length);
    const perWidth = 1 / distinct.rows.cols;
    // The error of a cosine: that of the product over both lengths, which centering may have shortened.
    let most = 0;
    for (let i = 0; i < lengths.length; i++) most = Math.max(most, Math.sqrt(norms[i]!) * inverse[i]!);
    let cubes = 0;
    visitDots(
      geometry.rows,
      geometry.rows,
      { precision: this.options.precision, upper: true },
      (i, first, count, dots) => {
        const norm = norms[i]!;
        const shift = shifts[i]!;
        const scale = inverse[i]!;
        const error = geometry.errors[i]! * scale * most;
        const weight = weights[i]!;
        let sum = 0;
        for (let q = Math.max(0, i + 1 - first); q < count; q++) {
          const j = first + q;
          const product = dots[q]!;
          const t = norm + norms[j]! - 2 * product;
          const pairs = weight * weights[j]!;
          const inner = product + shift + shifts[j]!;
          sum += pairs * cubeLessOne(inner * perWidth);
          cosines.add(inner * scale * inverse[j]!, error, pairs, i, j);
          if (t < worst[i]!) nearest.insert(i, j, t, weights[j]!);
          if (t < worst[j]!) nearest.insert(j, i, t, weight);
          if (window.holds(moments.add(t, pairs))) window.add(t, i, j);
        }
        cubes += sum;
      },
    );
    return cubes;
  }

  #emptyWindow({ bounds, share }: Guess): PairWindow {
    const { rows } = this.distinct.rows;
    return new PairWindow(this.moments, bounds, (share * rows * rows) / 2);
  }

  #visitDistances(visit: (i: number, j: number, t: number) => void): void {
    const { rows, norms } = this.geometry;
    visitDots(rows, rows, { precision: this.options.precision, upper: true }, (i, first, count, dots) => {
      for (let q = Math.max(0, i + 1 - first); q < count; q++)
        visit(i, first + q, norms[i]! + norms[first + q]! - 2 * dots[q]!);
    });
  }

  #collect(window: PairWindow): void {
    const { weights } = this.distinct;
    weights.forEach((weight, i) => {
      if (weight > 1 && window.holds(0)) window.add(0, i, i);
    });
    this.#visitDistances((i, j, t) => {
      if (window.holds(this.moments.binOf(t))) window.add(t, i, j);
    });
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
