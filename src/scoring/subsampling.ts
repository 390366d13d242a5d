import type { Stream } from "../core/stream.ts";
import type { Metric } from "../metrics/metric.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import { allEqual, type Estimand, type Interval, scoreInterval } from "./interval.ts";

/** Below so many texts a few of them decide too much of several metrics for intervals to hold (docs/statistics.md). */
export const FEWEST_TEXTS = 200;

/** Why subsamples of a set of n texts give a metric no interval ("No interval: ..."); null where they do. */
export function whyNoSubsamples({ noInterval, subsampleShare }: Subsampled, n: number): string | null {
  if (noInterval !== undefined) return noInterval;
  if (subsampleShare === null) return "subsamples of one set do not show how the value varies";
  return n < FEWEST_TEXTS ? `it takes ${FEWEST_TEXTS} texts for their subsamples to show how the value varies` : null;
}

type Subsampled = Pick<Metric, "noInterval" | "subsampleShare">;

/** How many of n texts a subsample keeps for a metric: `Metric.subsampleShare` of them. */
export function keptTexts({ subsampleShare }: Subsampled, n: number): number {
  return Math.floor((subsampleShare ?? 0.8) * n);
}

/** Random subsamples of a set, without replacement, one at a time. @param count how many. @param kept texts of each. */
export function* randomSubsets(set: SampleSet, count: number, kept: number, random: Stream): Generator<SampleSet> {
  for (let i = 0; i < count; i++)
    yield set.take(random.derive("subset", i).permutation(set.size).subarray(0, kept).sort());
}

/**
 * A 95 % interval for the metric expected at this n over new synthetic draws, from one set: delete-d subsampling.
 *
 * A subsample drawn without replacement has no text twice (a bootstrap sample has, which moves FID, MAUVE, Vendi and Self-BLEU).
 * For a metric that is smooth in the texts the variance of its value over subsamples of m, the set held fixed, times
 * m / (n - m) equals its variance over new sets of n (Shao and Wu, Annals of Statistics 17, 1989; Politis, Romano and Wolf,
 * Subsampling, 1999). It is the score interval of the value at n, as values at m carry the bias of m; where that bias brings them
 * nearer to an end of the range or further away, the interval's weight carries their variance over.
 *
 * @param valueAtN the metric of the whole set.
 * @param values the metric of each subsample against the same gold; those without a value are left out.
 * @param sizes texts of a subsample, and of the whole set.
 * @returns null with fewer than two values, and where all are the same: their spread tells nothing then.
 */
export async function subsampleInterval(
  valueAtN: number,
  values: readonly (number | null)[],
  sizes: { readonly kept: number; readonly n: number },
  range: Estimand["range"],
): Promise<Interval | null> {
  const found = values.filter((value) => value !== null);
  if (found.length < 2 || allEqual(found)) return null;
  const { mean, variance } = await import("mathjs/number");
  const estimate = {
    center: valueAtN,
    variance: (Number(variance(found)) * sizes.kept) / (sizes.n - sizes.kept),
    foundAt: Number(mean(found)),
    df: found.length - 1,
  };
  return scoreInterval(estimate, range);
}
