import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { InputError } from "../core/errors.ts";
import { withPath } from "../storage/file-problem.ts";

/**
 * A regular file's bytes, no more of them than `most` + 1, however large it is by now. Opened so that a pipe nobody writes to does not
 * hold the process.
 * @param shown what errors call the file
 * @throws InputError for what is not there, may not be read, or is a folder, a pipe or a device
 */
export async function readBounded(file: string, shown: string, most: number): Promise<Uint8Array> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      if (found.isDirectory()) throw new InputError(`${shown} is a folder; name a config file.`);
      if (!found.isFile()) throw new InputError(`${shown} is a pipe or a device; name a config file.`);
      const bytes = Buffer.alloc(Math.min(found.size, most) + 1);
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(shown, withPath(error, file));
  }
}

function unreadable(shown: string, error: unknown): unknown {
  switch (error instanceof Error && "code" in error ? error.code : null) {
    case "ENOENT":
    case "ENOTDIR":
      return new InputError(`${shown}: no such config file.`);
    case "EISDIR":
      return new InputError(`${shown} is a folder; name a config file.`);
    case "EACCES":
    case "EPERM":
      return new InputError(`${shown}: permission denied.`);
    case "ENXIO":
    case "ELOOP":
    case "ENAMETOOLONG":
    case "ERR_INVALID_ARG_VALUE":
      return new InputError(`${shown} is no file; name a config file.`);
    default:
      return error;
  }
}
