import { takeRows } from "../core/matrix.ts";
import type { Stream } from "../core/stream.ts";
import { SampleSet } from "../metrics/sample-set.ts";

/** The texts of one repeat of a cell as they are scored, and which samples they are. */
export interface AlignedSet {
  readonly set: SampleSet;
  /** Row r of the set is sample `indices[r]` of the cell (`Sample.index`); rising. Failed samples are absent. */
  readonly indices: readonly number[];
}

/** Two sets whose rows r answer the same (context, index). */
export interface SamplePair {
  readonly a: SampleSet;
  readonly b: SampleSet;
}

/**
 * The samples that both have: one failed on either side is dropped on both. Cells of one dataset ask for the same contexts in
 * the same order, so equal indices mean equal contexts.
 */
export function align(a: AlignedSet, b: AlignedSet): SamplePair {
  const rowOfB = new Map(b.indices.map((index, row) => [index, row]));
  const rowsA: number[] = [];
  const rowsB: number[] = [];
  a.indices.forEach((index, row) => {
    const other = rowOfB.get(index);
    if (other === undefined) return;
    rowsA.push(row);
    rowsB.push(other);
  });
  return { a: takeSamples(a.set, rowsA), b: takeSamples(b.set, rowsB) };
}

/** The listed rows of a set, in that order; the set itself when that is all of it. */
export function takeSamples(set: SampleSet, rows: ArrayLike<number>): SampleSet {
  if (rows.length === set.size && Array.from(rows).every((row, i) => row === i)) return set;
  const pick = (items: readonly string[] | null) => items && Array.from(rows, (row) => items[row]!);
  return new SampleSet({
    texts: pick(set.texts),
    labels: pick(set.labels),
    embeddings: set.embeddings && takeRows(set.embeddings, rows),
    tokenizer: set.tokenizer,
  });
}

/** The rows of some people: row r of the set belongs to person `indices[r]` mod the number of people; 1 marks those taken. */
export function takePeople({ set, indices }: AlignedSet, people: Uint8Array): SampleSet {
  return takeSamples(
    set,
    indices.flatMap((index, row) => (people[index % people.length] === 1 ? [row] : [])),
  );
}

/** Gold's texts as people: text i is person i's. */
export function asPeople(gold: SampleSet): AlignedSet {
  return { set: gold, indices: Array.from({ length: gold.size }, (_, i) => i) };
}

/** Marks of a random part of so many people. */
export function randomPeople(people: number, count: number, random: Stream): Uint8Array {
  const marks = new Uint8Array(people);
  for (const person of random.permutation(people).subarray(0, count)) marks[person] = 1;
  return marks;
}

/**
 * Both sides with the samples of `swapped` (1 = exchanged) exchanged.
 *
 * @param swapped one entry a row.
 */
export function swapSamples({ a, b }: SamplePair, swapped: ArrayLike<number>): SamplePair {
  const mix = (own: readonly string[] | null, other: readonly string[] | null) =>
    own && other && own.map((item, i) => (swapped[i] === 1 ? other[i]! : item));
  const side = (own: SampleSet, other: SampleSet) =>
    new SampleSet({
      texts: mix(own.texts, other.texts),
      labels: mix(own.labels, other.labels),
      embeddings: mixRows(own, other, swapped),
      tokenizer: own.tokenizer,
    });
  return { a: side(a, b), b: side(b, a) };
}

function mixRows(own: SampleSet, other: SampleSet, swapped: ArrayLike<number>): SampleSet["embeddings"] {
  if (own.embeddings === null || other.embeddings === null) return null;
  const { rows, cols, data: from } = own.embeddings;
  const data = Float32Array.from(from);
  const replacement = other.embeddings.data;
  for (let i = 0; i < rows; i++) {
    if (swapped[i] === 1) data.set(replacement.subarray(i * cols, (i + 1) * cols), i * cols);
  }
  return { data, rows, cols };
}
