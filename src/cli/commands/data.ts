import type { Command } from "commander";
import type { Io } from "../../core/io.ts";
import { addOutputOptions, wholeNumber } from "../options.ts";
import type { DataFlags } from "../show-data.ts";

/** `mopbench data list` and `data show NAME`: the datasets by name, their cards and licenses, and a look at rows. */
export function register(program: Command, io: Io): void {
  const data = program.command("data").description("list datasets, or look into one");
  const list = data
    .command("list")
    .description("the datasets a config can name, with source and license")
    .addHelpText("after", "\nExample:\n  $ mopbench data list\n")
    .action(async (flags: DataFlags) => {
      const { listDatasets } = await import("../show-data.ts");
      await listDatasets(flags, io);
    });
  const show = data
    .command("show <name>")
    .description("a dataset's card, its parts and some rows; a file of your own as file:PATH or {file: {...}}")
    .option("--rows <n>", "rows to show, from the start of train", wholeNumber(0), 5)
    .addHelpText(
      "after",
      "\nExamples:\n  $ mopbench data show townsquare --rows 10\n  $ mopbench data show '{file: {path: reviews.csv, text: review, label: stars}}'\n",
    )
    .action(async (name: string, flags: DataFlags) => {
      const { showDataset } = await import("../show-data.ts");
      await showDataset(name, flags, io);
    });
  addOutputOptions(list);
  addOutputOptions(show);
}
