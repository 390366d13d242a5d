import { z } from "zod";
import { readWords, words } from "../words.ts";
import { type Lexicon, lexiconSchema } from "./lexicon.ts";
import { type Kind, OCCASIONS, type Occasion, type Resident, residentSchema } from "./resident.ts";

/** All words of the town: who lives there, and what they have to say. */
export interface TownWords {
  /** The twelve who write; weights and owners are indexed by position here. */
  readonly residents: readonly Resident[];
  /**
   * The words of each kind of place: `here` its names, `asp` things one judges, `item` things one gets, `staff`, `spot`, `did`
   * (what "I ..." did), `use` (what one goes there to do), `good` and `bad` (whole clauses), `lack`.
   */
  readonly places: Readonly<Record<Kind, Lexicon>>;
  /** The words of each occasion: `when`, a phrase that ends or opens a sentence, and `part`, the part of the day. */
  readonly occasions: Readonly<Record<Occasion, Lexicon>>;
  /** What anyone in town might write: the mainstream that all residents share to some degree. */
  readonly mainstream: Lexicon;
  /** Names and numbers, the same for everyone. */
  readonly names: Lexicon;
  /** Adjectives that only stand after a verb ("was pants"), never before a noun. */
  readonly predicative: ReadonlySet<string>;
  /** Adjectives that are as strong as they get: nothing is "very perfect". */
  readonly absolute: ReadonlySet<string>;
}

/** In the order of their numbers. */
const RESIDENTS = [
  "margaret",
  "dev",
  "tasha",
  "gus",
  "priya",
  "leonard",
  "rosa",
  "tom",
  "ingrid",
  "walt",
  "amina",
  "eli",
] as const;

const adjectivesSchema = z.strictObject({ predicative: words, absolute: words });

/** Reads the town's files of words, in a few hundredths of a second. */
export function readTownWords(): TownWords {
  const place = (file: string) => readWords(`places/${file}`, lexiconSchema);
  const { predicative, absolute } = readWords("adjectives", adjectivesSchema);
  return {
    residents: RESIDENTS.map((file) => readWords(`residents/${file}`, residentSchema)),
    places: {
      café: place("cafe"),
      pub: place("pub"),
      bakery: place("bakery"),
      market: place("market"),
      library: place("library"),
      park: place("park"),
      pool: place("pool"),
      cinema: place("cinema"),
      museum: place("museum"),
      barber: place("barber"),
    },
    occasions: readWords("occasions", z.record(z.enum(OCCASIONS), lexiconSchema)),
    mainstream: readWords("mainstream", lexiconSchema),
    names: readWords("names", lexiconSchema),
    predicative: new Set(predicative),
    absolute: new Set(absolute),
  };
}
