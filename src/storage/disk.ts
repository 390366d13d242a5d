import { type FileHandle, link, mkdir, open, rename, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { codeOf, isNothingThere, withPath } from "./file-problem.ts";

/** A file that grows, and which one it was when it was opened. */
export interface OpenFile {
  readonly file: string;
  readonly handle: FileHandle;
  readonly identity: string;
}

/**
 * The disk: all that a run writes goes through here, but for the stores, which SQLite writes (`storage/store`), and tests make one of these fail (`vi.spyOn(disk, "write")`) where no machine
 * can be brought to. Errors are the system's own, with the path.
 */
export const disk = {
  /** @param flags as of `fs.open`: `a` to go on with a file, `wx` to make a new one */
  open: (file: string, flags: "a" | "wx") =>
    named(file, async (): Promise<OpenFile> => {
      const handle = await open(file, flags);
      return { file, handle, identity: await identityOf(() => handle.stat({ bigint: true })) };
    }),
  /** Hands bytes to the system, at the file's end. */
  write: ({ file, handle }: OpenFile, content: string | Uint8Array) => named(file, () => handle.appendFile(content)),
  /** Waits until they survive a power cut. */
  sync: ({ file, handle }: OpenFile) => named(file, () => handle.datasync()),
  truncate: ({ file, handle }: OpenFile, length: number) => named(file, () => handle.truncate(length)),
  close: ({ file, handle }: OpenFile) => named(file, () => handle.close()),
  rename: (from: string, to: string) => named(to, () => rename(from, to)),
  /** A second name of a file. @throws EEXIST where the name is taken */
  link: (from: string, to: string) => named(to, () => link(from, to)),
  /** Makes a folder and those above it. @returns the first of them that was not there */
  makeFolder: (folder: string) => named(folder, () => makeFolders(path.resolve(folder))),
};

/**
 * Makes a folder and those above it, each in its turn: Node's own recursive way never ends where the system says that there is no
 * such folder although the one above is there (/proc), and says so of a disk that is read-only.
 */
async function makeFolders(folder: string): Promise<string | undefined> {
  const missing: string[] = [];
  let at = folder;
  for (; !(await isThere(at).catch(() => false)) && at !== path.dirname(at); at = path.dirname(at)) missing.push(at);
  for (const one of missing.reverse())
    await mkdir(one).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error; // somebody else just made it
    });
  return missing[0];
}

/** Removes a file, where it is there. */
export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** The first of a folder and those above it that is not there; null: all are. */
export async function firstMissing(folder: string): Promise<string | null> {
  let first: string | null = null;
  for (let at = path.resolve(folder); !(await isThere(at).catch(() => false)); at = path.dirname(at)) {
    first = at;
    if (at === path.dirname(at)) break;
  }
  return first;
}

/** Removes an empty folder and those above it up to `first`; what holds something stays. */
export async function removeFolders(folder: string, first: string): Promise<void> {
  for (let at = path.resolve(folder); at.length >= first.length; at = path.dirname(at)) await rmdir(at).catch(() => {});
}

/** Which file stands at a path: another one after it was replaced. null: none. */
export async function identityAt(file: string): Promise<string | null> {
  try {
    return await identityOf(() => stat(file, { bigint: true }));
  } catch (error) {
    if (isNothingThere(error)) return null;
    throw withPath(error, file);
  }
}

/** Whether there is such a file or folder. */
export async function isThere(file: string): Promise<boolean> {
  return (await identityAt(file)) !== null;
}

/**
 * Sees to it that what is written to an open file can be found again: the system takes bytes for a file that nobody can open
 * any more, its folder removed, moved or replaced.
 * @throws ESTALE, as network file systems do
 */
export async function checkThere({ file, identity }: OpenFile): Promise<void> {
  if ((await identityAt(file)) === identity) return;
  throw Object.assign(new Error(`ESTALE: not the file that was opened, stat '${file}'`), {
    code: "ESTALE",
    path: file,
  });
}

async function identityOf(find: () => Promise<{ readonly dev: bigint; readonly ino: bigint }>): Promise<string> {
  const { dev, ino } = await find();
  return `${dev}/${ino}`;
}

async function named<T>(file: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw withPath(error, file);
  }
}
