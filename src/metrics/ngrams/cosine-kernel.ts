import type { MomentOperator } from "../../numerics/spectral-sum.ts";
import type { TokenCorpus } from "./corpus.ts";

const LONGEST = 4;

/**
 * K / size, where K is the mean over n = 1 .. 4 of the cosines between the texts' n-gram counts (a text without n-grams has a
 * row of zeros). Never laid out densely unless asked.
 *
 * Equal texts are one row of weight sqrt(how often): the non-zero eigenvalues are the same. An n-gram of one text only adds to
 * that text's diagonal, so the sparse part holds shared n-grams alone.
 */
export class NgramKernel implements MomentOperator {
  readonly size: number;
  readonly trace: number;
  readonly #diagonal: Float64Array;
  /** Segment LONGEST * i + k holds text i's n-grams of order k + 1: columns[starts[segment] .. starts[segment + 1] - 1]. */
  readonly #starts: Int32Array;
  /** As often as the text says the n-gram: so an entry needs no number, only its segment's scale. */
  readonly #columns: Int32Array;
  readonly #scales: Float64Array;
  readonly #columnCount: number;
  readonly #scratch: Float64Array;

  constructor(corpus: TokenCorpus) {
    const { texts, multiplicity } = distinctTexts(corpus);
    const orders = Array.from({ length: LONGEST }, (_, k) => corpus.grams(k + 1));
    let columns = 0;
    const columnOf = orders.map(({ ids, counts }) => {
      const shared = sharedColumns(corpus, texts, ids, counts.length, columns);
      columns = shared.next;
      return shared.ids;
    });
    this.size = texts.length;
    this.#columnCount = columns;
    this.#scratch = new Float64Array(columns);
    this.#diagonal = new Float64Array(this.size);
    this.#starts = new Int32Array(LONGEST * this.size + 1);
    this.#scales = new Float64Array(LONGEST * this.size);
    const bound = orders.reduce((sum, { total }) => sum + total, 0);
    const column = new Int32Array(bound);
    const here = orders.map(({ counts }) => new Int32Array(counts.length));
    const touched: number[] = [];
    let entries = 0;
    let trace = 0;
    for (let row = 0; row < this.size; row++) {
      const [start, end] = [corpus.starts[texts[row]!]!, corpus.starts[texts[row]! + 1]!];
      for (const [k, { ids }] of orders.entries()) {
        const counts = here[k]!;
        touched.length = 0;
        for (let at = start; at < end && ids[at]! >= 0; at++) {
          const id = ids[at]!;
          if (counts[id] === 0) touched.push(id);
          counts[id]! += 1;
        }
        let squares = 0;
        for (const id of touched) squares += counts[id]! * counts[id]!;
        const scale = multiplicity[row]! / (LONGEST * squares * corpus.size);
        for (const id of touched) {
          const count = counts[id]!;
          counts[id] = 0;
          trace += scale * count * count;
          const shared = columnOf[k]![id]!;
          if (shared < 0) {
            this.#diagonal[row]! += scale * count * count;
            continue;
          }
          column.fill(shared, entries, entries + count);
          entries += count;
        }
        this.#scales[LONGEST * row + k] = squares > 0 ? Math.sqrt(scale) : 0;
        this.#starts[LONGEST * row + k + 1] = entries;
      }
    }
    this.#columns = column.slice(0, entries);
    this.trace = trace;
  }

