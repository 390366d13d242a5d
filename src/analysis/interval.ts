import type { Metric } from "../metrics/metric.ts";
import { midPInterval } from "../numerics/binomial.ts";
import { studentTQuantile } from "../numerics/student-t.ts";

/** The 95 % interval of a metric expected at n over new synthetic draws; what it rests on is in docs/statistics.md. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const CONFIDENCE = 0.95;

/** What an interval needs to know of a metric. */
export type Estimand = Pick<Metric, "range" | "trials">;

/** A metric without known ends. */
export const UNBOUNDED: Estimand = { range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] };

/** The value of one set, and how many texts it has. */
export interface SetValue {
  readonly value: number;
  readonly n: number;
}

/** Mean and standard deviation (divisor count - 1) of some values. */
export interface Spread {
  readonly mean: number;
  readonly sd: number;
  readonly count: number;
}

/**
 * The interval over independent sets: the score interval of their mean, or for independent trials the binomial one of all texts.
 *
 * @param sets at least one. @param spread of their values.
 * @returns null for one set (unless of trials), and where all sets have the same value: their spread tells nothing then.
 */
export function intervalOverSets(
  { range, trials }: Estimand,
  sets: readonly SetValue[],
  { mean, sd, count }: Spread,
): Interval | null {
  if (trials) return trialsInterval(sets);
  if (count < 2 || allEqual(sets.map(({ value }) => value))) return null;
  return scoreInterval({ centre: mean, variance: sd ** 2 / count, df: count - 1 }, range);
}

/** The interval of a metric of independent trials (`Metric.trials`), from the texts of all sets together. */
export function trialsInterval(sets: readonly SetValue[]): Interval {
  const trials = sets.reduce((sum, { n }) => sum + n, 0);
  const successes = sets.reduce((sum, { value, n }) => sum + Math.round(value * n), 0);
  return midPInterval(successes, trials, CONFIDENCE);
}

/** An estimate, and how sure it is: `variance` of the estimate itself, with `df` degrees of freedom. */
export interface Estimate {
  readonly centre: number;
  readonly variance: number;
  readonly df: number;
}

/**
 * The score interval: all x that the estimate does not reject, |centre - x| <= t sqrt(variance w(x) / w(centre)). The weight w is
 * the product of x's distances from the ends of the metric's range: close to an end values have less room to vary, so the
 * variance found at the estimate does not hold for all x. For a share that is Wilson's interval (JASA 22, 1927) with an estimated
 * dispersion (quasi-likelihood: Wedderburn, Biometrika 61, 1974) and Student's quantile; without ends it is Student's t. It lies
 * within the range, and reaches further on the side away from a near end, as the values themselves do.
 *
 * @param range the metric's; an end may be infinite.
 * @returns null where the variance is 0 or the estimate is an end: nothing tells how far x may be then.
 */
export function scoreInterval({ centre, variance, df }: Estimate, range: Estimand["range"]): Interval | null {
  const [least, most] = range;
  if (!(variance > 0) || centre <= least || centre >= most) return null;
  const reach = studentTQuantile((1 + CONFIDENCE) / 2, df) ** 2 * variance;
  const [below, above] = [centre - least, most - centre];
  if (below === Number.POSITIVE_INFINITY && above === Number.POSITIVE_INFINITY) {
    return { low: centre - Math.sqrt(reach), high: centre + Math.sqrt(reach) };
  }
  if (below === Number.POSITIVE_INFINITY) {
    const { low, high } = fromOneEnd(above, reach);
    return { low: most - high, high: most - low };
  }
  if (above === Number.POSITIVE_INFINITY) {
    const { low, high } = fromOneEnd(below, reach);
    return { low: least + low, high: least + high };
  }
  // (1 + c) x^2 - (2 centre + c (least + most)) x + centre^2 + c least most = 0, as the middle of its roots and half their distance.
  const c = reach / (below * above);
  const middle = (centre + (c * (least + most)) / 2) / (1 + c);
  const half = Math.sqrt(reach + (c * (most - least)) ** 2 / 4) / (1 + c);
  return { low: Math.max(least, middle - half), high: Math.min(most, middle + half) };
}

/** The distances y from an end for which (distance - y)^2 <= reach y / distance. */
function fromOneEnd(distance: number, reach: number): Interval {
  const c = reach / distance;
  const middle = distance + c / 2;
  const half = Math.sqrt(reach + c ** 2 / 4);
  return { low: Math.max(0, middle - half), high: middle + half };
}

/** Whether values differ by no more than rounding. */
export function allEqual(values: readonly number[]): boolean {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high));
}
