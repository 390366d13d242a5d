import { constants as bufferConstants } from "node:buffer";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { InputError } from "../core/errors.ts";
import { codeOf, fileProblem, isNothingThere, withPath } from "./file-problem.ts";

/** A file that was opened to be read. */
export interface RegularFile {
  readonly handle: FileHandle;
  /** Bytes that it had then. */
  readonly size: number;
}

/** What one file may hold that is read whole. */
const MOST_BYTES = 2 ** 31 - 1;
/** What one may hold that is read whole as text. */
export const MOST_TEXT_BYTES = bufferConstants.MAX_STRING_LENGTH;
/** What one read may. */
const AT_ONCE = 2 ** 30;

/**
 * Opens a file to be read. All that somebody else may have named or put there is opened here: what has no end that is known is
 * refused, and a pipe that nobody writes to does not hold the process.
 * @param shown what errors call the file
 * @throws InputError for a folder, a pipe, a socket or a device; the system's own error where nothing can be opened
 */
export async function openRegular(file: string, shown: string = file): Promise<RegularFile> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (codeOf(error) === "EISDIR") throw folder(shown);
    if (codeOf(error) === "ENXIO") throw endless(shown); // a socket
    throw error;
  });
  try {
    const found = await handle.stat();
    if (found.isDirectory()) throw folder(shown);
    if (!found.isFile()) throw endless(shown);
    return { handle, size: found.size };
  } catch (error) {
    await handle.close();
    throw withPath(error, file);
  }
}

/** Refuses what `openRegular` does. */
export async function checkRegular(file: string, shown: string = file): Promise<void> {
  const { handle } = await openRegular(file, shown);
  await handle.close();
}

/** How much of a file is read at all. */
interface ReadBounds {
  /** What errors call the file. */
  readonly shown?: string;
  /** Bytes; a larger one is refused unread. @default 2 GB, what one buffer holds */
  readonly most?: number;
  /** What is then thrown. */
  readonly tooLarge?: () => InputError;
}

/**
 * A file's bytes; what is added to it meanwhile is not read.
 * @throws InputError as `openRegular`, and for more than `most` bytes; the system's own error
 */
export async function readRegular(
  file: string,
  { shown = file, most = MOST_BYTES, tooLarge }: ReadBounds = {},
): Promise<Buffer> {
  const { handle, size } = await openRegular(file, shown);
  try {
    if (size > most) throw tooLarge?.() ?? new InputError(`${shown} is larger than ${Math.round(most / 2 ** 20)} MB.`);
    const bytes = Buffer.alloc(size);
    let length = 0;
    for (let read = -1; read !== 0 && length < size; length += read)
      read = (await handle.read(bytes, length, Math.min(size - length, AT_ONCE), length)).bytesRead;
    return bytes.subarray(0, length);
  } catch (error) {
    throw withPath(error, file);
  } finally {
    await handle.close();
  }
}

/** As `readRegular`, for a file that the user names. @throws InputError too where it is not there or may not be read */
export async function readGiven(file: string, bounds: ReadBounds = {}): Promise<Buffer> {
  try {
    return await readRegular(file, bounds);
  } catch (error) {
    throw unreadable(bounds.shown ?? file, error);
  }
}

/** What a failed read means to the user who named the file: the error to throw in place of the system's. Others pass. */
export function unreadable(shown: string, error: unknown): unknown {
  const code = codeOf(error);
  if (isNothingThere(error)) return new InputError(`There is no file ${shown}.`, { cause: error });
  if (code === "EISDIR") return folder(shown);
  // A name with a NUL, which no file has.
  if (code === "ERR_INVALID_ARG_VALUE") return new InputError(`There is no file ${shown}.`, { cause: error });
  const problem = fileProblem(error);
  return problem?.exitCode === 2
    ? new InputError(`${shown} cannot be read: ${problem.reason}.`, { cause: error })
    : error;
}

function folder(shown: string): InputError {
  return new InputError(`${shown} is a folder; a file is needed.`);
}

function endless(shown: string): InputError {
  return new InputError(`${shown} is a pipe or a device; a file is needed, which has an end.`);
}
