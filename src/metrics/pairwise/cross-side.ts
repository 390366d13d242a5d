import { Balls, type Prdc } from "./balls.ts";
import { CubicSum } from "./cubic.ts";
import { GaussianSum } from "./gaussian.ts";
import { geometryOf } from "./geometry.ts";
import type { Guess } from "./median-guess.ts";
import { DistanceMoments } from "./moments.ts";
import { kernelKindOf, type PairVisitor, type PassSide, passAcross } from "./pass.ts";
import type { SelfSide } from "./self-side.ts";
import { PairWindow } from "./window.ts";

/** What the pairs of a gold and a synthetic row give. Rows i are gold's, j synthetic. */
export class CrossSide {
  readonly gold: SelfSide;
  readonly synthetic: SelfSide;
  readonly moments: DistanceMoments;
  readonly prdc: Prdc;
  readonly #cubes: CubicSum;
  #window: PairWindow;
  readonly #p: PassSide;
  readonly #q: PassSide;

  constructor(gold: SelfSide, synthetic: SelfSide, guess: Guess) {
    this.gold = gold;
    this.synthetic = synthetic;
    const { rows, weights } = synthetic.distinct;
    const kind = kernelKindOf(gold.options.precision);
    this.#p = gold;
    this.#q = { geometry: geometryOf(rows, gold.options.precision, gold.center), weights };
    this.moments = new DistanceMoments((this.#p.geometry.reach + this.#q.geometry.reach) ** 2, kind);
    this.#window = this.#emptyWindow(guess);
    this.#cubes = new CubicSum(this.#p, this.#q, kind);
    const balls = new Balls(gold, synthetic, this.#p.geometry, this.#q.geometry);
    this.#pass([this.#cubes, balls, this.moments, this.#window]);
    this.prdc = balls.result();
  }

  /** Sum over all i, j of (x_i . y_j / d + 1)^3 - 1. */
  get cubes(): number {
    return this.#cubes.sum;
  }

  /** The window over these bounds, passing over the pairs again where the one kept does not cover them. */
  windowOver(wanted: Guess): PairWindow {
    if (!this.#window.covers(wanted.bounds)) {
      this.#window = this.#emptyWindow(wanted);
      this.#pass([this.#window]);
    }
    return this.#window;
  }

  /** Sum over all i, j of exp(-gamma |x_i - y_j|^2), to about 1e-13 of the number of pairs. */
  gaussianSum(gamma: number): number {
    if (this.moments.gaussianError(gamma) < 1e-13) return this.moments.gaussianSum(gamma);
    const gaussian = new GaussianSum(gamma);
    this.#pass([gaussian]);
    return gaussian.sum;
  }

  /** Bound on the error of any squared distance between the sets. */
  get error(): number {
    let most = 0;
    for (const error of this.#p.geometry.errors) most = Math.max(most, 2 * error * this.#q.geometry.reach);
    return most;
  }

  #pass(visitors: readonly PairVisitor[]): void {
    passAcross(this.#p, this.#q, this.gold.options.precision, visitors);
  }

  #emptyWindow({ bounds, share }: Guess): PairWindow {
    const pairs = this.#p.weights.length * this.#q.weights.length;
    return new PairWindow(this.moments, bounds, share * pairs, kernelKindOf(this.gold.options.precision));
  }
}
