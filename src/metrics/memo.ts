import type { NoValue } from "./evidence.ts";
import { derived, type SampleSet } from "./sample-set.ts";

/** Numbers of a set, by name: computed, or restored from where an earlier process put its memo. */
export type NumberMemo = ReadonlyMap<string, Float64Array>;

const memos = derived((_: SampleSet) => new Map<string, Float64Array>());

/**
 * Numbers derived from a set alone and worth having in the next process too: made once while the set lives, and handed out by
 * `memoOf` to be stored beside the set's checksum. The name carries a version: what changes the numbers changes the name.
 */
export function derivedNumbers(name: string, make: (set: SampleSet) => Float64Array): (set: SampleSet) => Float64Array {
  return (set) => {
    const memo = memos(set);
    let numbers = memo.get(name);
    if (numbers === undefined) {
      numbers = make(set);
      memo.set(name, numbers);
    }
    return numbers;
  };
}

/** `derivedNumbers` for one number. The reason of a set that has none is not stored. */
export function derivedNumber(
  name: string,
  make: (set: SampleSet) => number | NoValue,
): (set: SampleSet) => number | NoValue {
  return derived((set) => {
    const known = memos(set).get(name)?.[0];
    if (known !== undefined) return known;
    const value = make(set);
    if (typeof value === "number") memos(set).set(name, Float64Array.of(value));
    return value;
  });
}

/** What was computed of a set so far. */
export function memoOf(set: SampleSet): NumberMemo {
  return memos(set);
}

/** Gives a set what an earlier process computed for the same content. What it has already stays. */
export function restoreMemo(set: SampleSet, numbers: NumberMemo): void {
  const memo = memos(set);
  for (const [name, values] of numbers) if (!memo.has(name)) memo.set(name, values);
}
