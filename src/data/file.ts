import path from "node:path";
import { z } from "zod";
import { pathText, seedNumber, shortText, templateText } from "../config/bounds.ts";
import { InputError } from "../core/errors.ts";
import type { Context, PopulationRecord } from "../core/record.ts";
import { listed, nearestName } from "../core/registry.ts";
import { shortened } from "../core/shortened.ts";
import { defaultTemplates } from "../prompts/defaults.ts";
import { delimiterMeaning, delimiterOf, delimiterSchema } from "../storage/tables/delimiter.ts";
import { type ReadOptions, readRows, type TableFormat, type TableRow } from "../storage/tables/table.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { type Dataset, type DatasetEnvironment, defineDataset, type NearCopies } from "./dataset.ts";
import { datasetOf } from "./dataset-of.ts";

const formats = ["csv", "tsv", "jsonl", "json", "parquet", "lines"] as const satisfies readonly TableFormat[];
const column = shortText;

const fileOptions = z.strictObject({
  path: pathText.describe(`The file, relative to the config; \`\${NAME}\` in it reads the environment.`),
  text: column.default("text").describe("The column with what people wrote."),
  context: z
    .union([column, z.array(column).min(1).max(100)])
    .nullable()
    .default(null)
    .describe(
      "The column with what a text answers (a topic, a title), or a list of columns, which are joined by commas. null: none.",
    ),
  label: column
    .nullable()
    .default(null)
    .describe("The column with the class; it is part of the context, and prompts show it. null: none."),
  id: column.nullable().default(null).describe("The column with unique ids. null: the row's number."),
  labels: z
    .record(z.string().max(1000), z.string().max(1000))
    .nullable()
    .default(null)
    .describe(
      "Names for the label column's values, such as `{0: negative, 1: positive}`; a value without a name is an error. null: as they are written.",
    ),
  format: z.enum(formats).nullable().default(null).describe("The file's format. null: by its extension."),
  delimiter: delimiterSchema.nullable().default(null).describe(delimiterMeaning),
  gold: pathText
    .nullable()
    .default(null)
    .describe(
      "A file of the same columns that is kept for scoring: gold and reserve are its halves. null: they are parts of the main file.",
    ),
  splitSeed: seedNumber.default(0).describe("Another number is another split of the same data."),
  prompts: z
    .strictObject({
      instruction: templateText.default(defaultTemplates.instruction),
      persona: templateText.default(defaultTemplates.persona),
      example: templateText.default(defaultTemplates.example),
      task: templateText.default(defaultTemplates.task),
    })
    .prefault({})
    .describe(
      "Handlebars templates `instruction`, `persona`, `example`, `task`. Default: general ones that fit any short text.",
    ),
});

type FileOptions = z.infer<typeof fileOptions>;

const definition = defineDataset<FileOptions>({
  summary: "A file of your own: CSV, TSV, JSONL, JSON, Parquet or plain lines",
  notes: { texts: "where `path` says", license: "its own" },
  options: fileOptions,
  voids: [{ by: ({ label }) => (label === null ? "`label: null`" : null), options: ["labels"] }],
  shorthand: (text) => ({ path: text }),
  id: (options) => path.basename(options.path, path.extname(options.path)),
  create: loadFile,
});

/** A user's own table. Its texts are data and never anything else: no text is taken for a path, a template or code. */
export const fileDataset: DatasetDefinition = {
  ...definition,
  example: "{file: {path: reviews.csv, text: review}}",
};

async function loadFile(options: FileOptions, environment: DatasetEnvironment, id: string): Promise<Dataset> {
  const main = await readRecords(options, path.resolve(environment.baseDir, options.path), "");
  const gold =
    options.gold === null
      ? null
      : await readRecords(options, path.resolve(environment.baseDir, options.gold), "gold-", main.places);
  return datasetOf({
    id,
    summary: `The file ${path.basename(options.path)}.`,
    records: main.records,
    test: gold?.records ?? null,
    splitSeed: options.splitSeed,
    prompts: options.prompts,
    locator: { dataset: "file", options, baseDir: path.resolve(environment.baseDir) },
    notes: (copies) => [...main.notes, ...(gold?.notes ?? []), ...copyNotes(options, copies)],
  });
}

