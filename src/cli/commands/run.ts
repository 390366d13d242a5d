import path from "node:path";
import type { Command } from "commander";
import type { Io } from "../../core/io.ts";
import { addExperimentOptions, addOutputOptions, type ExperimentFlags } from "../options.ts";
import { showPlan } from "./plan.ts";

interface RunFlags extends ExperimentFlags {
  readonly out?: string;
  readonly resume?: string;
  readonly dryRun?: boolean;
  readonly keepPrompts?: boolean;
  readonly record?: string;
  readonly replay?: string;
}

/** `mopbench run CONFIG`: plan, fit, generate, score, report. */
export function register(program: Command, io: Io): void {
  const command = program
    .command("run <config>")
    .description("run a config: fit, generate, score, report")
    .option("--out <dir>", "the run's folder; must be new or empty (default: runs/<name>-<time>)")
    .option("--resume <dir>", "go on with a run that was stopped; finished work is not done again")
    .option("--dry-run", "show the plan and stop; calls nothing")
    .option("--record <file>", "write every answer of a model to this new file, for --replay")
    .option("--replay <file>", "take every answer from a recording: no server, no key, the same bytes")
    .option("--keep-prompts", "keep the rendered prompt beside every sample")
    .addHelpText(
      "after",
      "\nExamples:\n  $ mopbench run configs/quickstart.yaml --out runs/first\n  $ mopbench run configs/quickstart.yaml --resume runs/first\n",
    )
    .action((config: string, flags: RunFlags) =>
      flags.dryRun ? showPlan(config, flags, io) : start(config, flags, io),
    );
  addOutputOptions(addExperimentOptions(command));
}

async function start(config: string, { quiet, json, dryRun: _, ...options }: RunFlags, io: Io): Promise<void> {
  const { openProgress } = await import("../progress.ts");
  const { run } = await import("../../api/run.ts");
  const progress = await openProgress(io, quiet ?? false);
  try {
    const { env, cwd, signal, plugins } = io;
    const result = await run(config, { ...options, env, cwd, signal, plugins, on: progress.emit });
    progress.close();
    const results = { schema: 1, rows: result.rows, comparisons: result.comparisons } as const;
    if (json) {
      io.stdout(`${JSON.stringify(results)}\n`);
      return;
    }
    const { showTable } = await import("../show-table.ts");
    await showTable(results, result.manifest, io);
    io.stdout(`\nReport: ${path.join(result.shown, "report", "index.html")}\n`);
  } finally {
    progress.close();
  }
}
