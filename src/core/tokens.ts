/**
 * White space as Python's `str.split()` sees it (Unicode White_Space plus \x1c-\x1f); JavaScript's \s differs in \ufeff,
 * \x1c-\x1f and \x85.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python splits at \\x1c-\\x1f.
const PYTHON_SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/** The tokens of `text.split()` in Python: what the reference packages of text metrics cut with. */
export function splitTokens(text: string): string[] {
  const tokens = text.split(PYTHON_SPACE);
  if (tokens.length > 0 && tokens[0] === "") tokens.shift();
  if (tokens.length > 0 && tokens[tokens.length - 1] === "") tokens.pop();
  return tokens;
}
