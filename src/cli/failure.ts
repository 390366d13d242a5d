import { CommanderError } from "commander";
import { INTERNAL_ERROR, InputError, MopbenchError } from "../core/errors.ts";
import { inLine } from "../core/printable.ts";
import { fileProblem } from "../storage/file-problem.ts";

/**
 * The one place where an error becomes a message and an exit code. Errors a user can meet are one message without a stack;
 * commander has printed its own by then, and what it calls an error of usage is wrong input (2). Anything else is a bug.
 */
export function explain(error: unknown): { readonly exitCode: number; readonly message: string | null } {
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2, message: null };
  if (error instanceof MopbenchError) return { exitCode: error.exitCode, message: `mopbench: ${messageOf(error)}` };
  const known = fileProblem(error);
  if (known !== null) return { exitCode: known.exitCode, message: `mopbench: ${inLine(known.message)}` };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: INTERNAL_ERROR,
    message: `mopbench: internal error, a bug in mopbench. Please report it with these lines:\n${detail}`,
  };
}

/** The lines of an error's own; what a file, a server or the user wrote begins none. */
function messageOf(error: MopbenchError): string {
  // A copy of the class that a plug-in brought may be of a version without lines.
  const lines = error instanceof InputError && Array.isArray(error.lines) ? error.lines : [error.message];
  return lines.map(inLine).join("\n");
}

/** Commander's message: its guess stands in a line of its own, all else is one line, whatever it quotes. */
export function usageError(text: string): string {
  const lines = text.split(/\n(?=\(Did you mean )/);
  return `${lines.map(inLine).join("\n")}\n`;
}
