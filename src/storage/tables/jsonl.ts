import { InputError } from "../../core/errors.ts";
import { parseExactJson } from "./exact-json.ts";
import { readLines } from "./lines.ts";
import { objectRow, type ReadOptions, type TableRow } from "./row.ts";

/** One JSON object a line; blank lines are skipped. @throws InputError naming file and line; see `readRows`. */
export async function* readJsonl(file: string, options: ReadOptions = {}): AsyncGenerator<TableRow> {
  for await (const { number, text } of readLines(file)) {
    if (text.trim() === "") continue;
    const where = `${file}:${number}`;
    yield objectRow(where, parse(text, where), options.columns);
  }
}

function parse(text: string, where: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    throw new InputError(`${where}: not JSON: ${error instanceof Error ? error.message : error}.`, { cause: error });
  }
}
