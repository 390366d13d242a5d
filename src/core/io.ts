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

/** The process's own streams, environment and folder. */
export function processIo(signal: AbortSignal, plugins: readonly string[] = []): Io {
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    terminal: process.stderr.isTTY === true,
    columns: process.stdout.isTTY === true ? process.stdout.columns : null,
    env: process.env,
    cwd: process.cwd(),
    plugins,
    signal,
  };
}
