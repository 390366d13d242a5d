import Papa from "papaparse";
import { z } from "zod";
import { InputError } from "../../core/errors.ts";
import { readLines } from "./lines.ts";

/** What may stand between the fields of a CSV file, and is looked for, in this order. */
const KNOWN = [",", ";", "\t", "|"];
/** Lines looked at, and their characters: no more are read. */
const HEAD = 200;
const HEAD_CHARACTERS = 1 << 20;

/** One character that papaparse takes, or a name of the tab. */
const DELIMITER = /^([^"\r\n\ufeff]|tab|\\t)$/;

/** What the option says of itself. */
export const delimiterMeaning =
  "What stands between the fields of a CSV file: one character, or `tab`. Default: detected, of `,` `;` tab `|`.";

/** A delimiter as a config writes it: one character, or `tab` (`\t` is read, too). */
export const delimiterSchema = z
  .string()
  .max(3)
  .regex(DELIMITER, "one character that is no quote, or `tab`")
  .describe(delimiterMeaning);

/** The character that an option's value means. @throws InputError when it means none */
export function delimiterOf(option: string): string {
  if (!DELIMITER.test(option))
    throw new InputError(`\`${option}\` is no delimiter: one character that is no quote is, or \`tab\`.`);
  return option === "tab" || option === "\\t" ? "\t" : option;
}

/** A delimiter as a message names it. */
export function delimiterName(delimiter: string): string {
  return delimiter === "\t" ? "a tab" : `\`${delimiter}\``;
}

/** What Excel may write as a file's first line to say what it took. */
const HINT = /^sep=([^"])$/;

/** The delimiter that a file's first line names, Excel's way; null for every other line. */
export function hintedDelimiter(line: string): string | null {
  return HINT.exec(line)?.[1] ?? null;
}

/**
 * The delimiter of a CSV file, by its first lines: of `,`, `;`, tab and `|` the one that gives the header every wanted column, or
 * as many of the next records as possible the header's number of fields (papaparse reads them, so what is quoted counts as one
 * field); of two alike the one with more fields, of those the earlier. A comma where nothing speaks for another.
 * @throws InputError as `readLines`
 */
export async function detectDelimiter(file: string, wanted: readonly string[]): Promise<string> {
  const lines: string[] = [];
  let characters = 0;
  for await (const { text } of readLines(file)) {
    const hint = lines.length === 0 ? hintedDelimiter(text) : null;
    if (hint !== null) return hint;
    lines.push(text);
    characters += text.length;
    if (lines.length === HEAD || characters > HEAD_CHARACTERS) break;
  }
  const whole = lines.length < HEAD && characters <= HEAD_CHARACTERS;
  let best = { delimiter: ",", fit: -1, fields: 0 };
  for (const delimiter of KNOWN) {
    const [names = [], ...rows] = recordsOf(lines, delimiter, whole);
    const header = names.map((name) => name.trim());
    const fields = header.length;
    if (fields < 2) continue;
    const named = wanted.length > 0 && wanted.every((name) => header.includes(name));
    const even = rows.length === 0 ? 0 : rows.filter((row) => row.length === fields).length / rows.length;
    const fit = (named ? 2 : 0) + even;
    if (fit > best.fit || (fit === best.fit && fields > best.fields)) best = { delimiter, fit, fields };
  }
  return best.delimiter;
}

/** The records of the first lines; the last one is left out where the lines may end inside it. */
function recordsOf(lines: readonly string[], delimiter: string, whole: boolean): string[][] {
  const { data } = Papa.parse<string[]>(lines.join("\n"), { delimiter, newline: "\n", skipEmptyLines: true });
  return whole || data.length < 2 ? data : data.slice(0, -1);
}
