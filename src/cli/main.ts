import { Command } from "commander";
import { packageVersion } from "../storage/package-root.ts";
import { explain } from "./failure.ts";
import { type Io, processIo } from "./io.ts";

/** A file of commands/: adds its command to the program. Heavy imports belong inside its action. */
export interface CommandModule {
  register(program: Command, io: Io): void;
}

/** One line a command. Only the named command's file is loaded; `--help` loads all of them, so they must be light. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  run: () => import("./commands/run.ts"),
  plan: () => import("./commands/plan.ts"),
  report: () => import("./commands/report.ts"),
  score: () => import("./commands/score.ts"),
  data: () => import("./commands/data.ts"),
  models: () => import("./commands/models.ts"),
  cache: () => import("./commands/cache.ts"),
};

/**
 * Parses `argv` (without node and script), runs the command and returns the exit code of the contract. Messages go to
 * `io.stderr`; never throws.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const program = new Command("mopbench")
      .description("Simulates populations with Mixture of Personas and holds it against other ways of prompting.")
      .version(packageVersion())
      .exitOverride()
      .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: (text) => io.stderr(text) })
      .helpCommand(false)
      .addHelpText("after", "\nExample:\n  $ mopbench run configs/quickstart.yaml\n");
    const named = COMMANDS[argv[0] ?? ""];
    const modules = named === undefined ? Object.values(COMMANDS) : [named];
    for (const load of modules) (await load()).register(program, io);
    if (argv.length === 0) {
      io.stderr(program.helpInformation());
      return 2;
    }
    await program.parseAsync(argv, { from: "user" });
    return 0;
  } catch (error) {
    const { exitCode, message } = explain(error);
    if (message !== null) io.stderr(`${message}\n`);
    return exitCode;
  }
}

/** The process's entry: the first Ctrl-C asks for a clean stop, the second ends at once. */
export async function run(): Promise<void> {
  const interrupt = new AbortController();
  const stop = () => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
    process.stderr.write("\nStopping; what is finished stays on disk. Once more to stop at once.\n");
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0); // `| head` closed the pipe: nobody reads on
    throw error;
  });
  process.exitCode = await main(process.argv.slice(2), processIo(interrupt.signal));
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
}
