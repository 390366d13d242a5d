import type { Components } from "./components.ts";

/** Sets of whole numbers, laid out one after the other: set i is items[starts[i]] .. items[starts[i + 1] - 1]. */
export interface NumberSets {
  /** Ascending inside each set, none twice; low numbers should be the rare ones, which makes the search short. */
  readonly items: Int32Array;
  /** One entry more than sets. */
  readonly starts: Int32Array;
  /** Every item is below it. */
  readonly bound: number;
}

/**
 * Links all pairs of sets whose Jaccard similarity |A and B| / |A or B| is at least `share[0] / share[1]`: exactly, without an
 * error of rounding or of sampling. Empty sets are linked with nothing.
 *
 * A join by prefixes (Bayardo, Ma and Srikant 2007, All-Pairs): two sets this similar share one of the few lowest items of
 * each, so only sets found under those are compared. Where low numbers are the rare items, that is next to none.
 */
export function linkSimilarSets(
  { items, starts, bound }: NumberSets,
  share: readonly [number, number],
  components: Components,
): void {
  const [part, whole] = share;
  const sizeOf = (set: number) => starts[set + 1]! - starts[set]!;
  const order = Int32Array.from({ length: starts.length - 1 }, (_, i) => i)
    .filter((set) => sizeOf(set) > 0)
    .sort((a, b) => sizeOf(a) - sizeOf(b));
  const index = new PrefixIndex(bound, items.length);
  const compared = new Int32Array(starts.length - 1).fill(-1); // the last set each one was compared with

  for (const set of order) {
    const size = sizeOf(set);
    const smallest = Math.ceil((part * size) / whole);
    // Of `smallest` shared items one lies among the first size - smallest + 1.
    for (let at = starts[set]!; at <= starts[set + 1]! - smallest; at++) {
      let entry = index.last(items[at]!);
      while (entry >= 0) {
        const other = index.setAt(entry);
        if (sizeOf(other) < smallest) break; // entries come with falling size
        if (components.find(other) === components.find(set)) {
          entry = index.beforeLinked(entry, components);
          continue;
        }
        entry = index.before(entry);
        if (compared[other] === set) continue;
        compared[other] = set;
        const needed = Math.ceil((part * (size + sizeOf(other))) / (part + whole));
        if (shareAtLeast(items, starts, set, other, needed)) components.link(set, other);
      }
    }
    // Later sets are no smaller, so of this one they share at least 2t / (1 + t).
    const least = Math.ceil((2 * part * size) / (part + whole));
    for (let at = starts[set]!; at <= starts[set + 1]! - least; at++) index.add(items[at]!, set);
  }
}

/** Which sets hold an item among their lowest: for each item a chain of entries, the latest first. */
class PrefixIndex {
  readonly #lasts: Int32Array;
  readonly #before: Int32Array;
  /** An earlier entry of the same chain; all between the two are of linked sets. */
  readonly #beforeLinked: Int32Array;
  readonly #sets: Int32Array;
  #size = 0;

  constructor(items: number, capacity: number) {
    this.#lasts = new Int32Array(items).fill(-1);
    this.#before = new Int32Array(capacity);
    this.#beforeLinked = new Int32Array(capacity);
    this.#sets = new Int32Array(capacity);
  }

  add(item: number, set: number): void {
    this.#before[this.#size] = this.#lasts[item]!;
    this.#beforeLinked[this.#size] = this.#lasts[item]!;
    this.#sets[this.#size] = set;
    this.#lasts[item] = this.#size++;
  }

  /** The latest entry of an item, -1 where it has none. */
  last(item: number): number {
    return this.#lasts[item]!;
  }

  /** The entry before one, -1 where there is none. */
  before(entry: number): number {
    return this.#before[entry]!;
  }

  /** The latest entry before one whose set is not linked with its set: a thousand copies are passed in one step. */
  beforeLinked(entry: number, components: Components): number {
    const linked = components.find(this.#sets[entry]!);
    let before = this.#beforeLinked[entry]!;
    while (before >= 0 && components.find(this.#sets[before]!) === linked) before = this.#beforeLinked[before]!;
    this.#beforeLinked[entry] = before;
    return before;
  }

  setAt(entry: number): number {
    return this.#sets[entry]!;
  }
}

/** Whether two sets have `needed` items in common; stops as soon as that is known. */
function shareAtLeast(items: Int32Array, starts: Int32Array, a: number, b: number, needed: number): boolean {
  let left = starts[a]!;
  let right = starts[b]!;
  const leftEnd = starts[a + 1]!;
  const rightEnd = starts[b + 1]!;
  let missing = needed;
  while (missing > 0) {
    if (leftEnd - left < missing || rightEnd - right < missing) return false;
    const difference = items[left]! - items[right]!;
    if (difference === 0) missing -= 1;
    if (difference <= 0) left += 1;
    if (difference >= 0) right += 1;
  }
  return true;
}
