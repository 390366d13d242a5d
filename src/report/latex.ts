import { printable } from "../core/printable.ts";

/** What TeX reads otherwise than it is written, and signs that its text fonts lack. All of it is in LaTeX itself, in any font encoding. */
const SIGNS: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "%": "\\%",
  "#": "\\#",
  _: "\\_",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\char34{}",
  // At the start of a row TeX would take these for arguments of the row before.
  "[": "{[}",
  "]": "{]}",
  "*": "{*}",
  "\u00a0": "~",
  "\u2010": "-",
  "\u2011": "-",
  "\u2013": "\\textendash{}",
  "\u2014": "\\textemdash{}",
  "\u2018": "\\textquoteleft{}",
  "\u2019": "\\textquoteright{}",
  "\u201c": "\\textquotedblleft{}",
  "\u201d": "\\textquotedblright{}",
  "\u2026": "\\ldots{}",
  "\u00a1": "\\textexclamdown{}",
  "\u00bf": "\\textquestiondown{}",
  "\u00a3": "\\pounds{}",
  "\u00a7": "\\S{}",
  "\u00a9": "\\copyright{}",
  "\u00df": "\\ss{}",
  "\u00c6": "\\AE{}",
  "\u00e6": "\\ae{}",
  "\u00d8": "\\O{}",
  "\u00f8": "\\o{}",
  "\u0152": "\\OE{}",
  "\u0153": "\\oe{}",
  "\u0141": "\\L{}",
  "\u0142": "\\l{}",
  "\u0131": "\\i{}",
  "\u2212": "$-$",
  "\u2190": "$\\leftarrow$",
  "\u2191": "$\\uparrow$",
  "\u2192": "$\\rightarrow$",
  "\u2193": "$\\downarrow$",
  "\u00b0": "$^\\circ$",
  "\u00b1": "$\\pm$",
  "\u00b5": "$\\mu$",
  "\u00b7": "$\\cdot$",
  "\u00d7": "$\\times$",
  "\u00f7": "$\\div$",
  "\u2022": "$\\bullet$",
  "\u2248": "$\\approx$",
  "\u2260": "$\\neq$",
  "\u2264": "$\\leq$",
  "\u2265": "$\\geq$",
  "\u221e": "$\\infty$",
};

/** Accents by combining mark. */
const ACCENTS: Readonly<Record<string, string>> = {
  "\u0300": "\\`",
  "\u0301": "\\'",
  "\u0302": "\\^",
  "\u0303": "\\~",
  "\u0304": "\\=",
  "\u0306": "\\u",
  "\u0307": "\\.",
  "\u0308": '\\"',
  "\u030a": "\\r",
  "\u030b": "\\H",
  "\u030c": "\\v",
  "\u0323": "\\d",
  "\u0327": "\\c",
  "\u0331": "\\b",
};

/** Nothing to see: joiners, selectors of a variant, soft hyphens, marks of direction. */
const UNSEEN = /\u00ad|\u034f|\u061c|[\u200b-\u200f\u2060-\u2064\ufeff]|[\ufe00-\ufe0f]/g;

/** Signs that TeX makes one of, where they follow each other. */
const JOINED = /^(?:--|''|``|\?`|!`)$/;

/**
 * A text in a line of LaTeX: ASCII that every engine and font encoding takes, without a command of the text's own. A character
 * that plain LaTeX has no sign for stands by its number, such as U+4E2D.
 */
export function latex(text: string): string {
  const line = printable(text)
    .replace(UNSEEN, "")
    .replace(/[\t\n ]+/g, " ")
    .normalize("NFC");
  const letters = (line.match(/\p{L}\p{M}*|./gu) ?? []).map(letter);
  return letters.map((sign, i) => (JOINED.test(sign + (letters[i + 1] ?? "")) ? `${sign}{}` : sign)).join("");
}

/** A character, or a letter with its marks. */
function letter(text: string): string {
  const [base = "", ...marks] = text.normalize("NFD");
  const accents = marks.map((mark) => ACCENTS[mark]);
  if (/^[A-Za-z]$/.test(base) && accents.every((accent) => accent !== undefined))
    return accents.reduce((whole, accent) => `${accent}{${whole}}`, base);
  return [...text]
    .map((character) => SIGNS[character] ?? (/^[ -~]$/.test(character) ? character : numbered(character)))
    .join("");
}

function numbered(character: string): string {
  return `{\\small U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}}`;
}
