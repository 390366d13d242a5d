import type { Json } from "../core/hash.ts";
import type { Matrix } from "../core/matrix.ts";
import { type Tokenizer, whitespace } from "../text/tokenizer.ts";

/**
 * One side of a comparison. What several metrics need of a set (tokens, covariance, neighbors) is derived once and kept with
 * it, so the gold side is computed once however many cells are scored against it.
 */
export class SampleSet {
  readonly texts: readonly string[] | null;
  readonly embeddings: Matrix | null;
  readonly labels: readonly string[] | null;
  /** What metrics of words cut the texts with. */
  readonly tokenizer: Tokenizer;

  /** @throws RangeError when texts, embeddings and labels differ in number, or all are missing. */
  constructor(parts: {
    texts?: readonly string[] | null;
    embeddings?: Matrix | null;
    labels?: readonly string[] | null;
    /** @default whitespace */
    tokenizer?: Tokenizer;
  }) {
    this.texts = parts.texts ?? null;
    this.embeddings = parts.embeddings ?? null;
    this.labels = parts.labels ?? null;
    this.tokenizer = parts.tokenizer ?? whitespace;
    const sizes = [this.texts?.length, this.embeddings?.rows, this.labels?.length].filter((n) => n !== undefined);
    if (sizes.length === 0) throw new RangeError("A set needs texts or embeddings.");
    if (new Set(sizes).size > 1)
      throw new RangeError(`Texts, embeddings and labels differ in number: ${sizes.join(", ")}.`);
  }

  get size(): number {
    return this.texts?.length ?? this.embeddings?.rows ?? 0;
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
