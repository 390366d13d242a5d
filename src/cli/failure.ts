import { CommanderError } from "commander";
import { MopbenchError } from "../core/errors.ts";

/** What a bug of ours ends with (EX_SOFTWARE), so that a gate's 1 never means a crash. The codes of outcomes are 0, 1, 2, 3 and 130. */
export const INTERNAL_ERROR = 70;

/**
 * The one place where an error becomes a message and an exit code. Errors a user can meet are one message without a stack;
 * commander has printed its own by then, and what it calls an error of usage is wrong input (2). Anything else is a bug.
 */
export function explain(error: unknown): { readonly exitCode: number; readonly message: string | null } {
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2, message: null };
  if (error instanceof MopbenchError) return { exitCode: error.exitCode, message: `mopbench: ${error.message}` };
  const known = fileProblem(error);
  if (known !== null) return { exitCode: 2, message: `mopbench: ${known}` };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: INTERNAL_ERROR,
    message: `mopbench: internal error, a bug in mopbench. Please report it with these lines:\n${detail}`,
  };
}

/** The user's disk, not our bug: no such file, no permission, no space. */
function fileProblem(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || !("path" in error)) return null;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "no such file or folder",
    EACCES: "permission denied",
    EPERM: "permission denied",
    EISDIR: "a folder where a file is needed",
    ENOTDIR: "a file where a folder is needed",
    ENOSPC: "no space left on the disk",
    EROFS: "the disk is read-only",
  };
  const reason = reasons[String(error.code)];
  return reason === undefined ? null : `${String(error.path)}: ${reason}.`;
}
