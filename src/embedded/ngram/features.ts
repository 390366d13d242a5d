import type { Context } from "../ports.ts";
import { core, holdsWord, tokenize } from "./tokenizer.ts";

/** A sparse vector of unit length (or zero). */
export interface SparseVector {
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

const EMPTY: SparseVector = { indices: new Int32Array(0), values: new Float64Array(0) };

/** Terms that describe a list of tokens: words in lower case, and marks as they are. */
export function termsOf(tokens: readonly string[]): string[] {
  const terms: string[] = [];
  for (const token of tokens) {
    const bare = core(token);
    if (holdsWord(token)) terms.push(bare.toLowerCase());
    else if (bare.trim() !== "") terms.push(bare);
  }
  return terms;
}

/** The terms of a text, and whether it begins in lower case, which some people do. */
export function textTerms(tokens: readonly string[]): string[] {
  const terms = termsOf(tokens);
  const first = tokens[0] === undefined ? "" : core(tokens[0]);
  if (first !== "" && first[0] === first[0]!.toLowerCase() && first[0] !== first[0]!.toUpperCase()) terms.push(LOWER);
  return terms;
}

const LOWER = "begins in lower case";

/** Terms of a context: its words, and its label as one term of its own. */
export function contextTerms(context: Context): string[] {
  const terms = context.text === "" ? [] : termsOf(tokenize(context.text));
  if (context.label !== null) terms.push(`label:${context.label}`);
  return terms;
}

/** TF-IDF over a fixed list of terms: (1 + ln tf) * ln((1 + N) / (1 + df)), scaled to unit length. */
export class TermSpace {
  readonly width: number;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #idf: Float64Array;

  /** @param documents - the terms of each text; a term is kept when in at least `minimum` of them. */
  constructor(documents: readonly (readonly string[])[], minimum: number) {
    const frequency = new Map<string, number>();
    for (const terms of documents)
      for (const term of new Set(terms)) frequency.set(term, (frequency.get(term) ?? 0) + 1);
    const kept = [...frequency].filter(([, df]) => df >= minimum);
    this.width = kept.length;
    this.#ids = new Map(kept.map(([term], i) => [term, i]));
    this.#idf = Float64Array.from(kept, ([, df]) => Math.log((1 + documents.length) / (1 + df)));
  }

  /** Numbers of the terms that are kept, repeats included. */
  numbers(terms: readonly string[]): Int32Array {
    return Int32Array.from(terms.map((term) => this.#ids.get(term) ?? -1).filter((id) => id >= 0));
  }

  vector(terms: readonly string[]): SparseVector {
    const counts = new Map<number, number>();
    for (const term of terms) {
      const id = this.#ids.get(term);
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    if (counts.size === 0) return EMPTY;
    const indices = Int32Array.from(counts.keys());
    const values = Float64Array.from(indices, (id) => (1 + Math.log(counts.get(id)!)) * this.#idf[id]!);
    let squares = 0;
    for (const value of values) squares += value * value;
    if (squares === 0) return EMPTY;
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < values.length; i++) values[i]! *= scale;
    return { indices, values };
  }
}

/** Inner product of a sparse vector and row `row` of a dense matrix of this width. */
export function dotRow(vector: SparseVector, rows: Float64Array, width: number, row: number): number {
  const { indices, values } = vector;
  const start = row * width;
  let sum = 0;
  for (let i = 0; i < indices.length; i++) sum += values[i]! * rows[start + indices[i]!]!;
  return sum;
}
