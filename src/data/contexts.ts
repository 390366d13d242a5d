import { hashOf } from "../core/hash.ts";
import { type Context, type PopulationRecord, recordsChecksum } from "../core/record.ts";
import { Stream } from "../core/stream.ts";

/** What every method, model, repeat and run on a dataset shares, whatever the run's seed. */
export interface SharedContexts {
  /** All of gold in its shared order; a cell of n texts is scored against the first n. */
  readonly gold: readonly PopulationRecord[];
  /** What every cell asks for, one a sample: gold's own contexts in that order, again from the start when samples exceed gold. */
  readonly contexts: readonly Context[];
  /** Texts a cell can score at most: the smaller of samples and gold. */
  readonly scorable: number;
}

/** What cells share of so many samples. A function of gold, hence of the data and their `splitSeed`. */
export function sharedContexts(part: readonly PopulationRecord[], samples: number): SharedContexts {
  const gold = inSharedOrder(part, "gold");
  return {
    gold,
    contexts: Array.from({ length: samples }, (_, index) => gold[index % gold.length]!.context),
    scorable: Math.min(samples, gold.length),
  };
}

/** Checksums of what a run asks for and scores against, order included: runs of equal ones can be compared sample by sample. */
export function sharedChecksums({ gold, contexts, scorable }: SharedContexts) {
  return {
    asked: { n: contexts.length, checksum: hashOf(contexts.map(({ text, label }) => [text, label])) },
    scoredAgainst: { n: scorable, checksum: recordsChecksum(gold.slice(0, scorable)) },
  };
}

/** A part of a dataset in a random order that its records alone give, so that the first n are a fair draw, the same in all runs. */
export function inSharedOrder(part: readonly PopulationRecord[], name: string): PopulationRecord[] {
  return inOrder(part, Stream.root(0).derive("order", name, recordsChecksum(part)));
}

/** Records in a random order. */
export function inOrder<T>(records: readonly T[], random: Stream): T[] {
  return Array.from(random.permutation(records.length), (i) => records[i]!);
}
