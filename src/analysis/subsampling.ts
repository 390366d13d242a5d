import type { Stream } from "../core/stream.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import { studentTQuantile } from "../numerics/student-t.ts";
import { takeSamples } from "./aligned-set.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The share of the texts that a subsample keeps, for the metrics for which a half is not right (docs/statistics.md). */
const KEPT: readonly (readonly [prefix: string, share: number])[] = [
  ["mauve", 0.6],
  ["frontier-integral", 0.6],
  ["distinct-", 0.8],
  ["coverage", 0.9],
  ["ngram-vendi", 0.95],
];

/**
 * The share of the texts a subsample keeps for a metric. A half for most; more where the effect of a text on the value hangs on
 * how many others there are (kinds of n-grams, nearest neighbours), which makes halves vary in another measure than the whole.
 */
export function keptShare(metric: string): number {
  return KEPT.find(([prefix]) => metric.startsWith(prefix))?.[1] ?? 0.5;
}

/**
 * Random subsamples of a set, without replacement.
 *
 * @param count how many. @param share of the texts each keeps, in (0, 1); floor(share n) texts.
 */
export function randomSubsets(set: SampleSet, count: number, random: Stream, share = 0.5): SampleSet[] {
  const kept = Math.floor(share * set.size);
  return Array.from({ length: count }, (_, i) =>
    takeSamples(set, random.derive("half", i).permutation(set.size).subarray(0, kept).sort()),
  );
}

/**
 * A 95 % interval for the metric expected at this n over new synthetic draws, from one set: delete-d subsampling.
 *
 * A subsample drawn without replacement has no text twice (a bootstrap sample has, which moves FID, MAUVE, Vendi and Self-BLEU).
 * For a metric that is smooth in the texts the variance of its value over subsamples of m, the set held fixed, times
 * m / (n - m) equals its variance over new sets of n; at m = n/2 the factor is 1 (Shao and Wu, Annals of Statistics 17, 1989;
 * Politis, Romano and Wolf, Subsampling, 1999). Centred at the value at n, because values at m carry the bias of m.
 *
 * @param valueAtN the metric of the whole set.
 * @param values the metric of each subsample against the same gold; those without a value are left out.
 * @param share the share of the texts that the subsamples kept.
 * @returns null with fewer than two values, and where all are the same: their spread tells nothing then.
 */
export async function subsampleInterval(
  valueAtN: number,
  values: readonly (number | null)[],
  share = 0.5,
): Promise<Interval | null> {
  const found = values.filter((value) => value !== null);
  if (found.length < 2 || found.every((value) => value === found[0])) return null;
  const { variance } = await import("mathjs/number");
  const spread = Number(variance(found)) * (share / (1 - share));
  const half = studentTQuantile(0.975, found.length - 1) * Math.sqrt(spread);
  return { low: valueAtN - half, high: valueAtN + half };
}
