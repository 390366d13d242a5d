import path from "node:path";
import { InputError } from "../core/errors.ts";
import { LazyRegistry } from "../core/lazy-registry.ts";
import { writeAtomic } from "../storage/atomic.ts";
import { disk } from "../storage/disk.ts";
import { formats as builtIn, writtenByTheRun } from "./formats.ts";
import type { ReportFormat } from "./report-format.ts";
import { readRun } from "./run-data.ts";
import { ReportContext } from "./views/context.ts";
import { reportView } from "./views/report.ts";

/** Every format of mopbench itself. */
export const builtInFormats = new LazyRegistry("format", builtIn);

/**
 * Renders a run's folder: a function of run.json, results.json, maps.json, the first samples and the artifacts. Writes each file
 * whole or not at all.
 *
 * @param names formats, of those `known`
 * @returns the files' paths, in the order of `names`.
 * @throws InputError when the folder holds no finished run, or a format is unknown
 * @example
 * await renderReport("runs/first", ["html", "md"]);
 */
export async function renderReport(
  runDir: string,
  names: readonly string[],
  known: LazyRegistry<ReportFormat> = builtInFormats,
): Promise<string[]> {
  const formats = await Promise.all(names.map((name) => known.load(name)));
  const run = await readRun(runDir);
  const context = new ReportContext(run);
  const { stringify } = await import("yaml");
  const view = reportView(context, stringify);
  const files: string[] = [];
  for (const format of formats) {
    const file = fileOf(runDir, format);
    const text = await format.render(view, context);
    if (text !== null) {
      await disk.makeFolder(path.dirname(file));
      await writeAtomic(file, text);
    }
    files.push(file);
  }
  return files;
}

/** What a run itself writes; `json` is one of them and writes nothing. */
const OF_THE_RUN = new Set(["run.json", "results.json", "maps.json", "run.lock", "cells", "artifacts"]);

/** @throws InputError for a format that would write outside the folder, or over what the run wrote */
function fileOf(runDir: string, { file, render }: ReportFormat): string {
  const parts = path.posix.normalize(file).split("/");
  const first = parts[0] ?? "";
  const outside = path.posix.isAbsolute(file) || first === ".." || first === ".";
  if (outside || (OF_THE_RUN.has(first) && render !== writtenByTheRun))
    throw new InputError(`A format's file is \`${file}\`; allowed: a file of the report, such as report/mine.txt.`);
  return path.join(runDir, ...parts);
}
