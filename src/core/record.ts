import { hashOf } from "./hash.ts";

/** What a text answers: the x of p(y | x). `text` may be empty where a dataset has no contexts; the class label is part of x. */
export interface Context {
  readonly text: string;
  readonly label: string | null;
}

/** One thing a person of the population wrote: (x, y). */
export interface PopulationRecord {
  readonly id: string;
  readonly context: Context;
  readonly text: string;
}

/** Equal contexts give equal keys. */
export function contextKey(context: Context): string {
  return context.label === null ? context.text : `${context.text}\n${context.label}`;
}

/** Checksum of a list of records, order included: what a run's manifest keeps of each part. */
export function recordsChecksum(records: readonly PopulationRecord[]): string {
  return hashOf(records.map((r) => [r.id, r.context.text, r.context.label, r.text]));
}
