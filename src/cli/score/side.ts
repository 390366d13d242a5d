import path from "node:path";
import { InputError } from "../../core/errors.ts";
import { type Matrix, takeRows } from "../../core/matrix.ts";
import { readNpy } from "../../storage/npy.ts";
import { delimiterOf } from "../../storage/tables/delimiter.ts";
import { kindOf } from "../../storage/tables/row.ts";
import { formatOf, readRows } from "../../storage/tables/table.ts";

/** What the command line says of one side. */
export interface SideRequest {
  readonly role: "gold" | "synthetic";
  /** A table, lines, or a .npy. */
  readonly file: string;
  /** A .npy beside a file of texts. */
  readonly embeddings: string | null;
  readonly column: string;
  /** Between the fields of a CSV file; null: detected. */
  readonly delimiter: string | null;
  readonly onNote: (message: string) => void;
  /** Only the first rows; null: all. */
  readonly samples: number | null;
  readonly cwd: string;
}

/** One side as read. */
export interface Side {
  readonly role: "gold" | "synthetic";
  /** The file as the user named it. */
  readonly file: string;
  readonly texts: readonly string[] | null;
  readonly embeddings: Matrix | null;
  readonly size: number;
  /** Rows whose text is null: calls that failed. */
  readonly skipped: number;
}

/**
 * Reads one side: texts, embeddings, or both row for row. Rows whose text is null (failed calls) are left out of both.
 * @throws InputError for whatever is wrong with the files, for texts and embeddings that differ in number, and for embeddings
 * with NaN, infinities or rows of zeros, which are counted.
 */
export async function readSide(request: SideRequest): Promise<Side> {
  const { role, file, samples, cwd } = request;
  const given = isNpy(file) ? file : request.embeddings;
  if (isNpy(file) && request.embeddings !== null)
    throw new InputError(
      `--${role} ${file} holds embeddings already; with --${role}-embeddings it must name a file of texts.`,
    );
  if (given !== null && !isNpy(given))
    throw new InputError(`--${role}-embeddings ${given}: embeddings are read from .npy files.`);
  const column = isNpy(file) ? null : await readColumn({ ...request, samples: given === null ? samples : null });
  const all = given === null ? null : await readNpy(path.resolve(cwd, given));
  if (column !== null && all !== null && column.rows !== all.rows)
    throw new InputError(
      `${file} has ${column.rows} rows, ${given} has ${all.rows}: embeddings must stand row for row beside their texts.`,
    );
  const present = column?.kept ?? Array.from({ length: all?.rows ?? 0 }, (_, i) => i);
  const kept = samples === null ? present : present.slice(0, samples);
  const embeddings = all === null ? null : kept.length === all.rows ? all : takeRows(all, kept);
  if (embeddings !== null && given !== null) requireSound(embeddings, given);
  const skipped = column === null ? 0 : column.rows - column.kept.length;
  return {
    role,
    file,
    texts: column === null ? null : column.texts.slice(0, kept.length),
    embeddings,
    size: kept.length,
    skipped,
  };
}

/** The texts of a column: `kept[i]` is the row of text i, `rows` how many rows were read. */
interface Column {
  readonly texts: readonly string[];
  readonly kept: readonly number[];
  readonly rows: number;
}

/** Reads a column of texts; stops once `samples` texts are found. @throws InputError for a value that is neither text nor null. */
export async function readColumn({
  file,
  column,
  delimiter,
  onNote,
  samples,
  cwd,
}: Omit<SideRequest, "role" | "embeddings">): Promise<Column> {
  const format = formatOf(file);
  const name = format === "lines" ? "text" : column;
  const separated = delimiter !== null && (format === "csv" || format === "tsv");
  const reading = { columns: [name], onNote, ...(separated ? { delimiter: delimiterOf(delimiter) } : {}) };
  const texts: string[] = [];
  const kept: number[] = [];
  let rows = 0;
  for await (const { where, values } of readRows(path.resolve(cwd, file), reading)) {
    const text = values[name];
    if (typeof text === "string") {
      kept.push(rows);
      texts.push(text);
    } else if (text !== null && text !== undefined)
      throw new InputError(`${where}: column \`${name}\` holds ${kindOf(text)}; a text is needed.`);
    rows += 1;
    if (texts.length === samples) break;
  }
  return { texts, kept, rows };
}

/** Whether a file's name says that it holds embeddings. */
export function isNpy(file: string): boolean {
  return path.extname(file).toLowerCase() === ".npy";
}

function requireSound({ data, rows, cols }: Matrix, file: string): void {
  let broken = 0;
  let zero = 0;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let at = i * cols; at < (i + 1) * cols; at++) sum += Math.abs(data[at]!);
    if (!Number.isFinite(sum)) broken += 1;
    else if (sum === 0) zero += 1;
  }
  if (broken > 0)
    throw new InputError(`${file}: ${broken} of ${rows} rows hold NaN or infinities. Encode those texts again.`);
  if (zero > 0)
    throw new InputError(
      `${file}: ${zero} of ${rows} rows are all zeros, which have no direction. Encode those texts again or leave them out on both sides.`,
    );
}
