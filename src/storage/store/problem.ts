import { ForeignFileError, UnopenedError } from "./database.ts";

/** What an error of the database means for its store. */
export interface StoreProblem {
  /** `damaged`: the file is not as it was written, and is made anew. `unusable`: the disk, the folder or another process is in the way. */
  readonly kind: "damaged" | "unusable";
  readonly message: string;
}

/** SQLite's result codes of what is in the way of a sound file: https://sqlite.org/rescode.html */
const IN_THE_WAY = new Set([3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 18, 22, 23]);

/** Of the failures to read (IOERR), those that say that the bytes are not there or not sound: SHORT_READ, DATA, CORRUPTFS. */
const NOT_SOUND = new Set([522, 8202, 8458]);

/** What an error of libsql's or of the file system means; null for any other, which is a bug. */
export function problemOf(error: unknown): StoreProblem | null {
  if (error instanceof ForeignFileError) return { kind: "damaged", message: error.message };
  if (error instanceof UnopenedError) return { kind: "unusable", message: error.message };
  if (!(error instanceof Error)) return null;
  if ("syscall" in error) return { kind: "unusable", message: error.message };
  if (!("rawCode" in error) || typeof error.rawCode !== "number") return null;
  const unusable = IN_THE_WAY.has(error.rawCode & 0xff) && !NOT_SOUND.has(error.rawCode);
  return { kind: unusable ? "unusable" : "damaged", message: error.message };
}