/** What became of near-copies, where there are any. */
function copyNotes({ path: file, gold }: FileOptions, copies: NearCopies | null): string[] {
  if (copies === null || copies.groups === 0) return [];
  const { records, groups, leftOut } = copies;
  const files = gold === null ? file : `${file} and ${gold}`;
  const found = `${files}: ${records} rows are near-copies of one another, in ${groups} groups; each group stays in one part.`;
  if (leftOut === 0) return [found];
  return [found, `${file}: ${leftOut} rows left out: ${gold} holds a near-copy of their text.`];
}

interface FileRecords {
  readonly records: readonly PopulationRecord[];
  /** Where each id was first seen. */
  readonly places: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/** Rows without text are left out and counted: a blank answer is nothing a model could be held against. */
async function readRecords(
  options: FileOptions,
  file: string,
  idPrefix: string,
  taken: ReadonlyMap<string, string> = new Map(),
): Promise<FileRecords> {
  const records: PopulationRecord[] = [];
  const places = new Map(taken);
  let rows = 0;
  const notes: string[] = [];
  let firstBlank: string | null = null;
  for await (const row of readRows(file, { ...readOptions(options), onNote: (note) => notes.push(note) })) {
    rows += 1;
    const text = cell(row, options.text);
    if (text === null || text.trim() === "") {
      firstBlank ??= row.where;
      continue;
    }
    const record = { id: idOf(row, options, `${idPrefix}${rows}`), context: contextOf(row, options), text };
    const earlier = places.get(record.id);
    if (earlier !== undefined)
      throw new InputError(`${row.where}: the id \`${record.id}\` was used before, at ${earlier}; ids must be unique.`);
    places.set(record.id, row.where);
    records.push(record);
  }
  if (records.length === 0)
    throw new InputError(`${file}: none of its ${rows} rows has a text in column \`${options.text}\`.`);
  const blank = rows - records.length;
  if (blank > 0)
    notes.push(
      `${file}: ${blank} of ${rows} rows have no text and are left out (first: ${firstBlank}); \`mopbench score\` would count them.`,
    );
  return { records, places, notes };
}

function readOptions(options: FileOptions): ReadOptions & { readonly format?: TableFormat } {
  const columns = [options.text, ...contextColumns(options), options.label, options.id].filter((name) => name !== null);
  return {
    columns: [...new Set(columns)],
    ...(options.format === null ? {} : { format: options.format }),
    ...(options.delimiter === null ? {} : { delimiter: delimiterOf(options.delimiter) }),
  };
}

function contextColumns({ context }: FileOptions): readonly string[] {
  if (context === null) return [];
  return typeof context === "string" ? [context] : context;
}

function idOf(row: TableRow, options: FileOptions, byDefault: string): string {
  if (options.id === null) return byDefault;
  const id = cell(row, options.id);
  if (id === null || id === "")
    throw new InputError(`${row.where}: the column \`${options.id}\` is empty; every row needs an id.`);
  return id;
}

function contextOf(row: TableRow, options: FileOptions): Context {
  const text = contextColumns(options)
    .map((name) => cell(row, name))
    .filter((value) => value !== null && value !== "")
    .join(", ");
  return { text, label: options.label === null ? null : labelOf(row, options.label, options.labels) };
}

function labelOf(row: TableRow, name: string, names: FileOptions["labels"]): string | null {
  const value = cell(row, name);
  if (value === null || names === null) return value;
  const label = Object.hasOwn(names, value) ? names[value] : undefined;
  if (label !== undefined) return label;
  const known = Object.keys(names);
  const near = nearestName(value, known);
  throw new InputError(
    `${row.where}: label \`${shortened(value)}\` has no name in \`labels\`.${near === null ? "" : ` Did you mean \`${near}\`?`} Named: ${listed(known)}.`,
  );
}

/** A cell as text; null where it is empty. @throws InputError for a list or an object. */
function cell(row: TableRow, name: string): string | null {
  const value = row.values[name];
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      if (value === null || value === undefined) return null;
      throw new InputError(
        `${row.where}: column \`${name}\` holds ${Array.isArray(value) ? "a list" : "an object"}; a text or a number is needed.`,
      );
  }
}