  multiply(vector: Float64Array, out: Float64Array): void {
    const scratch = this.#scratch.fill(0);
    const [starts, columns, scales] = [this.#starts, this.#columns, this.#scales];
    for (let segment = 0; segment < scales.length; segment++) {
      const end = starts[segment + 1]!;
      const x = scales[segment]! * vector[Math.floor(segment / LONGEST)]!;
      for (let k = starts[segment]!; k < end; k++) scratch[columns[k]!]! += x;
    }
    for (let i = 0; i < this.size; i++) out[i] = this.#diagonal[i]! * vector[i]!;
    for (let segment = 0; segment < scales.length; segment++) {
      const end = starts[segment + 1]!;
      let sum = 0;
      for (let k = starts[segment]!; k < end; k++) sum += scratch[columns[k]!]!;
      out[Math.floor(segment / LONGEST)]! += scales[segment]! * sum;
    }
  }

  /** Sum of squared entries: one row at a time, through the lists of texts that share an n-gram. */
  get squares(): number {
    let sum = 0;
    this.#eachRow((i, row) => {
      sum += row[i]! ** 2;
      for (let j = i + 1; j < this.size; j++) sum += 2 * row[j]! ** 2;
    });
    return sum;
  }

  /** The matrix itself, row-major; the upper triangle is filled. */
  dense(): Float64Array {
    const matrix = new Float64Array(this.size * this.size);
    this.#eachRow((i, row) => matrix.set(row.subarray(i), i * this.size + i));
    return matrix;
  }

  /** Calls `visit` with each row; entries left of the diagonal are not filled. */
  #eachRow(visit: (i: number, row: Float64Array) => void): void {
    const { starts: listStarts, rows: listRows, values: listValues } = this.#lists();
    const firsts = listStarts.slice(); // where each list's rows from i on begin
    const row = new Float64Array(this.size);
    for (let i = 0; i < this.size; i++) {
      row.fill(0, i);
      row[i] = this.#diagonal[i]!;
      for (let segment = LONGEST * i; segment < LONGEST * (i + 1); segment++) {
        const end = this.#starts[segment + 1]!;
        for (let k = this.#starts[segment]!; k < end; ) {
          const column = this.#columns[k]!;
          const from = k;
          while (k < end && this.#columns[k] === column) k += 1;
          const value = (k - from) * this.#scales[segment]!;
          for (let at = firsts[column]!; at < listStarts[column + 1]!; at++)
            row[listRows[at]!]! += value * listValues[at]!;
          firsts[column]! += k - from; // row i's entries were the first of the list
        }
      }
      visit(i, row);
    }
  }

  /** For each column, from starts[column] on, the texts that have it, rising, each as often as it says it, and their scales. */
  #lists(): { starts: Int32Array; rows: Int32Array; values: Float64Array } {
    const columns = this.#columns;
    const starts = new Int32Array(this.#columnCount + 1);
    for (const column of columns) starts[column + 1]! += 1;
    for (let c = 0; c < this.#columnCount; c++) starts[c + 1]! += starts[c]!;
    const rows = new Int32Array(columns.length);
    const values = new Float64Array(columns.length);
    const filled = starts.slice();
    for (let segment = 0; segment < this.#scales.length; segment++) {
      const row = Math.floor(segment / LONGEST);
      for (let k = this.#starts[segment]!; k < this.#starts[segment + 1]!; k++) {
        const at = filled[columns[k]!]!++;
        rows[at] = row;
        values[at] = this.#scales[segment]!;
      }
    }
    return { starts, rows, values };
  }
}

/** One text of each wording, and how often each occurs. */
function distinctTexts(corpus: TokenCorpus): { texts: Int32Array; multiplicity: Int32Array } {
  const first = new Map<string, number>();
  const texts: number[] = [];
  const multiplicity: number[] = [];
  for (let i = 0; i < corpus.size; i++) {
    const key = corpus.tokens.subarray(corpus.starts[i]!, corpus.starts[i + 1]!).join(" ");
    const row = first.get(key);
    if (row === undefined) {
      first.set(key, texts.length);
      texts.push(i);
      multiplicity.push(1);
    } else multiplicity[row]! += 1;
  }
  return { texts: Int32Array.from(texts), multiplicity: Int32Array.from(multiplicity) };
}

/** A column for every n-gram that two of the texts have, from `next` on; -1 for the others. */
function sharedColumns(
  corpus: TokenCorpus,
  texts: Int32Array,
  ids: Int32Array,
  distinct: number,
  next: number,
): { ids: Int32Array; next: number } {
  const NOWHERE = -1;
  const SEVERAL = -2;
  const where = new Int32Array(distinct).fill(NOWHERE);
  for (const text of texts) {
    for (let at = corpus.starts[text]!; at < corpus.starts[text + 1]!; at++) {
      const id = ids[at]!;
      if (id < 0) break;
      if (where[id] === NOWHERE) where[id] = text;
      else if (where[id] !== text) where[id] = SEVERAL;
    }
  }
  let column = next;
  return { ids: where.map((mark) => (mark === SEVERAL ? column++ : -1)), next: column };
}
