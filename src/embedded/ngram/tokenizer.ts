import { isUnspaced } from "../ports.ts";

/**
 * Tokens of the embedded models: a word with the space before it, a mark with the space before it, `'s`, or one character of
 * other white space. Concatenating the tokens of a text gives the text back, byte for byte, and no other sequence of tokens
 * that `mayFollow` allows gives it: so the probability of a text is that of one sequence.
 */

/** How a token begins; the end of the text is a kind of its own. */
export const Start = { end: 0, spaced: 1, word: 2, mark: 3, blank: 4 } as const;
export type Start = (typeof Start)[keyof typeof Start];

/** How a token ends, as far as the next one depends on it. */
export const Tail = { open: 0, word: 1, blank: 2 } as const;
export type Tail = (typeof Tail)[keyof typeof Tail];
export const TAILS = 3;

const WORD = /^[\p{L}\p{N}\p{M}]$/u;
const SPACE = /^\s$/u;

const OTHER = 0;
const IS_WORD = 1;
const IS_SPACE = 2;

function classOf(point: number): number {
  const character = String.fromCodePoint(point);
  if (SPACE.test(character)) return IS_SPACE;
  // Of scripts without spaces each character is a token of its own.
  return WORD.test(character) && !isUnspaced(character) ? IS_WORD : OTHER;
}

const ASCII = Uint8Array.from({ length: 128 }, (_, point) => classOf(point));

function classAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < 128 ? ASCII[unit]! : classOf(text.codePointAt(at)!);
}

function isApostrophe(unit: number): boolean {
  return unit === 0x27 || unit === 0x2019;
}

function width(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** The tokens of a text; `tokenize(text).join("") === text` for every string. */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const n = text.length;
  let at = 0;
  while (at < n) {
    const start = at;
    if (classAt(text, at) === IS_SPACE) {
      const spaces = text.charCodeAt(at) === 0x20 && at + 1 < n && classAt(text, at + 1) !== IS_SPACE;
      at++;
      if (!spaces) {
        tokens.push(text.slice(start, at));
        continue;
      }
    }
    if (isApostrophe(text.charCodeAt(at)) && at + 1 < n && classAt(text, at + 1) === IS_WORD) at++;
    if (classAt(text, at) === IS_WORD) {
      while (at < n && classAt(text, at) === IS_WORD) at += width(text, at);
    } else at += width(text, at);
    tokens.push(text.slice(start, at));
  }
  return tokens;
}

/** The token without the space before it. */
export function core(token: string): string {
  return token.length > 1 && token.charCodeAt(0) === 0x20 ? token.slice(1) : token;
}

/** True where the token holds a word (rather than a mark or white space). */
export function holdsWord(token: string): boolean {
  const bare = core(token);
  return classAt(bare, isApostrophe(bare.charCodeAt(0)) && bare.length > 1 ? 1 : 0) === IS_WORD;
}

export function startOf(token: string): Start {
  const first = classAt(token, 0);
  if (first === IS_SPACE) return token.length > 1 ? Start.spaced : Start.blank;
  return first === IS_WORD ? Start.word : Start.mark;
}

export function tailOf(token: string): Tail {
  if (token === " ") return Tail.blank;
  const bare = core(token);
  return holdsWord(token) || (bare.length === 1 && isApostrophe(bare.charCodeAt(0))) ? Tail.word : Tail.open;
}

/**
 * Whether a token of this kind may follow: what `tokenize` would have joined may not. After a word or an apostrophe no word
 * without a space; after a bare space only white space, a token with its own space, or the end.
 */
export function mayFollow(tail: Tail, start: Start): boolean {
  if (tail === Tail.word) return start !== Start.word;
  if (tail === Tail.blank) return start !== Start.word && start !== Start.mark;
  return true;
}
