import type { Stream } from "../core/stream.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import { studentTQuantile } from "../numerics/student-t.ts";
import { takeSamples } from "./aligned-set.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Random halves of a set, without replacement: what `halfSampleInterval` wants the metric of, against the whole gold set.
 *
 * @param count how many; each has floor(n / 2) texts.
 */
export function randomHalves(set: SampleSet, count: number, random: Stream): SampleSet[] {
  const half = Math.floor(set.size / 2);
  return Array.from({ length: count }, (_, i) =>
    takeSamples(set, random.derive("half", i).permutation(set.size).subarray(0, half).sort()),
  );
}

/**
 * A 95 % interval for the metric expected at this n over new synthetic draws, from one set: delete-half subsampling.
 *
 * A half drawn without replacement has no text twice (a bootstrap sample has, which moves FID, MAUVE, Vendi and Self-BLEU), and
 * for a metric that is smooth in the texts the variance of its value over halves, the set held fixed, equals its variance over
 * new sets of n: (m/n) / (1 - m/n) = 1 at m = n/2 (Politis, Romano and Wolf, Subsampling, 1999; Shao and Wu's delete-d jackknife,
 * 1989). Centred at the value at n, because values at n/2 carry the bias of n/2.
 *
 * @param valueAtN the metric of the whole set.
 * @param valuesAtHalf the metric of each random half against the same gold; those without a value are left out.
 * @returns null with fewer than two values.
 */
export function halfSampleInterval(valueAtN: number, valuesAtHalf: readonly (number | null)[]): Interval | null {
  const values = valuesAtHalf.filter((value) => value !== null);
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const half = studentTQuantile(0.975, values.length - 1) * Math.sqrt(variance);
  return { low: valueAtN - half, high: valueAtN + half };
}
