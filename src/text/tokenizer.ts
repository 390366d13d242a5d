import { splitTokens } from "../core/tokens.ts";

/** The tokenizers a config can name. */
export const TOKENIZERS = ["whitespace", "words"] as const;
export type TokenizerName = (typeof TOKENIZERS)[number];

/** Cuts texts into what metrics of words count. */
export interface Tokenizer {
  readonly name: TokenizerName;
  /** How the settings of a row name it. */
  readonly label: string;
  /** The version of ICU whose rules and dictionaries it follows; null: none. */
  readonly icu: string | null;
  split(text: string): string[];
}

/** Python's `str.split()`: what the reference packages do. */
export const whitespace: Tokenizer = { name: "whitespace", label: "split", icu: null, split: splitTokens };

/**
 * Words by the rules of Unicode (UAX #29), with ICU's dictionaries for scripts without spaces (Chinese, Japanese, Thai, Lao,
 * Khmer, Burmese): letters and digits only, so that punctuation, emoji and white space are no words. Dictionaries differ between
 * versions of ICU, which Node brings.
 */
class Words implements Tokenizer {
  readonly name = "words";
  readonly label = "words";
  readonly icu = process.versions.icu ?? "unknown";
  #segmenter: Intl.Segmenter | undefined;

  split(text: string): string[] {
    // One locale for all machines; dictionaries are chosen by script, not by locale.
    this.#segmenter ??= new Intl.Segmenter("en", { granularity: "word" });
    const words: string[] = [];
    for (const { segment, isWordLike } of this.#segmenter.segment(text)) if (isWordLike) words.push(segment);
    return words;
  }
}

const words: Tokenizer = new Words();

export function tokenizerNamed(name: TokenizerName): Tokenizer {
  return name === "words" ? words : whitespace;
}
