import path from "node:path";
import { type CellId, cellPath, folderName } from "../../core/cell.ts";
import { InputError } from "../../core/errors.ts";
import { isThere } from "../../storage/disk.ts";
import type { RunFiles } from "./run-files.ts";
import { whatIsLost } from "./samples.ts";

/**
 * Refuses to go on where answers that were paid for are lost, before anything is spent: what costs nothing is made again, answers
 * are asked for again only where the user says so, who removes the whole folder of a cell: it is then one that was not begun.
 * @param shown the run's folder as the user would type it
 * @throws InputError naming the first cell whose samples are not as the run wrote them, and what to do
 */
export async function checkCells(files: RunFiles, shown: string, cells: readonly CellId[]): Promise<void> {
  await checkFolders(files, shown, new Set(cells.map((cell) => `cells/${cellPath(cell)}`)));
}

/**
 * As `checkCells`, of the cells that run.json has finished files of: nothing but the folder needs to be known.
 * @param madeElsewhere ids of the methods whose texts cost nothing
 */
export async function checkKept(files: RunFiles, shown: string, madeElsewhere: readonly string[]): Promise<void> {
  const free = new Set(madeElsewhere.map(folderName));
  const folders = Object.keys(files.sums).flatMap((name) => {
    const [, folder, method = ""] = OF_CELL.exec(name) ?? [];
    return folder === undefined || free.has(method) ? [] : [folder];
  });
  await checkFolders(files, shown, new Set(folders));
}

/** What a cell is made of: data set, model, method, repeat. */
const OF_CELL = /^(cells\/[^/]+\/[^/]+\/([^/]+)\/[^/]+)\/(?:samples|calls)\.jsonl$/;

/** @param folders below the run's, with slashes */
async function checkFolders(files: RunFiles, shown: string, folders: ReadonlySet<string>): Promise<void> {
  const lost: { readonly folder: string; readonly what: string }[] = [];
  for (const folder of folders) {
    const dir = path.join(files.dir, folder);
    if (!(await isThere(dir))) files.forget(dir);
    const what = await whatIsLost(files, dir);
    if (what !== null) lost.push({ folder, what });
  }
  const [first] = lost;
  if (first === undefined) return;
  const others = lost.length === 1 ? "" : ` (and ${lost.length - 1} more cells are like it)`;
  throw new InputError(
    `${path.join(shown, first.what)}${others}; put it back, or remove the folder ${path.join(shown, first.folder)} to have its texts asked for again.`,
  );
}
