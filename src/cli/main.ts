import { Command as Program } from "commander";
import { InputError } from "../core/errors.ts";
import { type Io, processIo } from "../core/io.ts";
import { LazyRegistry } from "../core/lazy-registry.ts";
import { Output } from "../core/output.ts";
import type { Command } from "../plugins/command.ts";
import { packageVersion } from "../storage/package-root.ts";
import { commands } from "./commands/registry.ts";
import { explain, usageError } from "./failure.ts";
import { safeIo } from "./safe-io.ts";

/**
 * Parses `argv` (without node and script), runs the command and returns the exit code. Messages go to
 * stderr; never throws.
 */
export async function main(argv: readonly string[], given: Io): Promise<number> {
  const io = safeIo(given);
  try {
    const program = new Program("mopbench")
      .description("Simulates populations with Mixture of Personas and holds it against other ways of prompting.")
      .version(packageVersion())
      .exitOverride()
      .configureOutput({
        writeOut: (text) => io.stdout(text),
        writeErr: (text) => io.stderr(text),
        outputError: (text, write) => write(usageError(text)),
      })
      .helpCommand(false)
      .option("--plugin <file>", "a file or package that adds to mopbench; may be given again")
      .addHelpText("after", "\nExample:\n  $ mopbench run configs/quickstart.yaml\n");
    const { plugins, rest } = takePlugins(argv);
    const named = { ...io, plugins: [...(io.plugins ?? []), ...plugins] };
    const known = await commandsOf(named);
    const wanted = known.has(rest[0] ?? "") ? rest.slice(0, 1) : known.names;
    for (const name of wanted) (await known.load(name)).register(program, named);
    if (rest.length === 0) {
      io.stderr(program.helpInformation());
      return 2;
    }
    await program.parseAsync(rest, { from: "user" });
    return 0;
  } catch (error) {
    const { exitCode, message } = explain(error);
    if (message !== null) io.stderr(`${message}\n`);
    return exitCode;
  }
}

/** The commands of mopbench and of the plug-ins named on the command line, which are loaded for nothing else here. */
async function commandsOf(io: Io): Promise<LazyRegistry<Command>> {
  if (io.plugins === undefined || io.plugins.length === 0) return new LazyRegistry("command", commands);
  const { registriesOf } = await import("./plugins.ts");
  const { guarded } = await import("../plugins/guard.ts");
  const { plugins } = await registriesOf(io);
  return new LazyRegistry("command", [
    ...commands,
    ...plugins.flatMap(({ plugin }) => (plugin.commands ?? []).map((entry) => guarded(plugin.name, "commands", entry))),
  ]);
}

/** Takes `--plugin FILE` out, wherever it stands: what it adds must be there before a command is looked for. */
function takePlugins(argv: readonly string[]): {
  readonly plugins: readonly string[];
  readonly rest: readonly string[];
} {
  const plugins: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    const equals = word.startsWith("--plugin=");
    if (!equals && word !== "--plugin") {
      rest.push(word);
      continue;
    }
    const spec = equals ? word.slice("--plugin=".length) : argv[++i];
    if (spec === undefined || spec === "") throw new InputError("--plugin: name a file or a package.");
    plugins.push(spec);
  }
  return { plugins, rest };
}

/**
 * The process's entry: the first Ctrl-C asks for a clean stop, the second ends at once. A result that did not get out is a failure
 * (3), and never a check's no (1); where its reader wants no more of it (`| head`), nothing is said.
 */
export async function run(): Promise<void> {
  const interrupt = new AbortController();
  const [stdout, stderr] = [new Output(process.stdout), new Output(process.stderr)];
  const stop = () => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
    stderr.write("\nStopping; what is finished stays on disk. Once more to stop at once.\n");
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const code = await started(() => processIo({ stdout, stderr }, interrupt.signal), stderr);
  const lost = await stdout.end();
  if (lost !== null) stderr.write(`mopbench: stdout: ${lost}. What was printed is not complete.\n`);
  await stderr.end();
  process.exitCode = lost !== null && code <= 1 ? 3 : code;
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
}

async function started(open: () => Io, stderr: Output): Promise<number> {
  let io: Io;
  try {
    io = open();
  } catch (error) {
    const { exitCode, message } = explain(error);
    if (message !== null) stderr.write(`${message}\n`);
    return exitCode;
  }
  return main(process.argv.slice(2), io);
}
