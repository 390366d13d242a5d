import type { Metric } from "../metrics/metric.ts";
import { midPInterval } from "../numerics/binomial.ts";
import { studentTQuantile } from "../numerics/student-t.ts";

/** The 95 % interval of a metric expected at n over new synthetic draws; what it rests on is in docs/statistics.md. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** What it is, for the row's settings. */
  readonly kind: "score" | "mid-P";
}

const CONFIDENCE = 0.95;

/** What an interval needs to know of a metric. */
export type Estimand = Pick<Metric, "range" | "trials" | "noInterval">;

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
 * @returns null for one set (unless of trials), for a metric that has none, and where all sets have the same value: their spread
 * tells nothing then.
 */
export function intervalOverSets(
  { range, trials, noInterval }: Estimand,
  sets: readonly SetValue[],
  { mean, sd, count }: Spread,
): Interval | null {
  if (trials) return trialsInterval(sets);
  if (noInterval !== undefined || count < 2 || allEqual(sets.map(({ value }) => value))) return null;
  return scoreInterval({ center: mean, variance: sd ** 2 / count, foundAt: mean, df: count - 1 }, range);
}

/** The interval of a metric of independent trials (`Metric.trials`), from the texts of all sets together. */
export function trialsInterval(sets: readonly SetValue[]): Interval {
  const trials = sets.reduce((sum, { n }) => sum + n, 0);
  const successes = sets.reduce((sum, { value, n }) => sum + Math.round(value * n), 0);
  return { ...midPInterval(successes, trials, CONFIDENCE), kind: "mid-P" };
}

/** An estimate, and how sure it is. */
export interface Estimate {
  readonly center: number;
  /** Of the estimate, with `df` degrees of freedom. */
  readonly variance: number;
  /** Where the variance was found: the mean of the values whose spread it is. */
  readonly foundAt: number;
  readonly df: number;
}

/**
 * The score interval: all x that the estimate does not reject, |center - x| <= t sqrt(variance w(x) / w(foundAt)). The weight w is
 * the product of x's distances from the ends of the metric's range: close to an end values have less room to vary, so the
 * variance found in one place does not hold for all x. For a share that is Wilson's interval (JASA 22, 1927) with an estimated
 * dispersion (quasi-likelihood: Wedderburn, Biometrika 61, 1974) and Student's quantile; without ends it is Student's t. It lies
 * within the range, and reaches further on the side away from a near end, as the values themselves do.
 *
 * @param range the metric's; an end may be infinite. @returns null where nothing varied.
 */
export function scoreInterval(
  { center, variance, foundAt, df }: Estimate,
  [least, most]: Estimand["range"],
): Interval | null {
  const [lower, upper] = [Number.isFinite(least), Number.isFinite(most)];
  const weight = (x: number) => (lower ? x - least : 1) * (upper ? most - x : 1);
  if (!(variance > 0 && weight(foundAt) > 0)) return null;
  // (center - x)^2 = c w(x), for x or its distance from the one end: the middle of the roots, and half their distance.
  const c = (studentTQuantile((1 + CONFIDENCE) / 2, df) ** 2 * variance) / weight(foundAt);
  const reach = c * weight(center);
  if (lower && upper) {
    const middle = (center + (c * (least + most)) / 2) / (1 + c);
    const half = Math.sqrt(reach + ((c * (most - least)) / 2) ** 2) / (1 + c);
    return { low: Math.max(least, middle - half), high: Math.min(most, middle + half), kind: "score" };
  }
  const shift = lower ? c / 2 : upper ? -c / 2 : 0;
  const half = Math.sqrt(reach + shift ** 2);
  const [low, high] = [Math.max(least, center + shift - half), Math.min(most, center + shift + half)];
  return { low, high, kind: "score" };
}

/** The reason of a row whose value has no interval. */
export const noIntervalText = (why: string): string => `No interval: ${why}.`;

/** Whether values differ by no more than rounding. */
export function allEqual(values: readonly number[]): boolean {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high));
}
