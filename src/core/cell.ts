/** A cell of the experiment: one method on one model and dataset, one repeat. Ids are those of the rows. */
export interface CellId {
  readonly dataset: string;
  /** null: texts made elsewhere that name no model. */
  readonly model: string | null;
  readonly method: string;
  readonly repeat: number;
}

/** A name as a folder: every character outside [A-Za-z0-9._-] becomes `-`; the true id stands in the rows. */
export function folderName(id: string): string {
  const safe = id.replace(/[^A-Za-z0-9._-]/gu, "-");
  return /^\.*$/.test(safe) ? `-${safe}` : safe; // never `.` or `..`
}

/** `<dataset>/<model>/<method>/<repeat>` in folder names; a missing model is `none`. */
export function cellPath(cell: CellId): string {
  return [cell.dataset, cell.model ?? "none", cell.method, String(cell.repeat)].map(folderName).join("/");
}
