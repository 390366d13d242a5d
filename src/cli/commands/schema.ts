import type { Command } from "commander";
import type { Io } from "../../core/io.ts";

/** `mopbench schema`: the JSON schema of configs, for editors, with the plug-ins that are loaded. */
export function register(program: Command, io: Io): void {
  program
    .command("schema")
    .description("print the JSON schema of configs, with every name that the loaded plug-ins bring")
    .option("--config <file>", "load this config's plug-ins as well")
    .option("--quiet", "no progress on stderr, only warnings and errors")
    .option("--json", "JSON alone on stdout, as without it")
    .addHelpText(
      "after",
      "\nExamples:\n  $ mopbench schema > schema.json\n  $ mopbench --plugin ./mine.ts schema > schema.json\n",
    )
    .action(async ({ config }: { readonly config?: string }) => {
      const { registriesOf } = await import("../plugins.ts");
      const { configJsonSchema } = await import("../../run/config-schema.ts");
      const loaded =
        config === undefined ? null : await (await import("../../config/load.ts")).loadConfig(config, io.cwd, io.env);
      const { registries } = await registriesOf(io, loaded?.config.plugins, loaded?.baseDir);
      io.stdout(`${JSON.stringify(await configJsonSchema(registries), null, 2)}\n`);
    });
}
