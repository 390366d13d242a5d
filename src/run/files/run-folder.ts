import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { readManifest } from "../../analysis/read-manifest.ts";
import type { RunManifest } from "../../analysis/run-manifest.ts";
import { folderName } from "../../core/cell.ts";
import { InputError } from "../../core/errors.ts";
import { codeOf } from "../../storage/file-problem.ts";
import { isOfLock } from "../lock/run-lock.ts";

/** Bytes of a run's path at most: disks take 4,096, of which a cell's files need up to a thousand (core/cell.ts). */
const LONGEST = 3000;

/** Where a run writes: a new folder, or one to go on with. */
export interface RunFolder {
  readonly dir: string;
  /** As the user would type it. */
  readonly shown: string;
  /** The manifest of the run to go on with; null for a new one. */
  readonly previous: RunManifest | null;
}

/** What decides about a run's folder. */
export interface WantedFolder {
  readonly out?: string | undefined;
  readonly resume?: string | undefined;
  readonly cwd: string;
  readonly name: string;
  readonly configHash: string;
  /** Milliseconds since 1970, for a folder that nobody named. */
  readonly now: number;
}

/** Where a run's folder is, or would be. @throws InputError when `out` and `resume` are given, and for a path that is too long */
export function placeOf({ out, resume, cwd, name, now }: WantedFolder): Pick<RunFolder, "dir" | "shown"> {
  if (out !== undefined && resume !== undefined)
    throw new InputError("--out and --resume exclude each other: --resume writes to the folder it goes on with.");
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(":", "-");
  const shown = resume ?? out ?? path.join("runs", `${folderName(name)}-${time}`);
  const dir = path.resolve(cwd, shown);
  if (resume === undefined && Buffer.byteLength(dir) > LONGEST)
    throw new InputError(`--out: a path of ${Buffer.byteLength(dir)} bytes; ${LONGEST} leave room for a run's files.`);
  return { shown, dir };
}

/**
 * Finds the run's folder; makes nothing yet.
 * @throws InputError when `out` exists and is not empty, when `resume` is not there, no run's folder or another config's, when both
 * are given
 */
export async function findRunFolder(wanted: WantedFolder): Promise<RunFolder> {
  const { dir, shown } = placeOf(wanted);
  if (wanted.resume !== undefined) return findResumed(shown, dir, wanted.configHash);
  if (((await entries(shown, dir)) ?? []).length > 0)
    throw new InputError(
      `${shown} exists and is not empty. Name another folder with --out, or go on with it: --resume ${shown}`,
    );
  return { dir, shown, previous: null };
}

async function findResumed(shown: string, dir: string, configHash: string): Promise<RunFolder> {
  const found = await entries(shown, dir);
  // A name that is misspelt: a new run would pay for everything again.
  if (found === null)
    throw new InputError(
      `--resume: there is no folder ${shown}; name the run's folder, or begin a run with --out ${shown}.`,
    );
  // What a run that was killed at once can leave behind: nothing, the manifest's temporary file, or what a probe spent.
  const begun = found.filter((entry) => !/^(run\.json\..*\.tmp|budget\.json(\..*\.tmp)?)$/.test(entry));
  if (begun.length === 0) return { dir, shown, previous: null };
  if (!begun.includes("run.json")) throw new InputError(`${shown} is no run's folder: it has no run.json.`);
  const { manifest: previous, sealed } = await readManifest(dir, shown);
  if (!sealed)
    throw new InputError(
      `${shown} was begun by a former version of mopbench, whose files carry no checksums; start anew with --out: answers that the cache holds are not asked for again.`,
    );
  if (previous.configHash !== configHash)
    throw new InputError(
      `${shown} was made with another config, other flags or another version of mopbench (with \`tokenizer: words\`: of Node's ICU); going on would mix two experiments. ` +
        "Use the same config, seed, --limit and --only, or start anew with --out.",
    );
  return { dir, shown, previous };
}

/** Takes back what a run wrote into a folder that was empty before it; its lock stays. */
export async function emptyRunFolder({ dir, shown }: RunFolder): Promise<void> {
  for (const entry of (await entries(shown, dir)) ?? [])
    await rm(path.join(dir, entry), { recursive: true, force: true });
}

/** What lies in a folder, the lock of a run left out; null where there is none. */
async function entries(shown: string, dir: string): Promise<string[] | null> {
  try {
    return (await readdir(dir)).filter((name) => !isOfLock(name));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    if (codeOf(error) === "ENOTDIR") throw new InputError(`${shown} is a file; a run needs a folder.`);
    throw error;
  }
}
