import { squaredNorms } from "./exact.ts";
import type { Geometry } from "./geometry.ts";
import type { PairBlock, PairVisitor, PassSide } from "./pass.ts";

/** (e + 1)^3 - 1 without the rounding of the sum. */
function cubeLessOne(e: number): number {
  return e * (3 + e * (3 + e));
}

/**
 * Sum of (x . y / d + 1)^3 - 1 over pairs: the kernel of KID less one, so that small products keep their digits. For unit rows the
 * kernel is within 1/d of 1.
 */
export class CubicSum implements PairVisitor {
  readonly #p: Geometry;
  readonly #shifts: Float64Array;
  readonly #perWidth: number;
  #squares: Float64Array | null = null;
  #repeated = 0;
  #blocks = 0;

  constructor(p: PassSide, q: PassSide) {
    this.#p = p.geometry;
    this.#shifts = q.geometry.shifts;
    this.#perWidth = 1 / p.geometry.rows.cols;
  }

  get sum(): number {
    return this.#repeated + this.#blocks;
  }

  visit({ i, first, count, products, weights }: PairBlock): void {
    const shift = this.#p.shifts[i]!;
    const shifts = this.#shifts;
    const perWidth = this.#perWidth;
    let sum = 0;
    for (let q = 0; q < count; q++)
      sum += weights[q]! * cubeLessOne((products[q]! + shift + shifts[first + q]!) * perWidth);
    this.#blocks += sum;
  }

  repeat(i: number, times: number): void {
    this.#squares ??= squaredNorms(this.#p.given);
    const pairs = (times * (times - 1)) / 2;
    this.#repeated += pairs * cubeLessOne(this.#squares[i]! / this.#p.given.cols);
  }
}
