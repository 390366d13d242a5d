import type { Command } from "commander";
import type { Io } from "../../core/io.ts";
import type { CheckFlags } from "../check-model.ts";
import { addOutputOptions } from "../options.ts";

/** `mopbench models check MODEL`: what a model or endpoint can really do. */
export function register(program: Command, io: Io): void {
  const models = program.command("models").description("look at base models");
  const check = models
    .command("check <model>")
    .description("ask a model what it really can: answers, seeds, instructions, log-probabilities of prompts")
    .option("--base-url <url>", "server of an openai: model")
    .option("--api-key-env <name>", "environment variable that holds the key")
    .option("--api <route>", "chat or completions, of an openai: model")
    .option("--offline", "refuse every call out")
    .addHelpText(
      "after",
      "\nExamples:\n  $ mopbench models check openai:my-model --base-url http://127.0.0.1:8000/v1 --api completions\n  $ mopbench models check '{openai: {model: my-model, baseUrl: \"http://127.0.0.1:8000/v1\"}}'\n",
    )
    .action(async (model: string, flags: CheckFlags) => {
      const { checkCommand } = await import("../check-model.ts");
      await checkCommand(model, flags, io);
    });
  addOutputOptions(check);
}
