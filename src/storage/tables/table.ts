import path from "node:path";
import { InputError } from "../../core/errors.ts";
import { unknownName } from "../../core/registry.ts";
import { readCsv } from "./csv.ts";
import { readJson } from "./json.ts";
import { readJsonl } from "./jsonl.ts";
import { readPlainLines } from "./lines.ts";
import { readParquet } from "./parquet.ts";
import type { ReadOptions, TableRow } from "./row.ts";

export type { ReadOptions, TableRow } from "./row.ts";

/** The file formats a table can come in. `lines` gives rows with one column, `text`. */
export type TableFormat = "csv" | "tsv" | "jsonl" | "json" | "parquet" | "lines";

type Reader = (file: string, options: ReadOptions) => AsyncIterable<TableRow>;

const readers: Readonly<Record<TableFormat, Reader>> = {
  csv: (file, options) => readCsv(file, options.delimiter ?? null, options),
  tsv: (file, options) => readCsv(file, options.delimiter ?? "\t", options),
  jsonl: readJsonl,
  json: readJson,
  parquet: readParquet,
  lines: readPlainLines,
};

const extensions: Readonly<Record<string, TableFormat>> = {
  ".csv": "csv",
  ".tsv": "tsv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".json": "json",
  ".parquet": "parquet",
  ".txt": "lines",
  ".lines": "lines",
  "": "lines",
};

/** The format a file's extension means. @throws InputError for an extension that names none. */
export function formatOf(file: string): TableFormat {
  const extension = path.extname(file).toLowerCase();
  const format = extensions[extension];
  if (format !== undefined) return format;
  const known = Object.keys(extensions).filter((name) => name !== "");
  throw new InputError(`${file}: ${unknownName("table format", extension, known)} Plain lines are read from .txt.`);
}

/**
 * The rows of a file with the place each comes from, streamed: what is held is one record (CSV: a few hundred, Parquet: one
 * row group, JSON: the file).
 * @throws InputError naming file and line: a missing or empty file, an unknown column, bytes that are not UTF-8, a line over
 * 16 MB, a syntax error, a row that is no object, a delimiter for a format that has none.
 */
export async function* readRows(
  file: string,
  options: ReadOptions & { readonly format?: TableFormat } = {},
): AsyncGenerator<TableRow> {
  const format = options.format ?? formatOf(file);
  if (options.delimiter !== undefined && format !== "csv" && format !== "tsv")
    throw new InputError(`${file}: \`delimiter\` is for CSV files, and this one is read as ${format}.`);
  let rows = 0;
  for await (const row of readers[format](file, options)) {
    rows += 1;
    yield row;
  }
  if (rows === 0) throw new InputError(`${file} holds no rows.`);
}

/** The rows of a file as plain objects; see `readRows`, whose errors it throws. */
export async function* readTable(
  file: string,
  options: ReadOptions & { readonly format?: TableFormat } = {},
): AsyncGenerator<Record<string, unknown>> {
  for await (const row of readRows(file, options)) yield row.values;
}
