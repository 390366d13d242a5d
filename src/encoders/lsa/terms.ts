import { UNSPACED } from "../../text/unspaced.ts";

/**
 * Words as LSA counts them: letters and digits of any script with inner apostrophes, lower case, NFC; the characters of scripts
 * without spaces one by one, vowel signs too.
 */
const WORD = /[\p{L}\p{N}]+(?:['’]\p{L}+)*|(?<= )\p{M}(?= )/gu;

/** The terms of a text: its words and its pairs of neighboring words. */
export function termsOf(text: string): string[] {
  const words = text.normalize("NFC").toLowerCase().replace(UNSPACED, " $& ").match(WORD) ?? [];
  const terms: string[] = [...words];
  for (let i = 1; i < words.length; i++) terms.push(`${words[i - 1]} ${words[i]}`);
  return terms;
}

/** Which terms have a column, and how much each weighs. */
export interface Vocabulary {
  readonly columns: ReadonlyMap<string, number>;
  /** Smooth inverse document frequency: ln((1 + n) / (1 + df)) + 1. */
  readonly idf: Float64Array;
}

/**
 * The terms seen in at least two texts, the `limit` most frequent of them (ties in code-point order).
 * Where texts share nothing at all, every term is kept.
 */
export function buildVocabulary(texts: readonly string[], limit: number): Vocabulary {
  const frequency = new Map<string, number>();
  for (const text of texts) {
    for (const term of new Set(termsOf(text))) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  const shared = [...frequency].filter(([, df]) => df >= 2);
  const chosen = (shared.length > 0 ? shared : [...frequency])
    .sort(([a, dfA], [b, dfB]) => dfB - dfA || (a < b ? -1 : 1))
    .slice(0, limit);
  return {
    columns: new Map(chosen.map(([term], column) => [term, column])),
    idf: Float64Array.from(chosen, ([, df]) => Math.log((1 + texts.length) / (1 + df)) + 1),
  };
}

/** Sparse rows (compressed row storage): row i holds entries starts[i] .. starts[i + 1]. */
export interface SparseRows {
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float64Array;
  readonly width: number;
}

/** TF-IDF rows with 1 + ln(tf), scaled to unit length; a text without known terms is an empty row. */
export function weighTerms(texts: readonly string[], vocabulary: Vocabulary): SparseRows {
  const starts = new Uint32Array(texts.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < texts.length; i++) {
    const counts = new Map<number, number>();
    for (const term of termsOf(texts[i]!)) {
      const column = vocabulary.columns.get(term);
      if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1);
    }
    let squares = 0;
    const from = values.length;
    for (const [column, count] of counts) {
      const weight = (1 + Math.log(count)) * vocabulary.idf[column]!;
      columns.push(column);
      values.push(weight);
      squares += weight * weight;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let e = from; e < values.length; e++) values[e] = values[e]! * scale;
    starts[i + 1] = values.length;
  }
  return {
    starts,
    columns: Uint32Array.from(columns),
    values: Float64Array.from(values),
    width: vocabulary.idf.length,
  };
}
