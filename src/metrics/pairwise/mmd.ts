import { cubeLessOne } from "./cube.ts";
import { squaredNorms } from "./exact.ts";
import type { Pairwise } from "./pairwise.ts";

/** A kernel summed over pairs. */
export interface KernelSums {
  /** Number of gold and of synthetic rows. */
  readonly n: number;
  readonly m: number;
  /** Over pairs i < j of gold, of the synthetic set; over all pairs of a gold and a synthetic row. */
  readonly gold: number;
  readonly synthetic: number;
  readonly cross: number;
}

/** Sums of k(x, x) over each set: what the biased estimate adds. */
export interface KernelDiagonals {
  readonly gold: number;
  readonly synthetic: number;
}

/** exp(-gamma |x - y|^2). */
export function gaussianSums(pairs: Pairwise, gamma: number): KernelSums {
  return {
    n: pairs.gold.distinct.size,
    m: pairs.synthetic.distinct.size,
    gold: pairs.gold.gaussianSum(gamma),
    synthetic: pairs.synthetic.gaussianSum(gamma),
    cross: pairs.cross.gaussianSum(gamma),
  };
}

/**
 * (x . y / d + 1)^3 - 1: the kernel of KID less a constant, which every estimate below cancels. For unit rows the kernel is within
 * 1/d of 1, and the constant would cost its digits.
 */
export function cubicSums(pairs: Pairwise): KernelSums {
  return {
    n: pairs.gold.distinct.size,
    m: pairs.synthetic.distinct.size,
    gold: pairs.gold.cubes,
    synthetic: pairs.synthetic.cubes,
    cross: pairs.cross.cubes,
  };
}

/** The same of every row with itself. */
export function cubicDiagonals(pairs: Pairwise): KernelDiagonals {
  const sum = ({ distinct: { rows, weights } }: Pairwise["gold"]) =>
    squaredNorms(rows).reduce((total, square, i) => total + weights[i]! * cubeLessOne(square / rows.cols), 0);
  return { gold: sum(pairs.gold), synthetic: sum(pairs.synthetic) };
}

/**
 * The unbiased estimate of the squared maximum mean discrepancy (Gretton et al. 2012, Lemma 6, eq. 3): may be negative.
 * Needs two rows on each side.
 */
export function unbiasedMmd({ n, m, gold, synthetic, cross }: KernelSums): number {
  return (2 * gold) / (n * (n - 1)) + (2 * synthetic) / (m * (m - 1)) - (2 * cross) / (n * m);
}

/** The biased estimate (ibid., eq. 5): plain means, pairs of a row with itself included; never negative. */
export function biasedMmd({ n, m, gold, synthetic, cross }: KernelSums, diagonals: KernelDiagonals): number {
  return (
    (2 * gold + diagonals.gold) / (n * n) + (2 * synthetic + diagonals.synthetic) / (m * m) - (2 * cross) / (n * m)
  );
}

/** The U-statistic of sets in a fixed pairing (ibid., eq. 4; n = m): the cross term leaves out pairs i = j. */
export function pairedMmd({ n, gold, synthetic, cross }: KernelSums, paired: number): number {
  return (2 * (gold + synthetic - (cross - paired))) / (n * (n - 1));
}
