import { InputError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import type { MetricInput } from "./metric.ts";
import { derived, type SampleSet } from "./sample-set.ts";

/** Both sides' embeddings, of one width and fit for arithmetic. */
export interface SoundEmbeddings {
  readonly gold: Matrix;
  readonly synthetic: Matrix;
}

/**
 * The embeddings of both sides, or the reason why a metric has no value: missing, fewer rows than `atLeast`, or rows that hold
 * NaN or infinities or are all zeros (reference implementations pass those on silently), which are counted; or the same row for
 * all texts of gold although they differ: an encoder that tells nothing apart, by which every set would be perfect.
 *
 * @throws InputError when the widths differ: the sides were not encoded alike.
 */
export function soundEmbeddings(input: MetricInput, atLeast = 1): SoundEmbeddings | { readonly reason: string } {
  const gold = input.gold.embeddings;
  const synthetic = input.synthetic.embeddings;
  if (gold === null || synthetic === null) return { reason: "Needs embeddings of both sides." };
  if (gold.cols !== synthetic.cols)
    throw new InputError(
      `The synthetic embeddings are ${synthetic.cols} numbers wide, gold's ${gold.cols}: encode both sides with the same encoder.`,
    );
  for (const [side, set, m] of [
    ["synthetic", input.synthetic, synthetic],
    ["gold", input.gold, gold],
  ] as const) {
    if (m.rows < atLeast) return { reason: `Needs at least ${atLeast} ${side} texts; there are ${m.rows}.` };
    const fault = faultOf(set);
    if (fault !== null) return { reason: fault.replace("SIDE", side) };
  }
  if (isConstant(input.gold))
    return { reason: `All ${gold.rows} gold embeddings are the same: they tell no text from another.` };
  return { gold, synthetic };
}

const faultOf: (set: SampleSet) => string | null = derived(({ embeddings }) => {
  if (embeddings === null) return null;
  const { data, rows, cols } = embeddings;
  let broken = 0;
  let zero = 0;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let at = i * cols; at < (i + 1) * cols; at++) sum += Math.abs(data[at]!);
    if (!Number.isFinite(sum)) broken++;
    else if (sum === 0) zero++;
  }
  const faults = [broken > 0 ? `${broken} hold NaN or infinities` : "", zero > 0 ? `${zero} are all zeros` : ""];
  const found = faults.filter((fault) => fault !== "").join(" and ");
  return found === "" ? null : `Of ${rows} SIDE embeddings ${found}.`;
});

/** Numbers that are the same but for float32's rounding, relative to the row's largest. */
const SAME = 1e-6;

/** Whether all rows are the same and the texts, where they are known, are not. */
const isConstant: (set: SampleSet) => boolean = derived(({ embeddings, texts }) => {
  if (embeddings === null || embeddings.rows < 2 || (texts !== null && new Set(texts).size === 1)) return false;
  const { data, cols } = embeddings;
  let largest = 0;
  for (let at = 0; at < cols; at++) largest = Math.max(largest, Math.abs(data[at]!));
  return data.every((x, at) => Math.abs(x - data[at % cols]!) <= SAME * largest);
});
