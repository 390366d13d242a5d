import path from "node:path";
import { writeAtomic } from "../storage/atomic.ts";
import { readRun } from "./run-data.ts";
import { ReportContext } from "./views/context.ts";
import { reportView } from "./views/report.ts";

/** What a report can be rendered as. */
export const FORMATS = ["html", "md", "csv", "tex", "junit", "json"] as const;
export type Format = (typeof FORMATS)[number];

/** Where each format lies in a run's folder; `json` is results.json as the engine wrote it. */
const FILES: Readonly<Record<Format, string>> = {
  html: "report/index.html",
  md: "report/report.md",
  csv: "results.csv",
  tex: "report/tables.tex",
  junit: "report/junit.xml",
  json: "results.json",
};

/**
 * Renders a run's folder: a function of run.json, results.json, maps.json, the first samples and the artifacts. Writes each file
 * whole or not at all.
 *
 * @returns the files' paths, in the order of `formats`.
 * @throws InputError when the folder holds no finished run
 */
export async function renderReport(runDir: string, formats: readonly Format[]): Promise<string[]> {
  const run = await readRun(runDir);
  const { metrics } = await import("../metrics/registry.ts");
  const context = new ReportContext(run, (id) => (metrics.has(id) ? metrics.get(id) : null));
  const { stringify } = await import("yaml");
  const view = reportView(context, stringify);
  const renderers: Readonly<Record<Exclude<Format, "json">, () => Promise<string>>> = {
    html: async () => (await import("./html.ts")).htmlReport(view),
    md: async () => (await import("./markdown.ts")).markdownReport(view),
    csv: async () => (await import("./csv.ts")).csvRows(run.results),
    tex: async () => (await import("./tex.ts")).texTables(view),
    junit: async () => (await import("./junit.ts")).junitReport(context),
  };
  const files: string[] = [];
  for (const format of formats) {
    const file = path.join(runDir, FILES[format]);
    if (format !== "json") await writeAtomic(file, await renderers[format]());
    files.push(file);
  }
  return files;
}
