import type { Context, PopulationRecord } from "../core/record.ts";
import { Stream } from "../core/stream.ts";

/**
 * Gold in the order of a run: seeded by the run's seed and the dataset, shared by every method, model and repeat. The gold set
 * of a cell of n texts is its first n records, so the gold side is computed once.
 */
export function goldInOrder(gold: readonly PopulationRecord[], seed: number, dataset: string): PopulationRecord[] {
  return inOrder(gold, Stream.root(seed).derive("gold", dataset));
}

/** The contexts that a cell asks for: gold's own in that order, again from the start when samples exceed gold. */
export function cellContexts(ordered: readonly PopulationRecord[], samples: number): Context[] {
  return Array.from({ length: samples }, (_, index) => ordered[index % ordered.length]!.context);
}

/** Records in a random order. */
export function inOrder<T>(records: readonly T[], random: Stream): T[] {
  return Array.from(random.permutation(records.length), (i) => records[i]!);
}
