import type { Command } from "commander";
import type { Io } from "../../core/io.ts";
import { addOutputOptions } from "../options.ts";

interface CacheFlags {
  readonly clear?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** `mopbench cache`: shows or clears the answers kept between runs. */
export function register(program: Command, io: Io): void {
  const command = program
    .command("cache")
    .description("show the answers of models kept between runs, or clear them")
    .option("--clear", "forget every kept answer")
    .addHelpText("after", "\nExamples:\n  $ mopbench cache\n  $ mopbench cache --clear\n")
    .action((flags: CacheFlags) => lookAt(flags, io));
  addOutputOptions(command);
}

async function lookAt(flags: CacheFlags, io: Io): Promise<void> {
  const { homedir } = await import("node:os");
  const { defaultCacheDir } = await import("../../run/services.ts");
  const { CallCache } = await import("../../models/layers/cache.ts");
  const { openProgress } = await import("../progress.ts");
  const progress = await openProgress(io, flags.quiet ?? false);
  const cache = await CallCache.lookAt(defaultCacheDir(io.env, homedir()), progress);
  try {
    if (flags.clear) cache.clear();
    const summary = cache.summary();
    if (flags.json) {
      io.stdout(`${JSON.stringify(summary)}\n`);
      return;
    }
    const megabytes = (summary.bytes / 1024 / 1024).toFixed(1);
    const span = summary.oldest === null ? "" : `, from ${summary.oldest} to ${summary.newest}`;
    io.stdout(`${summary.folder}\n${summary.entries} answers, ${megabytes} MB${span}\n`);
  } finally {
    cache.close();
    progress.close();
  }
}
