import type { Stream } from "../core/stream.ts";

/** Records that weights are fitted on, and those that judge them. Positions, ascending. */
export interface Fold {
  readonly trainRecords: Int32Array;
  readonly heldOutRecords: Int32Array;
}

/**
 * Divides records into folds, near-copies always together, and leaves each fold out in turn.
 * @param groups number of each record's group of near-copies
 * @param share of the records that a fold holds, at most half: 1 / share folds there are
 * @param judged records that are judged at least: as many folds are used as that takes
 * @returns disjoint judging records; at least one record on each side, where there are two groups or more
 */
export function foldsOf(groups: Int32Array, share: number, judged: number, random: Stream): readonly [Fold, ...Fold[]] {
  const members = new Map<number, number[]>();
  for (const [i, group] of groups.entries()) {
    const known = members.get(group);
    if (known === undefined) members.set(group, [i]);
    else known.push(i);
  }
  const lists = [...members.values()];
  const order = random.derive("held-out").permutation(lists.length);
  const count = Math.max(2, Math.round(1 / share));
  const parts: number[][] = Array.from({ length: Math.min(count, lists.length) }, () => []);
  // Each group goes to the smallest part: sizes differ by no more than a group.
  for (const at of order) smallest(parts).push(...lists[at]!);
  const folds: Fold[] = [];
  let held = 0;
  for (const part of parts) {
    if (held >= judged && folds.length > 0) break;
    const inPart = new Set(part);
    folds.push({
      heldOutRecords: Int32Array.from(part).sort(),
      trainRecords: Int32Array.from(groups.keys()).filter((i) => !inPart.has(i)),
    });
    held += part.length;
  }
  const [first, ...others] = folds;
  if (first === undefined) throw new RangeError("There are no records.");
  return [first, ...others];
}

function smallest(parts: readonly number[][]): number[] {
  return parts.reduce((least, part) => (part.length < least.length ? part : least));
}

/** Fitted weights with their losses on the held-out records, one a record. */
export interface Judged {
  readonly losses: Float64Array;
  readonly mean: number;
}

/**
 * The most uniform candidate whose held-out loss is within one standard error (paired over records) of the best.
 * @param candidates from the most uniform to the least, at least one
 * @param groups number of each record's group of near-copies
 */
export function mostUniformWithinOneError<Candidate extends Judged>(
  candidates: readonly Candidate[],
  groups: Int32Array,
): Candidate {
  const best = candidates.reduce((a, b) => (b.mean < a.mean ? b : a));
  return candidates.find((c) => c.mean - best.mean <= pairedError(c.losses, best.losses, groups)) ?? best;
}

/**
 * Standard error of the mean difference of two lists of losses over the same records, records of one group counted as one
 * observation (cluster-robust; Liang and Zeger 1986).
 */
export function pairedError(a: Float64Array, b: Float64Array, groups: Int32Array): number {
  const differences = a.map((value, i) => value - b[i]!);
  const center = mean(differences);
  const sums = new Map<number, number>();
  for (const [i, value] of differences.entries()) sums.set(groups[i]!, (sums.get(groups[i]!) ?? 0) + (value - center));
  let squares = 0;
  for (const sum of sums.values()) squares += sum ** 2;
  const correction = sums.size / Math.max(1, sums.size - 1);
  return Math.sqrt(squares * correction) / a.length;
}

export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
