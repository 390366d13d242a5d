/** Scripts that are written without spaces between words. */
const SCRIPTS = ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan"];
const CHARACTERS = SCRIPTS.map((script) => `\\p{Script=${script}}`).join("");

/** Every character of a script that is written without spaces between words. */
export const UNSPACED = new RegExp(`[${CHARACTERS}]`, "gu");

const ONE = new RegExp(`^[${CHARACTERS}]$`, "u");

/** Whether a character is one of such a script. */
export function isUnspaced(character: string): boolean {
  return ONE.test(character);
}

const LETTERS = /[\p{L}\p{M}]/gu;
const SPACES = /\s+/gu;
/** Such letters for one space, at least, where spaces do not stand between words: a word of Chinese has two, one of Thai five. */
const LETTERS_A_SPACE = 8;

/**
 * Whether spaces cut these texts into phrases or not at all, instead of into words: more than half of all letters are of scripts
 * without spaces, and a space comes after eight of them at the earliest. Texts cut into words beforehand are not meant.
 */
export function lackSpaces(texts: readonly string[]): boolean {
  let unspaced = 0;
  for (const text of texts) unspaced += text.match(UNSPACED)?.length ?? 0;
  if (unspaced === 0) return false; // most texts: their letters need no counting
  let letters = 0;
  let spaces = 0;
  for (const text of texts) {
    letters += text.match(LETTERS)?.length ?? 0;
    spaces += text.trim().match(SPACES)?.length ?? 0;
  }
  return unspaced > letters / 2 && spaces * LETTERS_A_SPACE < unspaced;
}

/** What to tell a user whose texts lack spaces. @param whose the file or dataset @param option how the tokenizer is named there */
export function spacesWarning(whose: string, option: string): string {
  return (
    `${whose}: these texts are written without spaces between words, where metrics of words cut; what they say of lengths, ` +
    `n-grams and copies means nothing. ${option} finds the words.`
  );
}
