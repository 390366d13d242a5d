import path from "node:path";
import type { Command } from "commander";
import { InputError } from "../../core/errors.ts";
import type { Io } from "../../core/io.ts";
import { inLine } from "../../core/printable.ts";
import { unknownName } from "../../core/registry.ts";
import { addOutputOptions } from "../options.ts";

interface ReportFlags {
  readonly format: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** `mopbench report RUN`: renders a run again. */
export function register(program: Command, io: Io): void {
  const command = program
    .command("report <run>")
    .description("render a run's report again, from its folder alone")
    .option("--format <list>", "html, md, csv, tex, junit, json, with commas", "html,md,csv,tex,junit")
    .addHelpText(
      "after",
      "\nExamples:\n  $ mopbench report runs/first\n  $ mopbench report runs/first --format md,csv\n\n" +
        "--json prints results.json, as --format json alone does.\n",
    )
    .action((run: string, flags: ReportFlags) => report(run, flags, io));
  addOutputOptions(command);
}

async function report(run: string, flags: ReportFlags, io: Io): Promise<void> {
  const { renderReport } = await import("../../report/render.ts");
  const { registriesOf } = await import("../plugins.ts");
  const known = (await registriesOf(io)).registries.formats;
  const formats = flags.format.split(",").map((name) => name.trim());
  for (const name of formats)
    if (!known.has(name)) throw new InputError(`--format: ${unknownName("format", name, known.names)}`);
  const dir = path.resolve(io.cwd, run);
  const files = await renderReport(dir, formats, known);
  const { readRun } = await import("../../report/run-data.ts");
  const { results, manifest, leftOut } = await readRun(dir);
  for (const sentence of leftOut) io.stderr(`warning: ${inLine(sentence)}\n`);
  if (flags.json || (formats.length === 1 && formats[0] === "json")) {
    io.stdout(`${JSON.stringify(results)}\n`);
    return;
  }
  const { showTable } = await import("../show-table.ts");
  await showTable(results, manifest, io);
  if (!flags.quiet) io.stderr(files.map((file) => `${path.join(run, path.relative(dir, file))}\n`).join(""));
}
