import { access } from "node:fs/promises";
import path from "node:path";
import { type CellId, cellPath } from "../../core/cell.ts";
import { InputError } from "../../core/errors.ts";
import { cellDir } from "./cell-files.ts";
import type { RunFiles } from "./run-files.ts";
import { whatIsLost } from "./samples.ts";

/** Whether there is such a file or folder. */
async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/**
 * Refuses to go on where answers that were paid for are lost, before anything is spent: what costs nothing is made again, answers
 * are asked for again only where the user says so, who removes the whole folder of a cell: it is then one that was not begun.
 * @throws InputError naming the first cell whose samples are not as the run wrote them, and what to do
 */
export async function checkCells(files: RunFiles, shown: string, cells: readonly CellId[]): Promise<void> {
  const lost: { readonly cell: CellId; readonly what: string }[] = [];
  for (const cell of cells) {
    const dir = cellDir(files.dir, cell);
    if (!(await isThere(dir))) files.forget(dir);
    const what = await whatIsLost(files, dir);
    if (what !== null) lost.push({ cell, what });
  }
  const [first] = lost;
  if (first === undefined) return;
  const others = lost.length === 1 ? "" : ` (and ${lost.length - 1} more cells are like it)`;
  throw new InputError(
    `${path.join(shown, first.what)}${others}; put it back, or remove the folder ${path.join(shown, "cells", cellPath(first.cell))} to have its texts asked for again.`,
  );
}
