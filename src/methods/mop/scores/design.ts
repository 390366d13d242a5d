import { type Matrix, row } from "../../../core/matrix.ts";
import type { Stream } from "../../../core/stream.ts";

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

/** Every persona once a record, without exemplars and without chance: q = 1/K makes the weights 1 / (S q) one. */
export function everyPersona(records: number, personas: number): PairDesign {
  const size = records * personas;
  return {
    perRecord: personas,
    persona: Int32Array.from({ length: size }, (_, t) => t % personas),
    exemplar: new Int32Array(size),
    logProposal: new Float64Array(size).fill(-Math.log(personas)),
    sampled: false,
  };
}

/** Part uniform, part a softmax over cosines; position `masked` (-1: none) gets nothing. Rows have unit length. */
export function similarityProposal(
  unit: Float32Array,
  others: Matrix,
  masked: number,
  uniformShare: number,
): Float64Array {
  const n = others.rows;
  const weights = new Float64Array(n);
  let sum = 0;
  for (let j = 0; j < n; j++) {
    if (j === masked) continue;
    const other = row(others, j);
    let cosine = 0;
    for (let d = 0; d < unit.length; d++) cosine += unit[d]! * other[d]!;
    weights[j] = Math.exp((cosine - 1) / SHARPNESS);
    sum += weights[j]!;
  }
  const possible = masked >= 0 && masked < n ? n - 1 : n;
  for (let j = 0; j < n; j++) {
    if (j !== masked) weights[j] = uniformShare / possible + ((1 - uniformShare) * weights[j]!) / sum;
  }
  return weights;
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
