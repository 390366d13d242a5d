import { squaredDistance } from "./exact.ts";
import type { Geometry } from "./geometry.ts";
import type { PairBlock, PairVisitor } from "./pass.ts";
import type { SelfSide } from "./self-side.ts";

/** Precision, recall, density and coverage. */
export interface Prdc {
  readonly precision: number;
  readonly recall: number;
  readonly density: number;
  readonly coverage: number;
}

/** Which points lie in which balls. A comparison closer than its error is made again in float64. */
export class Balls implements PairVisitor {
  readonly #gold: SelfSide;
  readonly #synthetic: SelfSide;
  readonly #goldRadii: Float64Array;
  readonly #goldGuards: Float64Array;
  readonly #syntheticRadii: Float64Array;
  readonly #syntheticGuards: Float64Array;
  /** Weight of the gold balls' hits; which gold balls hold a synthetic row; which rows lie in a ball of the other set. */
  #hits = 0;
  readonly #covered: Uint8Array;
  readonly #goldInside: Uint8Array;
  readonly #syntheticInside: Uint8Array;

  constructor(gold: SelfSide, synthetic: SelfSide, p: Geometry, q: Geometry) {
    this.#gold = gold;
    this.#synthetic = synthetic;
    this.#goldRadii = p.norms.map((_, i) => gold.approximateRadius(i));
    this.#goldGuards = p.errors.map((error, i) => 2 * error * q.reach + gold.radiusError(i));
    this.#syntheticRadii = q.norms.map((_, j) => synthetic.approximateRadius(j));
    this.#syntheticGuards = q.errors.map((error, j) => 2 * error * p.reach + synthetic.radiusError(j));
    this.#covered = new Uint8Array(p.norms.length);
    this.#goldInside = new Uint8Array(p.norms.length);
    this.#syntheticInside = new Uint8Array(q.norms.length);
  }

  visit({ i, first, count, distances, weights }: PairBlock): void {
    const goldRadius = this.#goldRadii[i]!;
    const goldGuard = this.#goldGuards[i]!;
    const radii = this.#syntheticRadii;
    const guards = this.#syntheticGuards;
    for (let q = 0; q < count; q++) {
      const j = first + q;
      const fromGold = distances[q]! - goldRadius;
      if (fromGold < goldGuard && (fromGold < -goldGuard || this.#inGoldBall(i, j))) {
        this.#hits += weights[q]!;
        this.#covered[i] = 1;
        this.#syntheticInside[j] = 1;
      }
      const fromSynthetic = distances[q]! - radii[j]!;
      const guard = guards[j]!;
      if (fromSynthetic < guard && this.#goldInside[i] === 0) {
        if (fromSynthetic < -guard || this.#inSyntheticBall(i, j)) this.#goldInside[i] = 1;
      }
    }
  }

  result(): Prdc {
    const p = this.#gold.distinct;
    const q = this.#synthetic.distinct;
    return {
      precision: weighted(this.#syntheticInside, q.weights) / q.size,
      recall: weighted(this.#goldInside, p.weights) / p.size,
      density: this.#hits / (this.#gold.options.neighbors * q.size),
      coverage: weighted(this.#covered, p.weights) / p.size,
    };
  }

  #inGoldBall(i: number, j: number): boolean {
    return this.#distance(i, j) < this.#gold.exactRadius(i);
  }

  #inSyntheticBall(i: number, j: number): boolean {
    return this.#distance(i, j) < this.#synthetic.exactRadius(j);
  }

  #distance(i: number, j: number): number {
    return squaredDistance(this.#gold.distinct.rows, i, this.#synthetic.distinct.rows, j);
  }
}

function weighted(marks: Uint8Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < marks.length; i++) if (marks[i] === 1) sum += weights[i]!;
  return sum;
}
