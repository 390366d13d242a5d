import { InputError } from "../../core/errors.ts";
import { nearestName } from "../../core/registry.ts";

/** One row and where it stands. */
export interface TableRow {
  /** `file:line` (Parquet and JSON: `file, row i`): how errors name the row. */
  readonly where: string;
  readonly values: Record<string, unknown>;
}

export interface ReadOptions {
  /** The columns a reader will look at: one that the file lacks is an error. CSV and Parquet give no others. Absent or empty: all. */
  readonly columns?: readonly string[];
  /** What stands between the fields of a CSV file; detected when absent (TSV: a tab). For no other format. */
  readonly delimiter?: string;
  /** Told what a user should know of the reading: a delimiter that was detected and is no comma. */
  readonly onNote?: (message: string) => void;
}

/** @throws InputError when one of the wanted columns is not among those present, naming the nearest. */
export function requireColumns(where: string, wanted: readonly string[], present: readonly string[]): void {
  const known = new Set(present);
  for (const column of wanted) {
    if (known.has(column)) continue;
    const near = nearestName(column, present);
    const hint = near === null ? "" : ` Did you mean \`${near}\`?`;
    throw new InputError(`${where}: no column \`${column}\`.${hint} There are: ${listOf(present)}.`);
  }
}

/** Names in a message at most. */
const SHOWN = 30;

function listOf(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The parsed value as a row. @throws InputError when it is not an object, or lacks a wanted column. */
export function objectRow(where: string, value: unknown, columns: readonly string[] = []): TableRow {
  if (!isObject(value)) throw new InputError(`${where}: expected an object with columns, found ${kindOf(value)}.`);
  requireColumns(where, columns, Object.keys(value));
  return { where, values: value };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The kind of a JSON value, for messages: "a number", "null". */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
