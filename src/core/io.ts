import { RunFailedError } from "./errors.ts";
import type { Output } from "./output.ts";

/** What a command may touch of the process; tests hand in their own. */
export interface Io {
  /** The result: JSON alone with --json. `painted`: its texts are safe for a terminal, and colors of ours are among them. */
  stdout(text: string, painted?: boolean): void;
  /** Everything else. */
  stderr(text: string): void;
  /** Whether stderr is a terminal: live bars there, plain lines elsewhere. */
  readonly terminal: boolean;
  /** Columns of the terminal on stdout, or null when it is not one. */
  readonly columns: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths of flags and arguments start here. */
  readonly cwd: string;
  /** Plug-ins that `--plugin` names: files or packages, paths relative to `cwd`. */
  readonly plugins?: readonly string[];
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The process's own streams. */
export interface ProcessOutputs {
  readonly stdout: Output;
  readonly stderr: Output;
}

/** The process's own streams, environment and folder. @throws RunFailedError when the folder is gone */
export function processIo(
  { stdout, stderr }: ProcessOutputs,
  signal: AbortSignal,
  plugins: readonly string[] = [],
): Io {
  return {
    stdout: stdout.write,
    stderr: stderr.write,
    terminal: process.stderr.isTTY === true,
    columns: process.stdout.isTTY === true ? process.stdout.columns : null,
    env: process.env,
    cwd: workingFolder(),
    plugins,
    signal,
  };
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new RunFailedError("The working folder is gone. Change to one that is there, then give the same command.", {
      cause: error,
    });
  }
}
