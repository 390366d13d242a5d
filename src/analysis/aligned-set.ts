import type { Stream } from "../core/stream.ts";
import type { SampleSet } from "../metrics/sample-set.ts";

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
  return { a: a.set.take(rowsA), b: b.set.take(rowsB) };
}

/** The rows of some people: row r of the set belongs to person `indices[r]` mod the number of people; 1 marks those taken. */
export function takePeople({ set, indices }: AlignedSet, people: Uint8Array): SampleSet {
  return set.take(indices.flatMap((index, row) => (people[index % people.length] === 1 ? [row] : [])));
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
  return { a: a.mixedWith(b, swapped), b: b.mixedWith(a, swapped) };
}
