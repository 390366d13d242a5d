import { printable } from "../core/printable.ts";

/**
 * Texts of models and data sets are untrusted in every format. HTML is escaped by Handlebars itself; here is what the other
 * formats need beside `printable`.
 */

/**
 * A text inside a line or a table cell of GitHub-flavoured Markdown: no markup, no HTML, no link, no mention, no line break. What
 * is harmless in the middle of a line is left as it is, so that numbers and names stay readable.
 */
export function markdown(text: string): string {
  return printable(text)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_{}|~$]/g, "\\$&")
    .replace(/\](?=[[(:])/g, "\\]") // without it no [x](y), [x][y] or [x]: is a link
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/^(?=[-+=#])/, "\\")
    .replace(/^(\d+)(?=[.)](?:\s|$))/, "$1\\")
    .replace(/:(?=\/\/)|@|\bwww(?=\.)/gi, "$&\u200B");
}

/** A text in XML: as HTML, after what XML 1.0 cannot hold is gone. */
export function xml(text: string): string {
  return printable(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&apos;")
    .replace(/\n/g, "&#10;");
}
