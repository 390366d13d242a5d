/** Lists of templates by symbol name; `grammar.ts` says what a template may hold. */
export type Lexicon = Readonly<Record<string, readonly string[]>>;

/** One template a line; blank lines are for the reader. */
export function lines(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Short entries, separated by commas. */
export function words(text: string): readonly string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
