/**
 * Backslashes before a character: JSON in JSON doubles them at each level, and URLs have them as %5C. So many and no more, that a text
 * of nothing else costs no more than its length.
 */
const ESCAPES = "(?:\\\\|%(?:25){0,2}5[cC]){0,16}";

/** What one backslash of the secret itself becomes at the most. */
const DOUBLED = 16;

/** Levels of HTML in HTML. */
const REFERENCE = "(?:&|[uU]0026)(?:amp;){0,2}";

/**
 * The source of a pattern of a text in every way in which it may be escaped, each character by itself, since servers and proxies
 * differ in what they escape: as it is, behind backslashes, by its number in hexadecimal digits after `\u`, `\x` or `%` (once or twice),
 * and as HTML's references. Each way begins with another character and is bounded, so a search takes time linear in what is searched.
 */
export function escapedPattern(text: string): string {
  let [pattern, slashes, before] = ["", 0, ""];
  for (const character of text) {
    if (character === "\\") {
      slashes++;
      continue;
    }
    // The first may stand behind backslashes, which stay: looking for them from each of them would take quadratic time.
    pattern += (slashes > 0 ? backslashes(slashes) : before) + ways(character);
    [slashes, before] = [0, ESCAPES];
  }
  return slashes > 0 ? pattern + backslashes(slashes) : pattern;
}

/** A run of backslashes as one, or it could be split between what is meant and what escapes in too many ways. */
function backslashes(count: number): string {
  const ways = ["\\\\", percent([0x5c]), unicode(0x5c), `x${hex(0x5c, 2)}`, reference(0x5c)];
  return `(?:${ways.join("|")}){${count},${DOUBLED * (count + 1)}}`;
}

function ways(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const bytes = [...Buffer.from(character)]; // half a pair becomes U+FFFD, as in URLs
  const units = Array.from({ length: character.length }, (_, i) => unicode(character.charCodeAt(i)));
  const all = [literal(character), percent(bytes), units.join(ESCAPES), reference(code)];
  all.push(bytes.map((byte) => `x${hex(byte, 2)}`).join(ESCAPES));
  if (character === " ") all.push("\\+");
  const short = SHORT.get(character);
  if (short !== undefined) all.push(short);
  if (code > 0x7f && code <= 0xff) all.push(percent([code]), `x${hex(code, 2)}`);
  if (character.length > 1) all.push(unicode(code));
  return `(?:${all.join("|")})`;
}

/** Behind a backslash; secrets have few of these. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ["\n", "n"],
  ["\r", "r"],
  ["\t", "t"],
  ["\b", "b"],
  ["\f", "f"],
]);

/** `%2B`, `%2b`, `%252B`, `%25252B`. */
function percent(bytes: readonly number[]): string {
  return bytes.map((byte) => `%(?:25){0,2}${hex(byte, 2)}`).join("");
}

/** `u002B`, `u002b`, `U0000002B`, `u{2b}`. */
function unicode(code: number): string {
  return `[uU]\\{?0{0,6}${hex(code)}\\}?`;
}

/** `&#43;`, `&#x2B;`, `&plus;`: any name, since what stands around it tells; letters and digits have none. */
function reference(code: number): string {
  const named = /[a-z\d]/i.test(String.fromCodePoint(code)) ? "" : "|[A-Za-z]{2,31}\\d{0,2}";
  return `${REFERENCE}(?:#0{0,6}${code}|#[xX]0{0,6}${hex(code)}${named});`;
}

function hex(code: number, length = 0): string {
  const digits = code.toString(16).padStart(length, "0");
  return digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** The source of a pattern of a text as it is. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/**
 * Sources of patterns of what base64 of any text with this one in it holds: three forms, by where it begins, in both alphabets,
 * with line breaks, and with what JSON, URLs and HTML make of `+` and `/`. Also of the text within JSON.
 */
export function base64Patterns(text: string): readonly string[] {
  const bodies = [Buffer.from(text), Buffer.from(text, "latin1"), Buffer.from(JSON.stringify(text).slice(1, -1))];
  const forms = bodies.flatMap((body) =>
    [0, 1, 2].map((before) => {
      const bytes = Buffer.concat([Buffer.alloc(before), body]);
      return bytes.toString("base64").slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
    }),
  );
  return [...new Set(forms)].map((form) => Array.from(form, (c) => IN_BASE64.get(c) ?? c).join("[\\r\\n]{0,2}"));
}

const IN_BASE64: ReadonlyMap<string, string> = new Map([
  ["+", `(?:-|${ESCAPES}${ways("+")})`],
  ["/", `(?:_|${ESCAPES}${ways("/")})`],
]);
