import { z } from "zod";
import { type Lexicon, lexiconSchema } from "./lexicon.ts";

/** The kinds of place people write about. */
export const KINDS = [
  "café",
  "pub",
  "bakery",
  "market",
  "library",
  "park",
  "pool",
  "cinema",
  "museum",
  "barber",
] as const;
export type Kind = (typeof KINDS)[number];

/** When or with whom one goes. */
export const OCCASIONS = [
  "before work",
  "rainy Saturday",
  "family visiting",
  "lunch break",
  "quiet weekday",
  "evening out",
] as const;
export type Occasion = (typeof OCCASIONS)[number];

export type Stars = 1 | 2 | 3 | 4 | 5;

/**
 * A latent persona of the town. Affinities are log weights: what this person adds to their share of the notes on a kind of
 * place, an occasion, a number of stars.
 */
export interface Resident {
  readonly name: string;
  /** Temperament and interests, for people who read the docs; the generator does not use it. */
  readonly portrait: string;
  readonly affinity: {
    readonly base: number;
    readonly kinds: Partial<Readonly<Record<Kind, number>>>;
    readonly occasions: Partial<Readonly<Record<Occasion, number>>>;
    /** For 1 to 5 stars. */
    readonly stars: readonly [number, number, number, number, number];
  };
  readonly habits: {
    /** Median length in words, before the context's effect. */
    readonly words: number;
    /** Standard deviation of the logarithm of the length. */
    readonly spread: number;
    /** Added to the log length for each star away from three. */
    readonly zeal: number;
    /** Kinder (positive) or harsher (negative) than the stars given; at most 0.2. */
    readonly cheer: number;
    /** Share of sentences in words anyone in town might use. */
    readonly mainstream: number;
    readonly opens: number;
    readonly closes: number;
    /** How much of the middle is opinion, anecdote and digression; need not sum to one. */
    readonly mix: { readonly opinion: number; readonly tale: number; readonly aside: number };
    readonly style: Style;
  };
  /** Lists `open`, `plus`, `minus`, `mixed`, `tale`, `aside`, `end+`, `end-`, `end~`, `pos`, `neg`, `amp`, and their own. */
  readonly lexicon: Lexicon;
}

/** Habits of the hand: casing, full stops, spellings. */
export interface Style {
  /** Probability that a note is written without capitals. */
  readonly lowercase: number;
  /** Probability that a sentence ends in an exclamation mark in place of a full stop. */
  readonly exclaim: number;
  /** Probability that a sentence trails off in three dots. */
  readonly trail: number;
  /** Probability that the note's last full stop is left out. */
  readonly bare: number;
  /** Whole words that this hand may write otherwise: [word, spelling, probability]. */
  readonly spellings: readonly (readonly [string, string, number])[];
}

const probability = z.number().min(0).max(1);

/** A resident as words/residents/ writes one. */
export const residentSchema: z.ZodType<Resident> = z.strictObject({
  name: z.string().min(1),
  portrait: z.string().min(1),
  affinity: z.strictObject({
    base: z.number(),
    kinds: z.partialRecord(z.enum(KINDS), z.number()),
    occasions: z.partialRecord(z.enum(OCCASIONS), z.number()),
    stars: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]),
  }),
  habits: z.strictObject({
    words: z.number().positive(),
    spread: z.number().min(0),
    zeal: z.number(),
    cheer: z.number().min(-0.2).max(0.2),
    mainstream: probability,
    opens: probability,
    closes: probability,
    mix: z.strictObject({ opinion: z.number().min(0), tale: z.number().min(0), aside: z.number().min(0) }),
    style: z.strictObject({
      lowercase: probability,
      exclaim: probability,
      trail: probability,
      bare: probability,
      spellings: z.array(z.tuple([z.string(), z.string(), probability])),
    }),
  }),
  lexicon: lexiconSchema,
});
