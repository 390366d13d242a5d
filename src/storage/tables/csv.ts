import Papa from "papaparse";
import { InputError } from "../../core/errors.ts";
import { delimiterName, detectDelimiter, hintedDelimiter } from "./delimiter.ts";
import { MAX_LINE_BYTES, readLines } from "./lines.ts";
import { type ReadOptions, requireColumns, type TableRow } from "./row.ts";

/** Records handed to the parser at once. */
const BATCH = 256;

/** One record as it stands in the file (several lines where a quoted field holds line breaks), and its first line's number. */
interface RawRecord {
  readonly line: number;
  readonly text: string;
}

/**
 * A CSV or TSV file with a header line, quoted as RFC 4180 says; blank lines are skipped. Every value is a string. Without a
 * delimiter it is detected, and said where it is no comma. A first line `sep=;`, as Excel writes it, is no header.
 * @throws InputError naming file and line: a quote that is never closed, a row with another number of fields than the header,
 * a column named twice; and those of `readRows`.
 */
export async function* readCsv(
  file: string,
  given: string | null,
  options: ReadOptions = {},
): AsyncGenerator<TableRow> {
  const delimiter = given ?? (await detectDelimiter(file, options.columns ?? []));
  if (given === null && delimiter !== ",")
    options.onNote?.(`${file}: read with ${delimiterName(delimiter)} between fields; \`delimiter\` names another.`);
  let header: readonly string[] | null = null;
  let batch: RawRecord[] = [];
  for await (const record of rawRecords(file, delimiter)) {
    if (record.line === 1 && hintedDelimiter(record.text) !== null) continue;
    if (header === null) {
      header = headerOf(parse([record], delimiter, file)[0]!, `${file}:${record.line}`, options.columns ?? []);
      continue;
    }
    batch.push(record);
    if (batch.length < BATCH) continue;
    yield* rowsOf(batch, header, delimiter, file);
    batch = [];
  }
  if (header !== null) yield* rowsOf(batch, header, delimiter, file);
}

function headerOf(names: readonly string[], where: string, wanted: readonly string[]): readonly string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError(`${where}: the column \`${twice}\` is named twice.`);
  requireColumns(where, wanted, names);
  return names;
}

function* rowsOf(
  batch: readonly RawRecord[],
  header: readonly string[],
  delimiter: string,
  file: string,
): Generator<TableRow> {
  for (const [i, fields] of parse(batch, delimiter, file).entries()) {
    const where = `${file}:${batch[i]!.line}`;
    if (fields.length !== header.length)
      throw new InputError(`${where}: ${fields.length} fields; the header has ${header.length}.`);
    yield { where, values: Object.fromEntries(header.map((name, column) => [name, fields[column]])) };
  }
}

function parse(batch: readonly RawRecord[], delimiter: string, file: string): readonly (readonly string[])[] {
  const text = batch.map((record) => record.text).join("\n");
  const parsed = Papa.parse<string[]>(text, { delimiter, newline: "\n" });
  const broken = parsed.errors[0];
  if (broken !== undefined)
    throw new InputError(`${file}:${batch[broken.row ?? 0]?.line ?? batch[0]!.line}: ${broken.message}.`);
  if (parsed.data.length !== (text === "" ? 0 : batch.length))
    throw new InputError(`${file}:${batch[0]!.line}: a quote near this line is not closed as CSV asks.`);
  return parsed.data;
}

async function* rawRecords(file: string, delimiter: string): AsyncGenerator<RawRecord> {
  let open: { line: number; parts: string[]; bytes: number } | null = null;
  for await (const { number, text } of readLines(file)) {
    if (open === null && text === "") continue;
    const current: { line: number; parts: string[]; bytes: number } = open ?? { line: number, parts: [], bytes: 0 };
    current.parts.push(text);
    current.bytes += text.length + 1;
    const closed: boolean = !endsInsideQuotes(text, delimiter, open !== null);
    if (closed) yield { line: current.line, text: current.parts.join("\n") };
    else if (current.bytes > MAX_LINE_BYTES)
      throw new InputError(`${file}:${current.line}: a record over 16 MB: is its opening quote ever closed?`);
    open = closed ? null : current;
  }
  if (open !== null) throw new InputError(`${file}:${open.line}: the quote opened in this record is never closed.`);
}

/** Whether the line ends within a quoted field. A quote opens a field only at its start; two quotes inside stand for one. */
function endsInsideQuotes(line: string, delimiter: string, startsInside: boolean): boolean {
  let inside = startsInside;
  let at = 0;
  while (at <= line.length) {
    if (inside) {
      const quote = line.indexOf('"', at);
      if (quote < 0) return true;
      if (line[quote + 1] === '"') {
        at = quote + 2;
        continue;
      }
      inside = false;
      at = quote + 1;
    } else if (at === 0 || line[at - 1] === delimiter) {
      if (line[at] === '"') {
        inside = true;
        at += 1;
        continue;
      }
    }
    if (!inside) {
      const next = line.indexOf(delimiter, at);
      if (next < 0) return false;
      at = next + 1;
    }
  }
  return inside;
}
