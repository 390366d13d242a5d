import { InputError } from "../../core/errors.ts";

/** What a failed read means to a user: the error to throw in place of the system's. Errors that are not the system's pass. */
export function unreadable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  switch (error.code) {
    case "ENOENT":
      return new InputError(`There is no file ${file}.`, { cause: error });
    case "EISDIR":
      return new InputError(`${file} is a folder; a file is needed.`, { cause: error });
    case "EACCES":
    case "EPERM":
      return new InputError(`${file} may not be read: ${error.message}.`, { cause: error });
    default:
      return error;
  }
}
