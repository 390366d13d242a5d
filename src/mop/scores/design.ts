import { type Matrix, row } from "../../core/matrix.ts";
import type { Stream } from "../../core/stream.ts";

/** The pairs to score: S draws a record with ln q of each; entry s of record i lies at i * perRecord + s. */
export interface PairDesign {
  readonly perRecord: number;
  readonly persona: Int32Array;
  readonly exemplar: Int32Array;
  readonly logProposal: Float64Array;
  /** False where every pair there is stands in the design: no chance, no bias. */
  readonly sampled: boolean;
}

/** Proposal of one record: independent distributions over personas and over the pool. */
export interface Proposal {
  readonly personas: Float64Array;
  readonly exemplars: Float64Array;
}

/** Cosines are divided by it before the softmax. */
const SHARPNESS = 0.1;
/** What a cosine counts beside overlaps: too little to come before any but ties. */
const TIE = 1e-6;

/**
 * Draws S pairs a record from its proposal, personas and exemplars each by a Latin hypercube: every single draw has exactly
 * the proposal's distribution, so estimates stay unbiased, and together they cover it more evenly than independent draws.
 */
export function drawPairs(
  records: number,
  perRecord: number,
  proposal: (record: number) => Proposal,
  random: Stream,
): PairDesign {
  const design = {
    perRecord,
    persona: new Int32Array(records * perRecord),
    exemplar: new Int32Array(records * perRecord),
    logProposal: new Float64Array(records * perRecord),
    sampled: true,
  };
  for (let i = 0; i < records; i++) {
    const { personas, exemplars } = proposal(i);
    const stream = random.derive(i);
    const k = stratified(personas, perRecord, stream);
    const j = stratified(exemplars, perRecord, stream);
    for (let s = 0; s < perRecord; s++) {
      design.persona[i * perRecord + s] = k[s]!;
      design.exemplar[i * perRecord + s] = j[s]!;
      design.logProposal[i * perRecord + s] = Math.log(personas[k[s]!]!) + Math.log(exemplars[j[s]!]!);
    }
  }
  return design;
}

/**
 * Every pair once a record, without chance: q = 1 / (K N) makes the weights 1 / (S q) one. Masked pairs stand in it too, with
 * q = infinity: they weigh nothing and are not scored.
 * @param exemplars N, at least 1
 */
export function everyPair(personas: number, exemplars: number, masked: readonly Int32Array[]): PairDesign {
  const perRecord = personas * exemplars;
  const size = masked.length * perRecord;
  const exemplar = Int32Array.from({ length: size }, (_, t) => t % exemplars);
  return {
    perRecord,
    persona: Int32Array.from({ length: size }, (_, t) => Math.floor((t % perRecord) / exemplars)),
    exemplar,
    logProposal: Float64Array.from(exemplar, (j, t) =>
      masked[Math.floor(t / perRecord)]!.includes(j) ? Number.POSITIVE_INFINITY : -Math.log(perRecord),
    ),
    sampled: false,
  };
}

/** Personas: part uniform, part a softmax over cosines. Rows have unit length. */
export function similarityProposal(unit: Float32Array, others: Matrix, uniformShare: number): Float64Array {
  const weights = cosinesTo(unit, others).map((cosine) => Math.exp((cosine - 1) / SHARPNESS));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => uniformShare / others.rows + ((1 - uniformShare) * weight) / sum);
}

/**
 * Exemplars: part uniform, part 1 / rank by overlap of wording (equal overlaps by cosine), so that the few exemplars that may
 * explain a text alone are all but sure to be drawn. Positions in `masked` get nothing.
 * @param overlap with each exemplar (overlap.ts)
 */
export function rankProposal(
  overlap: Float64Array,
  cosines: Float64Array,
  masked: Int32Array,
  uniformShare: number,
): Float64Array {
  const shown = overlap.length - masked.length;
  const keys = overlap.map((value, j) => (masked.includes(j) ? Number.NEGATIVE_INFINITY : value + TIE * cosines[j]!));
  const sorted = keys.slice().sort();
  const weights = keys.map((key) => (key === Number.NEGATIVE_INFINITY ? 0 : 1 / (1 + countAbove(sorted, key))));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (weight === 0 ? 0 : uniformShare / shown + ((1 - uniformShare) * weight) / sum));
}

/** How many of the ascending numbers exceed one. */
function countAbove(sorted: Float64Array, key: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! > key) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}

/** Products of a row with each row of a matrix: cosines where all have unit length. */
export function cosinesTo(unit: Float32Array, others: Matrix): Float64Array {
  return Float64Array.from({ length: others.rows }, (_, j) => {
    const other = row(others, j);
    let cosine = 0;
    for (let d = 0; d < unit.length; d++) cosine += unit[d]! * other[d]!;
    return cosine;
  });
}

/** One index from each of `count` equal slices of the distribution, in random order. */
function stratified(weights: Float64Array, count: number, random: Stream): Int32Array {
  const order = random.permutation(count);
  const drawn = new Int32Array(count);
  let last = 0;
  for (let j = 0; j < weights.length; j++) if (weights[j]! > 0) last = j;
  let j = 0;
  let below = 0;
  for (let s = 0; s < count; s++) {
    const u = (s + random.next()) / count;
    while (j < last && below + weights[j]! <= u) below += weights[j++]!;
    drawn[order[s]!] = j;
  }
  return drawn;
}
