import { sha256 } from "./hash.ts";

/** A cell of the experiment: one method on one model and dataset, one repeat. Ids are those of the rows. */
export interface CellId {
  readonly dataset: string;
  /** null: texts made elsewhere that name no model. */
  readonly model: string | null;
  readonly method: string;
  readonly repeat: number;
}

/** Bytes of a folder's name at most. Disks take 255, of a path 4,096; four of these and what stands around them fit in both. */
const MOST_BYTES = 200;

/** Hexadecimal digits of the hash that tells long names apart. */
const DIGITS = 16;

/**
 * A name as a folder: every character outside [A-Za-z0-9._-] becomes `-`, and a long name is its beginning and its hash; the true id
 * stands in the rows. Different ids may share a folder (`a/b`, `a-b`), which configs refuse.
 */
export function folderName(id: string): string {
  const safe = id.replace(/[^A-Za-z0-9._-]/gu, "-");
  if (safe.length > MOST_BYTES) return `${safe.slice(0, MOST_BYTES - DIGITS - 1)}-${sha256(id).slice(0, DIGITS)}`;
  return /^\.*$/.test(safe) ? `-${safe}` : safe; // never `.` or `..`
}

/** `<dataset>/<model>/<method>/<repeat>` in folder names; a missing model is `none`. */
export function cellPath(cell: CellId): string {
  return [cell.dataset, cell.model ?? "none", cell.method, String(cell.repeat)].map(folderName).join("/");
}
