import { studentTCdf } from "../numerics/student-t.ts";

/** With fewer units than this their spread tells too little of the noise. */
export const FEWEST_UNITS = 10;

/**
 * How the loss of one method varies with who was asked: with other people of the same population in gold's place, their contexts
 * among them, and with the method's answers drawn anew. Unit i of two systems of a task is the same (a person and the answers to
 * that person's context, or a subsample of them), so what moves two methods alike cancels in their difference.
 */
export interface Variation {
  /** NaN where the unit has no value. */
  readonly values: Float64Array;
  /** The variance over units of the difference of two methods' values, times this, is that of the difference of their losses. */
  readonly factor: number;
  /** What the loss at this n lies above the loss of the whole populations, as estimated; 0 where no account is taken of it. */
  readonly bias: number;
}

/**
 * Whether two methods differ in their distance from the population, not from this gold set: Student's t test of the difference of
 * their losses, less what is known of its bias, with gold's noise and both methods' own in its standard error.
 *
 * @param difference of the losses as they are reported.
 * @returns two-sided p in [0, 1]; 1 where the bias alone decides who leads; null where fewer than ten units have values, and where nothing varied.
 */
export function populationTest(difference: number, a: Variation, b: Variation): number | null {
  const apart = a.values.map((x, unit) => x - b.values[unit]!).filter((x) => !Number.isNaN(x));
  const df = apart.length - 1;
  if (apart.length < FEWEST_UNITS) return null;
  const mean = apart.reduce((sum, x) => sum + x, 0) / apart.length;
  const variance = (apart.reduce((sum, x) => sum + (x - mean) ** 2, 0) / df) * a.factor;
  if (!(variance > 0)) return null;
  const unbiased = difference - (a.bias - b.bias);
  if (unbiased * difference < 0) return 1;
  return 2 * studentTCdf(-Math.abs(unbiased) / Math.sqrt(variance), df);
}
