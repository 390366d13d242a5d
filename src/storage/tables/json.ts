import { InputError } from "../../core/errors.ts";
import { readGiven } from "../regular-file.ts";
import { parseExactJson } from "./exact-json.ts";
import { refuseOtherKinds } from "./open.ts";
import { kindOf, objectRow, type ReadOptions, type TableRow } from "./row.ts";

/** A longer file is refused: it is held whole, as bytes, text and values. */
const LARGEST = 256 * 1024 * 1024;

/** A JSON file that is one list of objects. @throws InputError naming file and row (syntax: file and line); see `readRows`. */
export async function* readJson(file: string, options: ReadOptions = {}): AsyncGenerator<TableRow> {
  const tooLarge = () =>
    new InputError(`${file} is larger than 256 MB, and JSON is read whole. Make it .jsonl: one object a line.`);
  const list = parse(decode(await readGiven(file, { most: LARGEST, tooLarge }), file), file);
  if (!Array.isArray(list))
    throw new InputError(`${file}: expected a list of objects, found ${kindOf(list)}. One object a line is .jsonl.`);
  for (const [i, value] of list.entries()) yield objectRow(`${file}, row ${i + 1}`, value, options.columns);
}

function decode(bytes: Uint8Array, file: string): string {
  refuseOtherKinds(bytes, file);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new InputError(`${file}:${badLine(bytes)}: not UTF-8. Convert the file, for instance with iconv.`, {
      cause: error,
    });
  }
}

/** The 1-based line that holds the first bytes that are not UTF-8. */
function badLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const next = bytes.indexOf(10, start);
    const end = next < 0 ? bytes.length : next;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return line;
}

function parse(text: string, file: string): unknown {
  if (text.trim() === "") return [];
  try {
    return parseExactJson(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message)?.[1];
    const line = position === undefined ? "" : `:${text.slice(0, Number(position)).split("\n").length}`;
    throw new InputError(`${file}${line}: not JSON: ${message}.`, { cause: error });
  }
}
