import type { Stream } from "../../core/stream.ts";

/**
 * Splits records into those that weights are fitted on and those that judge them.
 * @returns disjoint positions; at least one record on each side when there are two or more
 */
export function splitRecords(
  records: Int32Array,
  share: number,
  random: Stream,
): { readonly trainRecords: Int32Array; readonly heldOutRecords: Int32Array } {
  const n = records.length;
  const order = Int32Array.from(random.derive("held-out").permutation(n), (r) => records[r]!);
  const held = Math.min(n - 1, Math.max(1, Math.round(n * share)));
  return {
    heldOutRecords: Int32Array.from(order.subarray(0, held)).sort(),
    trainRecords: Int32Array.from(order.subarray(held)).sort(),
  };
}

/** Fitted weights with their losses on the held-out records, one a record. */
export interface Judged {
  readonly losses: Float64Array;
  readonly mean: number;
}

/**
 * The most uniform candidate whose held-out loss is within one standard error (paired over records) of the best.
 * @param candidates from the most uniform to the least, at least one
 */
export function mostUniformWithinOneError<Candidate extends Judged>(candidates: readonly Candidate[]): Candidate {
  const best = candidates.reduce((a, b) => (b.mean < a.mean ? b : a));
  return candidates.find((c) => c.mean - best.mean <= pairedError(c.losses, best.losses)) ?? best;
}

/** Standard error of the mean difference of two lists of losses over the same records. */
export function pairedError(a: Float64Array, b: Float64Array): number {
  const differences = a.map((value, i) => value - b[i]!);
  const centre = mean(differences);
  const squares = differences.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, a.length - 1) / a.length);
}

export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
