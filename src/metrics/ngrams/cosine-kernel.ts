import { type KernelKind, Workspace } from "../../numerics/kernel/workspace.ts";
import type { MomentOperator } from "../../numerics/spectral-sum.ts";
import type { TokenCorpus } from "../../text/token-corpus.ts";
import { addProductRow, gramSquares, type SparseRows, transposed } from "./sparse-rows.ts";

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
  readonly #kind: KernelKind | undefined;
  #product: SparseProduct | null = null;

  constructor(corpus: TokenCorpus, kind?: KernelKind) {
    this.#kind = kind;
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
    this.#product ??= new SparseProduct(this.#starts, this.#columns, this.#scales, this.#columnCount, this.#kind);
    for (let i = 0; i < this.size; i++) out[i] = this.#diagonal[i]! * vector[i]!;
    this.#product.add(vector, out);
  }

  /** Sum of squared entries. */
  get squares(): number {
    const rows = this.#rows();
    const { starts, values } = rows;
    let sum = gramSquares(rows);
    for (let i = 0; i < this.size; i++) {
      const alone = this.#diagonal[i]!;
      let shared = 0;
      for (let at = starts[i]!; at < starts[i + 1]!; at++) shared += values[at]! * values[at]!;
      sum += alone * (alone + 2 * shared);
    }
    return sum;
  }

  /** The matrix itself, row-major. */
  dense(): Float64Array {
    const { size } = this;
    const rows = this.#rows();
    const lists = transposed(rows);
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      matrix[i * (size + 1)] = this.#diagonal[i]!;
      addProductRow(rows, i, lists, matrix.subarray(i * size, (i + 1) * size));
    }
    return matrix;
  }

  /** The shared n-grams of each text: U, where the matrix is U Uᵀ and the diagonal. */
  #rows(): SparseRows {
    const starts = new Int32Array(this.size + 1);
    const columns = new Int32Array(this.#columns.length);
    const values = new Float64Array(this.#columns.length);
    let count = 0;
    for (let segment = 0; segment < this.#scales.length; segment++) {
      const end = this.#starts[segment + 1]!;
      for (let from = this.#starts[segment]!, at = from; from < end; from = at) {
        while (at < end && this.#columns[at] === this.#columns[from]) at += 1;
        columns[count] = this.#columns[from]!;
        values[count++] = (at - from) * this.#scales[segment]!;
      }
      starts[Math.floor(segment / LONGEST) + 1] = count;
    }
    return { starts, columns: columns.slice(0, count), values: values.slice(0, count), width: this.#columnCount };
  }
}

/** U Uᵀ x for U in segments (see `NgramKernel`). */
class SparseProduct {
  readonly #space: Workspace;
  readonly #at: readonly number[];
  readonly #rows: number;
  readonly #width: number;

  constructor(starts: Int32Array, columns: Int32Array, scales: Float64Array, width: number, kind?: KernelKind) {
    this.#rows = scales.length / LONGEST;
    this.#width = width;
    const sizes = [starts.byteLength, columns.byteLength, scales.byteLength, 8 * this.#rows, 8 * width, 8 * this.#rows];
    this.#space = new Workspace(sizes, kind);
    this.#at = sizes.map((bytes) => this.#space.reserve(bytes));
    this.#space.int32(this.#at[0]!, starts.length).set(starts);
    this.#space.int32(this.#at[1]!, columns.length).set(columns);
    this.#space.float64(this.#at[2]!, scales.length).set(scales);
  }

  /** out += U Uᵀ vector. */
  add(vector: Float64Array, out: Float64Array): void {
    const [starts, columns, scales, x, scratch, y] = this.#at as [number, number, number, number, number, number];
    this.#space.float64(x, this.#rows).set(vector);
    const sums = this.#space.float64(y, this.#rows);
    sums.set(out);
    this.#space.code.multiplySparse(this.#rows, LONGEST, starts, columns, scales, x, scratch, this.#width, y);
    out.set(sums);
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
