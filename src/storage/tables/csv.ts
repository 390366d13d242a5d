import Papa from "papaparse";
import { InputError } from "../../core/errors.ts";
import { delimiterName, detectDelimiter, hintedDelimiter } from "./delimiter.ts";
import { MAX_LINE_BYTES, readLines } from "./lines.ts";
import { type ReadOptions, requireColumns, type TableRow } from "./row.ts";

/** Records handed to the parser at once, and their characters. */
const BATCH = 256;
const BATCH_CHARACTERS = 1 << 20;

/** Lines that one record may go over: a quote that is never closed is found here, however long the file. */
const MAX_RECORD_LINES = 1 << 14;

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
  let kept: readonly (readonly [name: string, column: number])[] = [];
  let batch: RawRecord[] = [];
  let characters = 0;
  for await (const record of rawRecords(file, delimiter)) {
    if (record.line === 1 && hintedDelimiter(record.text) !== null) continue;
    if (header === null) {
      header = headerOf(parse([record], delimiter, file)[0]!, `${file}:${record.line}`, options.columns ?? []);
      const columns = new Map(header.map((name, column) => [name, column]));
      columns.delete("");
      const wanted = options.columns ?? [];
      kept = wanted.length === 0 ? [...columns] : wanted.map((name) => [name, columns.get(name)!]);
      continue;
    }
    batch.push(record);
    characters += record.text.length;
    if (batch.length < BATCH && characters < BATCH_CHARACTERS) continue;
    yield* rowsOf(batch, header.length, kept, delimiter, file);
    batch = [];
    characters = 0;
  }
  if (header !== null) yield* rowsOf(batch, header.length, kept, delimiter, file);
}

/** The names of the columns without the white space around them; columns without a name (Excel's trailing commas) are "". */
function headerOf(fields: readonly string[], where: string, wanted: readonly string[]): readonly string[] {
  const columns = fields.map((field) => field.trim());
  const names = columns.filter((name) => name !== "");
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw new InputError(`${where}: the column \`${twice}\` is named twice.`);
  requireColumns(where, wanted, names);
  return columns;
}

function* rowsOf(
  batch: readonly RawRecord[],
  width: number,
  kept: readonly (readonly [name: string, column: number])[],
  delimiter: string,
  file: string,
): Generator<TableRow> {
  for (const [i, fields] of parse(batch, delimiter, file).entries()) {
    const where = `${file}:${batch[i]!.line}`;
    if (fields.length !== width)
      throw new InputError(`${where}: ${fields.length} fields; the header has ${width}.${quoteHint(batch[i]!.text)}`);
    yield { where, values: Object.fromEntries(kept.map(([name, column]) => [name, fields[column]])) };
  }
}

function parse(batch: readonly RawRecord[], delimiter: string, file: string): readonly (readonly string[])[] {
  const text = batch.map((record) => record.text).join("\n");
  const parsed = Papa.parse<string[]>(text, { delimiter, newline: "\n" });
  const broken = parsed.errors[0];
  if (broken !== undefined)
    throw new InputError(
      `${file}:${batch[broken.row ?? 0]?.line ?? batch[0]!.line}: ${broken.message}.${quoteHint(batch[broken.row ?? 0]?.text ?? text)}`,
    );
  if (parsed.data.length !== (text === "" ? 0 : batch.length))
    throw new InputError(
      `${file}:${batch[0]!.line}: a quote near this line is not closed as CSV asks.${quoteHint(text)}`,
    );
  return parsed.data;
}

/** What to do where a record has quotes as JSON or C write them. */
function quoteHint(record: string): string {
  return record.includes('\\"') ? ' Write a quote within a quoted field twice (`""`), not as `\\"`.' : "";
}

async function* rawRecords(file: string, delimiter: string): AsyncGenerator<RawRecord> {
  let record = { line: 0, lines: [] as string[], characters: 0 };
  /** The line on which the quote opened that is open; null: none is. */
  let quote: number | null = null;
  for await (const { number, text } of readLines(file)) {
    if (quote === null) {
      if (text === "") continue;
      record = { line: number, lines: [], characters: 0 };
    }
    record.lines.push(text);
    record.characters += text.length + 1;
    const { inside, opened } = quotesOf(text, delimiter, quote !== null);
    if (!inside) {
      quote = null;
      yield { line: record.line, text: record.lines.join("\n") };
      continue;
    }
    if (opened) quote = number;
    if (record.lines.length > MAX_RECORD_LINES || record.characters > MAX_LINE_BYTES) break;
  }
  if (quote === null) return;
  const long = record.lines.length > MAX_RECORD_LINES || record.characters > MAX_LINE_BYTES;
  throw new InputError(
    long
      ? `${file}:${quote}: the quote opened on this line is not closed within ${MAX_RECORD_LINES} lines or 16 MB. Close it, or write a quote within a field twice.`
      : `${file}:${quote}: the quote opened on this line is never closed.${quoteHint(record.lines.join("\n"))}`,
  );
}

/**
 * Whether the line ends within a quoted field, and whether that field began on it. A quote opens a field only at its start; two
 * quotes inside stand for one.
 */
function quotesOf(line: string, delimiter: string, startsInside: boolean) {
  let inside = startsInside;
  let opened = false;
  let at = 0;
  while (at <= line.length) {
    if (inside) {
      const quote = line.indexOf('"', at);
      if (quote < 0) return { inside, opened };
      if (line[quote + 1] === '"') {
        at = quote + 2;
        continue;
      }
      inside = false;
      at = quote + 1;
    } else if ((at === 0 || line[at - 1] === delimiter) && line[at] === '"') {
      inside = true;
      opened = true;
      at += 1;
      continue;
    }
    const next = line.indexOf(delimiter, at);
    if (next < 0) break;
    at = next + 1;
  }
  return { inside, opened };
}
