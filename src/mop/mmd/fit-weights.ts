import { minimizeOnSimplex } from "../../numerics/simplex-quadratic.ts";
import { type Fold, type Judged, mean, mostUniformWithinOneError, pairedError } from "../held-out.ts";
import type { KernelSums } from "./kernel-sums.ts";

/** Weights of pairs on the simplex, with what held-out records say of them. */
export interface SimplexFit {
  readonly weights: Float64Array;
  /** The penalty chosen; null: nothing was better than uniform weights, which are kept. */
  readonly penalty: number | null;
  /** Squared MMD without the records' own part, on held-out records and on answers that the weights were not fitted on. */
  readonly uniformHeldOut: number;
  readonly heldOut: number;
  readonly gainError: number;
  /** Largest duality gap of the quadratic programs solved. */
  readonly gap: number;
}

/** Halves of a pair's answers that a fit uses. */
type Halves = readonly (0 | 1)[];

interface Candidate extends Judged {
  readonly penalty: number | null;
}

/**
 * Chooses weights that minimize MMD² between the weighted answers and the records, plus `penalty` / A sum w² (A answers a pair: the
 * penalty counts in units of the noise that a pair's own answers have). Penalties are judged crosswise: weights are fitted on one
 * half of the answers and on the training records, and judged on the other half and the held-out records. Kept is the most
 * uniform choice within one standard error of the best, then fitted to all answers and records.
 * @param own positions of the records that are near-copies of each pair's exemplar: never matched with it
 * @param groups number of each record's group of near-copies
 */
export function fitWeights(
  sums: KernelSums,
  own: readonly Int32Array[],
  { trainRecords, heldOutRecords }: Fold,
  groups: Int32Array,
  penalties: readonly number[],
): SimplexFit {
  const { pairs: P } = sums;
  let gap = 0;
  const solve = (halves: Halves, records: Int32Array, penalty: number): Float64Array => {
    const h = answerKernel(sums, halves, false);
    const b = meanToRecords(sums, halves, own, records);
    const most = answersOfPair(sums, halves);
    for (let p = 0; p < P; p++) h[p * P + p]! += penalty / most;
    const found = minimizeOnSimplex(h, b);
    gap = Math.max(gap, found.gap);
    return found.weights;
  };
  const judge = (penalty: number | null): Candidate => {
    const losses = new Float64Array(heldOutRecords.length);
    for (const half of [0, 1] as const) {
      const weights = penalty === null ? new Float64Array(P).fill(1 / P) : solve([half], trainRecords, penalty);
      for (const [at, loss] of lossesOn(sums, [half === 0 ? 1 : 0], own, heldOutRecords, weights).entries())
        losses[at]! += loss / 2;
    }
    return { penalty, losses, mean: mean(losses) };
  };
  const uniform = judge(null);
  const candidates = [uniform, ...[...penalties].sort((a, b) => b - a).map(judge)];
  const judging = heldOutRecords.map((i) => groups[i]!);
  const chosen = mostUniformWithinOneError(candidates, judging);
  const all = Int32Array.from([...trainRecords, ...heldOutRecords]).sort();
  return {
    weights: chosen.penalty === null ? new Float64Array(P).fill(1 / P) : solve([0, 1], all, chosen.penalty),
    penalty: chosen.penalty,
    uniformHeldOut: uniform.mean,
    heldOut: chosen.mean,
    gainError: pairedError(uniform.losses, chosen.losses, judging),
    gap,
  };
}

/** Each record's part of MMD² of the weights, without the records' own: wᵀ H w - 2 wᵀ k(record). Unbiased over answers. */
function lossesOn(
  sums: KernelSums,
  halves: Halves,
  own: readonly Int32Array[],
  records: Int32Array,
  weights: Float64Array,
): Float64Array {
  const P = sums.pairs;
  const h = answerKernel(sums, halves, true);
  let among = 0;
  for (let p = 0; p < P; p++) for (let q = 0; q < P; q++) among += weights[p]! * weights[q]! * h[p * P + q]!;
  const typical = meanToRecords(sums, halves, own, records);
  return Float64Array.from(records, (i) => {
    let towards = 0;
    for (let p = 0; p < P; p++)
      towards += weights[p]! * (own[p]!.includes(i) ? typical[p]! : toRecord(sums, halves, p, i));
    return among - 2 * towards;
  });
}

/** Mean kernel between the answers of two pairs, P x P. `unbiased`: an answer is not paired with itself. */
function answerKernel({ pairs: P, between, counts }: KernelSums, halves: Halves, unbiased: boolean): Float64Array {
  const h = new Float64Array(P * P);
  for (let p = 0; p < P; p++)
    for (let q = 0; q < P; q++) {
      let [sum, m, n] = [0, 0, 0];
      for (const x of halves) {
        m += counts[2 * p + x]!;
        n += counts[2 * q + x]!;
        for (const y of halves) sum += between[(2 * p + x) * 2 * P + 2 * q + y]!;
      }
      h[p * P + q] = unbiased && p === q ? (sum - m) / (m * (m - 1)) : sum / (m * n);
    }
  return h;
}

/** Mean kernel between a pair's answers and the records but near-copies of its exemplar. */
function meanToRecords(
  sums: KernelSums,
  halves: Halves,
  own: readonly Int32Array[],
  records: Int32Array,
): Float64Array {
  return Float64Array.from({ length: sums.pairs }, (_, p) => {
    let [sum, n] = [0, 0];
    for (const i of records)
      if (!own[p]!.includes(i)) {
        sum += toRecord(sums, halves, p, i);
        n++;
      }
    return sum / Math.max(1, n);
  });
}

function toRecord({ toRecords, counts, records }: KernelSums, halves: Halves, p: number, i: number): number {
  let [sum, n] = [0, 0];
  for (const x of halves) {
    sum += toRecords[(2 * p + x) * records + i]!;
    n += counts[2 * p + x]!;
  }
  return sum / n;
}

/** The most answers a pair has. */
function answersOfPair({ pairs, counts }: KernelSums, halves: Halves): number {
  let most = 1;
  for (let p = 0; p < pairs; p++)
    most = Math.max(
      most,
      halves.reduce<number>((n, x) => n + counts[2 * p + x]!, 0),
    );
  return most;
}
