import { CommanderError } from "commander";
import { INTERNAL_ERROR, MopbenchError } from "../core/errors.ts";
import { fileProblem } from "../storage/file-problem.ts";

/**
 * The one place where an error becomes a message and an exit code. Errors a user can meet are one message without a stack;
 * commander has printed its own by then, and what it calls an error of usage is wrong input (2). Anything else is a bug.
 */
export function explain(error: unknown): { readonly exitCode: number; readonly message: string | null } {
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2, message: null };
  if (error instanceof MopbenchError) return { exitCode: error.exitCode, message: `mopbench: ${error.message}` };
  const known = fileProblem(error);
  if (known !== null) return { exitCode: known.exitCode, message: `mopbench: ${known.message}` };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: INTERNAL_ERROR,
    message: `mopbench: internal error, a bug in mopbench. Please report it with these lines:\n${detail}`,
  };
}
