import { sha256 } from "../core/hash.ts";
import { printable } from "../core/printable.ts";
import { shortened } from "./format.ts";
import type { RunData } from "./run-data.ts";

/** Characters of any text of a run that a report shows: an answer, a context, a label, an id. */
export const LONGEST = 700;

/**
 * A run as reports show it: each of its texts printable and not too long. All of them are changed by the same rule, names of members
 * too, so that what is looked up by an id is still found.
 */
export function shownRun(run: RunData): RunData {
  const shown: RunData = JSON.parse(
    JSON.stringify(run, (_, value: unknown) => {
      if (typeof value === "string") return shownText(value);
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      const names = Object.keys(value);
      return names.every((name) => name === shownText(name))
        ? value
        : Object.fromEntries(Object.entries(value).map(([name, member]) => [shownText(name), member]));
    }),
  );
  return shown;
}

/** What is cut says so, and by its checksum stays another text than others that begin alike. */
function shownText(text: string): string {
  if (text.length <= LONGEST) return printable(text);
  const begun = shortened(text, LONGEST);
  return begun === text
    ? printable(text)
    : `${printable(begun)} (${text.length} characters, ${sha256(text).slice(0, 8)})`;
}
