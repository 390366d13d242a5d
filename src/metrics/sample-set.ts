import type { Json } from "../core/hash.ts";
import type { Matrix } from "../core/matrix.ts";
import { type Tokenizer, whitespace } from "../text/tokenizer.ts";
import { type ColumnName, type Columns, completed, mix, type SomeColumns, sizesOf, takeFrom } from "./columns.ts";

/**
 * One side of a comparison: named columns with one entry a row. What several metrics need of a set (tokens, covariance,
 * neighbors) is derived once and kept with it, so the gold side is computed once however many cells are scored against it.
 * @example
 * const set = new SampleSet({ texts: ["one", "two"], embeddings: matrix(Float32Array.of(1, 0, 0, 1), 2, 2) });
 */
export class SampleSet {
  readonly columns: Readonly<SomeColumns>;
  /** What metrics of words cut the texts with. */
  readonly tokenizer: Tokenizer;
  readonly size: number;

  /** @throws RangeError when columns differ in number, or all are missing. */
  constructor({
    tokenizer = whitespace,
    ...columns
  }: { readonly [Name in ColumnName]?: Columns[Name] | null } & {
    /** @default whitespace */
    readonly tokenizer?: Tokenizer;
  }) {
    this.columns = completed(columns);
    this.tokenizer = tokenizer;
    const [size, ...others] = sizesOf(this.columns);
    if (size === undefined) throw new RangeError("A set needs texts or embeddings.");
    if (others.some((other) => other !== size))
      throw new RangeError(`The columns of a set differ in number: ${[size, ...others].join(", ")}.`);
    this.size = size;
  }

  get texts(): readonly string[] | null {
    return this.columns.texts;
  }

  get embeddings(): Matrix | null {
    return this.columns.embeddings;
  }

  get labels(): readonly string[] | null {
    return this.columns.labels;
  }

  /** The listed rows, in that order; the set itself when that is all of it. */
  take(rows: ArrayLike<number>): SampleSet {
    if (rows.length === this.size && Array.from(rows).every((row, i) => row === i)) return this;
    return new SampleSet({ ...takeFrom(this.columns, rows), tokenizer: this.tokenizer });
  }

  /** The set with the rows marked 1 taken from another of equal size. Columns that one of them lacks are left out. */
  mixedWith(other: SampleSet, marks: ArrayLike<number>): SampleSet {
    return new SampleSet({ ...mix(this.columns, other.columns, marks), tokenizer: this.tokenizer });
  }
}

/**
 * A quantity derived from a set once and kept as long as the set lives: `const covariance = derived((set) => ...)`.
 */
export function derived<T>(make: (set: SampleSet) => T): (set: SampleSet) => T {
  const kept = new WeakMap<SampleSet, { readonly value: T }>();
  return (set) => {
    const known = kept.get(set);
    if (known !== undefined) return known.value;
    const value = make(set);
    kept.set(set, { value });
    return value;
  };
}

/** A quantity derived from a pair of sets once and kept as long as both live. */
export function derivedPair<T>(make: (a: SampleSet, b: SampleSet) => T): (a: SampleSet, b: SampleSet) => T {
  const of = derived((a) => derived((b) => make(a, b)));
  return (a, b) => of(a)(b);
}

/** Tokens of every text, by the set's tokenizer; empty for sets without texts. */
export const tokensOf: (set: SampleSet) => readonly (readonly string[])[] = derived((set) =>
  (set.texts ?? []).map((text) => set.tokenizer.split(text)),
);

/** What the settings of a row say of the tokenizer. @param more what a metric does to the tokens, e.g. ", lower case" */
export function tokenSettings({ tokenizer }: SampleSet, more = ""): { readonly [key: string]: Json } {
  const { label, icu } = tokenizer;
  return { tokenizer: `${label}${more}`, ...(icu === null ? {} : { icu }) };
}
