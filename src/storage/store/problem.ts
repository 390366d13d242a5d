import { accessSync, constants } from "node:fs";
import { fileProblem } from "../file-problem.ts";
import { ForeignFileError, UnopenedError } from "./database.ts";

/** What an error of the database means for its store. */
export interface StoreProblem {
  /** `damaged`: the file is not as it was written, and is made anew. `unusable`: the disk, the folder or another process is in the way. */
  readonly kind: "damaged" | "unusable";
  /** In words, without a full stop. */
  readonly message: string;
}

const READ_ONLY = 8;
const NOT_OPENED = 14;

/** What is in the way of a sound file, by SQLite's result codes: https://sqlite.org/rescode.html */
const IN_THE_WAY: ReadonlyMap<number, string> = new Map([
  [3, "permission denied"],
  [4, "the work was ended"],
  [5, "another process does not let go of it"],
  [6, "another process does not let go of it"],
  [7, "no memory is left"],
  [READ_ONLY, "the file is read-only"],
  [9, "the work was ended"],
  [10, "the disk failed to read or write"],
  [13, "no space left on the disk"],
  [NOT_OPENED, "the file cannot be opened or made"],
  [15, "the disk does not let files be locked"],
  [18, "a value is larger than SQLite takes"],
  [22, "the disk takes no files of that size"],
  [23, "permission denied"],
]);

/** Of the failures to write (IOERR), those of a disk without room, or a limit: WRITE, SHMSIZE. */
const NO_ROOM = new Set([778, 4874]);

/** Of the failures to read (IOERR), those that say that the bytes are not there or not sound: SHORT_READ, DATA, CORRUPTFS. */
const NOT_SOUND = new Set([522, 8202, 8458]);

/** What damage is called, of whatever kind. SQLite's own words are of pages and trees. */
export const DAMAGE = "the file is not as it was written";

/**
 * What an error of libsql's or of the file system means; null for any other, which is a bug.
 * @param folder where the file lies; it may be what is in the way
 */
export function problemOf(error: unknown, folder: string): StoreProblem | null {
  if (error instanceof ForeignFileError) return { kind: "damaged", message: error.message };
  if (error instanceof UnopenedError) return { kind: "unusable", message: refusal(folder) ?? error.message };
  if (!(error instanceof Error)) return null;
  if ("syscall" in error) return { kind: "unusable", message: fileProblem(error)?.wrong ?? error.message };
  if (!("rawCode" in error) || typeof error.rawCode !== "number") return null;
  const code = error.rawCode & 0xff;
  const words = NOT_SOUND.has(error.rawCode) ? undefined : IN_THE_WAY.get(code);
  if (words === undefined) return { kind: "damaged", message: DAMAGE };
  if (NO_ROOM.has(error.rawCode)) return { kind: "unusable", message: "the disk takes no more" };
  const refused = code === READ_ONLY || code === NOT_OPENED ? refusal(folder) : null;
  return { kind: "unusable", message: refused ?? words };
}

/** Why nothing can be written to a folder; null where that is not what is wrong. */
function refusal(folder: string): string | null {
  try {
    accessSync(folder, constants.W_OK);
    return null;
  } catch (error) {
    return fileProblem(error)?.wrong ?? null;
  }
}
