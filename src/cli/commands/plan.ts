import type { Command } from "commander";
import type { Io } from "../../core/io.ts";
import { addExperimentOptions, addOutputOptions, type ExperimentFlags } from "../options.ts";

/** `mopbench plan CONFIG`: what a run would do and cost; calls nothing. */
export function register(program: Command, io: Io): void {
  const command = program
    .command("plan <config>")
    .description("show the cells of a config, its model calls and an upper bound of tokens and cost; calls nothing")
    .addHelpText("after", "\nExample:\n  $ mopbench plan configs/quickstart.yaml --json\n")
    .action((config: string, flags: ExperimentFlags) => showPlan(config, flags, io));
  addOutputOptions(addExperimentOptions(command));
}

/** Also what `run --dry-run` prints. */
export async function showPlan(config: string, flags: ExperimentFlags, io: Io): Promise<void> {
  const { openProgress } = await import("../progress.ts");
  const { prepareExperiment } = await import("../../api/prepare.ts");
  const { planExperiment, planJson, planText } = await import("../../run/plan.ts");
  const progress = await openProgress(io, flags.quiet ?? false);
  try {
    const { env, cwd, signal, plugins } = io;
    const options = { ...flags, env, cwd, signal, plugins, on: progress.emit };
    const { experiment, registries, environment } = await prepareExperiment(config, options);
    const plan = await planExperiment(experiment, registries, environment);
    io.stdout(flags.json ? `${JSON.stringify(planJson(plan), null, 2)}\n` : planText(plan));
  } finally {
    progress.close();
  }
}
