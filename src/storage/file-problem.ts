/** What is wrong with a file or its disk, for the user. */
export interface FileProblem {
  readonly message: string;
  /** The message without the path, and without its full stop. */
  readonly reason: string;
  /** The reason without what to do about it. */
  readonly wrong: string;
  /** 2: the path is wrong; 3: the disk failed, and the same command may succeed once it is put right. */
  readonly exitCode: 2 | 3;
}

const PATHS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "a folder where a file is needed",
  ERR_FS_EISDIR: "a folder where a file is needed",
  ENOTDIR: "a file where a folder is needed",
  ENAMETOOLONG: "the name is longer than the disk allows",
  ELOOP: "a link that leads to itself",
};

/** What failed, and what to do about it. */
const DISKS: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the disk. Free some",
  EDQUOT: "the disk quota is used up. Free some of it",
  EFBIG: "the file is larger than the disk or a limit allows. Raise it (`ulimit -f`), or use another disk",
  EROFS: "the disk is read-only. Use one that can be written",
  EIO: "the disk failed to read or write. Look after it",
  EMFILE: "too many files are open. Raise the limit (`ulimit -n`)",
  ENFILE: "too many files are open on this machine. Close some",
  ENOMEM: "no memory is left. Free some",
  ESTALE: "it was removed, moved or replaced while it was being written. Put it back",
};

/** Calls to the system that are of files; those of sockets fail in other words. */
const OF_FILES =
  /^(open|close|read|write|fsync|fdatasync|f?truncate|rename|link|unlink|mkdir|rmdir|[lf]?stat|scandir|access|copyfile|rm)/;

/** The user's path or disk, not our bug; null for any other error. */
export function fileProblem(error: unknown): FileProblem | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  const code = String(error.code);
  const path = "path" in error ? String(error.path) : null;
  const shown = path ?? "A file could not be written";
  const failed = DISKS[code];
  const problem = (reason: string, exitCode: 2 | 3) => ({
    ...{ message: `${shown}: ${reason}.`, reason, exitCode },
    wrong: reason.replace(/\. .*/, ""),
  });
  if (failed !== undefined) return problem(failed, 3);
  const wrong = PATHS[code];
  if (wrong !== undefined) return path === null ? null : problem(wrong, 2);
  const ofFiles = path !== null && "syscall" in error && OF_FILES.test(String(error.syscall));
  return ofFiles ? problem(`the disk failed (${code}). Look after it`, 3) : null;
}

/** Adds the path to an error of an open file, which Node's file handles leave out. Gives the same error. */
export function withPath(error: unknown, path: string): unknown {
  if (error instanceof Error && "code" in error && !("path" in error)) Object.assign(error, { path });
  return error;
}

/** The system's name of an error; null for one that is none of the system's. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Whether the system says of a path that nothing is there. */
export function isNothingThere(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}
