import { derived, type SampleSet } from "./sample-set.ts";

/** Why a set has no value. */
export interface NoValue {
  readonly reason: string;
}

/** Numbers of a set that were computed, or loaded from where an earlier process kept them, by name. */
export type KeptNumbers = ReadonlyMap<string, Float64Array>;

const keptOf = derived((_: SampleSet) => new Map<string, Float64Array>());

/**
 * Numbers derived from a set alone and worth keeping between processes: made once while the set lives, and handed out by
 * `keptNumbers` to be stored beside the set's checksum. The name carries a version: what changes the numbers changes the name.
 */
export function derivedNumbers(name: string, make: (set: SampleSet) => Float64Array): (set: SampleSet) => Float64Array {
  return (set) => {
    const kept = keptOf(set);
    let numbers = kept.get(name);
    if (numbers === undefined) {
      numbers = make(set);
      kept.set(name, numbers);
    }
    return numbers;
  };
}

/** `derivedNumbers` for one number. The reason of a set that has none is not kept between processes. */
export function derivedNumber(
  name: string,
  make: (set: SampleSet) => number | NoValue,
): (set: SampleSet) => number | NoValue {
  return derived((set) => {
    const kept = keptOf(set).get(name)?.[0];
    if (kept !== undefined) return kept;
    const value = make(set);
    if (typeof value === "number") keptOf(set).set(name, Float64Array.of(value));
    return value;
  });
}

/** What was computed of a set so far. */
export function keptNumbers(set: SampleSet): KeptNumbers {
  return keptOf(set);
}

/** Gives a set numbers that an earlier process computed for the same content. Those it has already stay. */
export function restoreNumbers(set: SampleSet, numbers: KeptNumbers): void {
  const kept = keptOf(set);
  for (const [name, values] of numbers) if (!kept.has(name)) kept.set(name, values);
}
