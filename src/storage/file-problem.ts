/** What is wrong with a file or its disk, for the user. */
export interface FileProblem {
  readonly message: string;
  /** 2: the path is wrong; 3: the disk failed, and the same command may succeed once it is put right. */
  readonly exitCode: 2 | 3;
}

const PATHS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "a folder where a file is needed",
  ENOTDIR: "a file where a folder is needed",
  ENAMETOOLONG: "the name is longer than the disk allows",
  ELOOP: "a link that leads to itself",
};

const DISKS: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is larger than the disk or a limit allows",
  EROFS: "the disk is read-only",
  EIO: "the disk failed to read or write",
};

/** The user's path or disk, not our bug; null for any other error. */
export function fileProblem(error: unknown): FileProblem | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  const code = String(error.code);
  const path = "path" in error ? String(error.path) : null;
  const failed = DISKS[code];
  if (failed !== undefined) return { message: `${path ?? "A file could not be written"}: ${failed}.`, exitCode: 3 };
  const wrong = PATHS[code];
  return wrong === undefined || path === null ? null : { message: `${path}: ${wrong}.`, exitCode: 2 };
}

/** Adds the path to an error of an open file, which Node's file handles leave out. Gives the same error. */
export function withPath(error: unknown, path: string): unknown {
  if (error instanceof Error && "code" in error && !("path" in error)) Object.assign(error, { path });
  return error;
}
