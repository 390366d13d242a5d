import { type KernelKind, Workspace } from "../../numerics/kernel/workspace.ts";
import { squaredNorms } from "./exact.ts";
import type { Geometry } from "./geometry.ts";
import { MOST_PAIRS, type PairBlock, type PairVisitor, type PassSide } from "./pass.ts";

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
  readonly #space: Workspace;
  readonly #at: readonly [number, number, number];
  readonly #products: Float64Array;
  readonly #weights: Float64Array;
  readonly #perWidth: number;
  #squares: Float64Array | null = null;
  #repeated = 0;
  #blocks = 0;

  constructor(p: PassSide, q: PassSide, kind?: KernelKind) {
    const { shifts } = q.geometry;
    // One shift more: two are read at a time.
    const sizes = [8 * MOST_PAIRS, 8 * MOST_PAIRS, 8 * (shifts.length + 1)] as const;
    const space = new Workspace(sizes, kind);
    const at = [space.reserve(sizes[0]), space.reserve(sizes[1]), space.reserve(sizes[2])] as const;
    space.float64(at[2], shifts.length).set(shifts);
    this.#space = space;
    this.#at = at;
    this.#products = space.float64(at[0], MOST_PAIRS);
    this.#weights = space.float64(at[1], MOST_PAIRS);
    this.#p = p.geometry;
    this.#perWidth = 1 / p.geometry.rows.cols;
  }

  get sum(): number {
    return this.#repeated + this.#blocks;
  }

  visit({ i, first, count, products, weights }: PairBlock): void {
    const [product, weight, shifts] = this.#at;
    this.#products.set(products);
    this.#weights.set(weights);
    const shift = this.#p.shifts[i]!;
    this.#blocks += this.#space.code.sumCubes(product, weight, shifts + 8 * first, count, shift, this.#perWidth);
  }

  repeat(i: number, times: number): void {
    this.#squares ??= squaredNorms(this.#p.given);
    const pairs = (times * (times - 1)) / 2;
    this.#repeated += pairs * cubeLessOne(this.#squares[i]! / this.#p.given.cols);
  }
}
