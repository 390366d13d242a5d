import { readdir } from "node:fs/promises";
import path from "node:path";
import { temporaryOf } from "../../storage/atomic.ts";
import { removeFile } from "../../storage/disk.ts";
import { codeOf } from "../../storage/file-problem.ts";

/** What only who holds the run's lock writes: a report may be rendered at any time. */
const OF_THE_RUN: ReadonlySet<string> = new Set(["run.json", "budget.json", "maps.json", "results.json"]);
const FOLDERS = ["cells", "artifacts"];

/** Removes the temporary files that a killed process of a run left in its folder, whose lock is held. Folders and files of others stay. */
export async function removeLeftBehind(dir: string): Promise<void> {
  for (const name of await namesIn(dir))
    if (OF_THE_RUN.has(temporaryOf(name) ?? "")) await removeFile(path.join(dir, name));
  for (const folder of FOLDERS)
    for (const name of await namesIn(path.join(dir, folder), true))
      if (temporaryOf(path.basename(name)) !== null) await removeFile(path.join(dir, folder, name));
}

/** The files of a folder, by their path below it; none where there is no such folder. */
async function namesIn(dir: string, recursive = false): Promise<string[]> {
  const found = await readdir(dir, { recursive, withFileTypes: true }).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return [];
    throw error;
  });
  const files = found.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)));
}
