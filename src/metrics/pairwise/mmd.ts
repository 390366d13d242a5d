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
 * (x . y / d + 1)^3 - 1: the kernel of KID less a constant, which the estimate below cancels. For unit rows the kernel is within
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

/**
 * The unbiased estimate of the squared maximum mean discrepancy (Gretton et al. 2012, Lemma 6, eq. 3): may be negative.
 * Needs two rows on each side.
 */
export function unbiasedMmd({ n, m, gold, synthetic, cross }: KernelSums): number {
  return (2 * gold) / (n * (n - 1)) + (2 * synthetic) / (m * (m - 1)) - (2 * cross) / (n * m);
}
