import type { Matrix } from "../core/matrix.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

/** Words of a vocabulary, at most. */
const MOST_WORDS = 2000;

/** Turns texts into rows of ln(1 + count) of known words, scaled to unit length; a text without known words is all zeros. */
export class BagOfWords {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #tokenizer: Tokenizer;

  /** The vocabulary: the words that occur in most of the texts, lower-cased; ties in alphabetical order. */
  constructor(texts: readonly string[], tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    const documents = new Map<string, number>();
    for (const text of texts) {
      for (const word of new Set(this.#words(text))) documents.set(word, (documents.get(word) ?? 0) + 1);
    }
    const chosen = [...documents].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MOST_WORDS);
    this.#columns = new Map(chosen.map(([word], column) => [word, column]));
  }

  rows(texts: readonly string[]): Matrix {
    const cols = Math.max(1, this.#columns.size);
    const data = new Float32Array(texts.length * cols);
    texts.forEach((text, i) => {
      const row = data.subarray(i * cols, (i + 1) * cols);
      for (const word of this.#words(text)) {
        const column = this.#columns.get(word);
        if (column !== undefined) row[column] = row[column]! + 1;
      }
      let square = 0;
      for (let k = 0; k < cols; k++) {
        row[k] = Math.log1p(row[k]!);
        square += row[k]! * row[k]!;
      }
      if (square > 0) for (let k = 0; k < cols; k++) row[k] = row[k]! / Math.sqrt(square);
    });
    return { data, rows: texts.length, cols };
  }

  #words(text: string): string[] {
    return this.#tokenizer.split(text.toLowerCase());
  }
}
