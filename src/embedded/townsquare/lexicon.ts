import { z } from "zod";
import { lines, words } from "../words.ts";

/** Lists of templates by symbol name; `grammar.ts` says what a template may hold. */
export type Lexicon = Readonly<Record<string, readonly string[]>>;

/** A lexicon as its file writes it: `lines` are lists of one template a line, `words` of short ones between commas. */
export const lexiconSchema: z.ZodType<Lexicon> = z
  .strictObject({
    lines: z.record(z.string(), lines).default({}),
    words: z.record(z.string(), words).default({}),
  })
  .transform((lists) => ({ ...lists.lines, ...lists.words }));
