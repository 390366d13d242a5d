import { Balls, type Prdc } from "./balls.ts";
import { cubeLessOne } from "./cube.ts";
import { visitDots } from "./dots.ts";
import { squaredDistance } from "./exact.ts";
import { type Geometry, geometryOf } from "./geometry.ts";
import type { Guess } from "./median-guess.ts";
import { DistanceMoments } from "./moments.ts";
import type { SelfSide } from "./self-side.ts";
import { PairWindow } from "./window.ts";

/** Leave-one-out accuracy of the nearest neighbor in telling the sets apart: of all rows, of gold's, of the synthetic ones. */
export interface NearestNeighborAccuracy {
  readonly all: number;
  readonly gold: number;
  readonly synthetic: number;
}

/** What the pairs of a gold and a synthetic row give. Rows i are gold's, j synthetic. */
export class CrossSide {
  readonly gold: SelfSide;
  readonly synthetic: SelfSide;
  readonly moments: DistanceMoments;
  /** Sum over all i, j of (x_i . y_j / d + 1)^3 - 1. */
  readonly cubes: number;
  readonly prdc: Prdc;
  #window: PairWindow;
  readonly #p: Geometry;
  readonly #q: Geometry;
  readonly #nearestOfGold: Nearest;
  readonly #nearestOfSynthetic: Nearest;

  constructor(gold: SelfSide, synthetic: SelfSide, guess: Guess) {
    this.gold = gold;
    this.synthetic = synthetic;
    const { precision } = gold.options;
    this.#p = gold.geometry;
    this.#q = geometryOf(synthetic.distinct.rows, precision, gold.center);
    this.moments = new DistanceMoments((this.#p.reach + this.#q.reach) ** 2);
    const u = gold.distinct.rows.rows;
    const v = synthetic.distinct.rows.rows;
    this.#window = this.#emptyWindow(guess);
    this.#nearestOfGold = new Nearest(u);
    this.#nearestOfSynthetic = new Nearest(v);
    const balls = new Balls(gold, synthetic, this.#p, this.#q);
    this.cubes = this.#pass(balls);
    this.prdc = balls.result();
  }

  /** The window over these bounds, passing over the pairs again where the one kept does not cover them. */
  windowOver(wanted: Guess): PairWindow {
    if (!this.#window.covers(wanted.bounds)) {
      const window = this.#emptyWindow(wanted);
      this.#visitDistances((i, j, t) => {
        if (window.holds(this.moments.binOf(t))) window.add(t, i, j);
      });
      this.#window = window;
    }
    return this.#window;
  }

  /** Sum over all i, j of exp(-gamma |x_i - y_j|^2), to about 1e-13 of the number of pairs. */
  gaussianSum(gamma: number): number {
    if (this.moments.gaussianError(gamma) < 1e-13) return this.moments.gaussianSum(gamma);
    let total = 0;
    this.#visitDistances((_i, _j, t, pairs) => {
      total += pairs * Math.exp(-gamma * t);
    });
    return total;
  }

  /** Bound on the error of any squared distance between the sets. */
  get error(): number {
    let most = 0;
    for (const error of this.#p.errors) most = Math.max(most, 2 * error * this.#q.reach);
    return most;
  }

  /** Ties go to the lower index, gold's rows coming first, as in the reference. */
  nearestNeighbor(): NearestNeighborAccuracy {
    const { gold, synthetic } = this;
    const p = this.#right(gold, synthetic, this.#nearestOfGold, true);
    const q = this.#right(synthetic, gold, this.#nearestOfSynthetic, false);
    const n = gold.distinct.size;
    const m = synthetic.distinct.size;
    return { all: (p + q) / (n + m), gold: p / n, synthetic: q / m };
  }

  #pass(balls: Balls): number {
    const { moments } = this;
    const window = this.#window;
    const { norms: pNorms, shifts: pShifts, rows: pRows } = this.#p;
    const { norms: qNorms, shifts: qShifts, rows: qRows } = this.#q;
    const pWeights = this.gold.distinct.weights;
    const qWeights = this.synthetic.distinct.weights;
    const nearestOfGold = this.#nearestOfGold;
    const { distances: qNearest, indices: qNearestIndex } = this.#nearestOfSynthetic;
    const perWidth = 1 / pRows.cols;
    let cubes = 0;
    visitDots(pRows, qRows, { precision: this.gold.options.precision, upper: false }, (i, first, count, dots) => {
      const norm = pNorms[i]!;
      const shift = pShifts[i]!;
      const weight = pWeights[i]!;
      let sum = 0;
      let least = nearestOfGold.distances[i]!;
      let leastIndex = nearestOfGold.indices[i]!;
      for (let q = 0; q < count; q++) {
        const j = first + q;
        const product = dots[q]!;
        const t = norm + qNorms[j]! - 2 * product;
        const pairs = weight * qWeights[j]!;
        sum += pairs * cubeLessOne((product + shift + qShifts[j]!) * perWidth);
        if (t < least) {
          least = t;
          leastIndex = j;
        }
        if (t < qNearest[j]!) {
          qNearest[j] = t;
          qNearestIndex[j] = i;
        }
        balls.add(i, j, t);
        if (window.holds(moments.add(t, pairs))) window.add(t, i, j);
      }
      nearestOfGold.distances[i] = least;
      nearestOfGold.indices[i] = leastIndex;
      cubes += sum;
    });
    return cubes;
  }

  #emptyWindow({ bounds, share }: Guess): PairWindow {
    return new PairWindow(this.moments, bounds, share * this.#p.rows.rows * this.#q.rows.rows);
  }

  #visitDistances(visit: (i: number, j: number, t: number, pairs: number) => void): void {
    const p = this.#p;
    const q = this.#q;
    const pWeights = this.gold.distinct.weights;
    const qWeights = this.synthetic.distinct.weights;
    visitDots(p.rows, q.rows, { precision: this.gold.options.precision, upper: false }, (i, first, count, dots) => {
      for (let c = 0; c < count; c++) {
        const j = first + c;
        const t = p.norms[i]! + q.norms[j]! - 2 * dots[c]!;
        visit(i, j, t, pWeights[i]! * qWeights[j]!);
      }
    });
  }

  /** How many rows of `own` have their nearest other row in `own`. */
  #right(own: SelfSide, other: SelfSide, cross: Nearest, winsTies: boolean): number {
    const { rows, weights } = own.distinct;
    const bound = this.error;
    let right = 0;
    for (let i = 0; i < rows.rows; i++) {
      const inside = weights[i]! > 1 ? 0 : own.nearest.kth(i, 1);
      const outside = cross.distances[i]!;
      const close = Math.abs(inside - outside) <= bound + own.radiusError(i);
      const difference = close
        ? own.exactNearest(i) - nearestExact(own, i, other, cross.indices[i]!)
        : inside - outside;
      if (difference < 0 || (difference === 0 && winsTies)) right += weights[i]!;
    }
    return right;
  }
}

/** The nearest row of the other set, of every row. */
class Nearest {
  readonly distances: Float64Array;
  readonly indices: Int32Array;

  constructor(rows: number) {
    this.distances = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
    this.indices = new Int32Array(rows).fill(-1);
  }
}

function nearestExact(own: SelfSide, i: number, other: SelfSide, guess: number): number {
  const { rows } = own.distinct;
  const candidates = other.distinct.rows;
  let least = squaredDistance(rows, i, candidates, guess);
  for (let j = 0; j < candidates.rows && least > 0; j++)
    least = Math.min(least, squaredDistance(rows, i, candidates, j));
  return least;
}
