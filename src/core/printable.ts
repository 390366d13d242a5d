/**
 * Texts of models, servers and data sets are untrusted wherever people read them. Characters that a terminal or an editor obeys
 * instead of showing are made visible here, as `\u001b`, and nowhere else; what the formats of reports need beside that is
 * report/escape.ts.
 */

/** Controls but for tab and line feed, halves of a surrogate pair, and what is no character. */
const CONTROLS = "\\p{Cs}\\uFFFE\\uFFFF\\0-\\x08\\x0B-\\x1F\\x7F-\\x9F";
/** Embeddings, overrides and isolates, which let a text be read in another order than it is stored, and their forerunners. */
const DIRECTIONS = "\\u202A-\\u202E\\u2066-\\u206F";
/** Ends of lines for some readers. */
const LINE_ENDS = "\\u2028\\u2029";
/** Marks that texts of right-to-left scripts hold by right, which still move what stands beside them. */
const MARKS = "\\u200E\\u200F\\u061C";

const IN_DOCUMENTS = new RegExp(`[${CONTROLS}${DIRECTIONS}${LINE_ENDS}]`, "gu");
const IN_TERMINALS = new RegExp(`[${CONTROLS}${DIRECTIONS}${LINE_ENDS}${MARKS}]`, "gu");

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** For documents, which isolate texts of either direction. Line ends of other systems become line feeds. */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(IN_DOCUMENTS, escaped);
}

/** For terminals. JSON stays JSON, of the same value. */
export function visible(text: string): string {
  return text.replace(IN_TERMINALS, escaped);
}

/** For a terminal's line that a text must not leave. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\s+/g, " ").trim());
}

/** For a line that a text must not leave, its line breaks shown as `\n`. */
export function inLine(text: string): string {
  return text.trimEnd().replace(/\r\n?|\n/g, "\\n");
}
