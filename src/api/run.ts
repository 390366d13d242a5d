import type { DataFrame } from "danfojs-node";
import { z } from "zod";
import { resultFrame } from "../analysis/frames/result-frame.ts";
import type { RunManifest } from "../analysis/run-manifest.ts";
import type { ComparisonRow, ResultRow } from "../core/result.ts";
import { renderReport } from "../report/render.ts";
import { runExperiment } from "../run/run.ts";
import { checkOptions, experiment, flag, text } from "./check-options.ts";
import { type ExperimentOptions, prepareExperiment } from "./prepare.ts";

/** Where a run writes and what it keeps, beside how it differs from its config. Every member may be left out. */
export interface RunOptions extends ExperimentOptions {
  /** The run's folder; must be new or empty. @default runs/<name>-<time> */
  readonly out?: string | undefined;
  /** Goes on with the run of this folder instead, which must be there. */
  readonly resume?: string | undefined;
  /** Write every answer of a model to this new file, or take every answer from it. */
  readonly record?: string | undefined;
  readonly replay?: string | undefined;
  /** Keep the rendered prompt beside every sample. @default false */
  readonly keepPrompts?: boolean | undefined;
  /** Formats the report is rendered in. @default ["html", "md", "csv", "tex", "junit"] */
  readonly formats?: readonly string[] | undefined;
}

/** A finished run. */
export interface RunResult {
  /** The run's folder, and as the user would type it. */
  readonly dir: string;
  readonly shown: string;
  readonly rows: readonly ResultRow[];
  readonly comparisons: readonly ComparisonRow[];
  readonly manifest: RunManifest;
  /** The rendered reports. */
  readonly files: readonly string[];
  /** The rows as a frame of danfojs, which is loaded then: docs/frames.md. */
  frame(): Promise<DataFrame>;
}

const FORMATS = ["html", "md", "csv", "tex", "junit"];

const schema = z.strictObject({
  ...experiment,
  limit: z.int().min(1).optional(),
  only: text,
  out: text,
  resume: text,
  record: text,
  replay: text,
  keepPrompts: flag,
  formats: z.array(z.string()).optional(),
} satisfies Record<keyof RunOptions, z.ZodType>);

/**
 * Runs a config: fits, generates, scores, compares, and renders the report. What `mopbench run` does.
 * @param config a YAML or JSON file, or what one would hold
 * @throws InputError (nothing was spent), RunFailedError or InterruptedError (what is finished is kept: `resume` goes on)
 * @example
 * const { rows, dir } = await run({
 *   datasets: ["townsquare"],
 *   models: ["embedded:small"],
 *   methods: ["zero-shot", "few-shot"],
 * });
 */
export async function run(config: string | URL | object, options: RunOptions = {}): Promise<RunResult> {
  checkOptions("run", schema, options);
  const { experiment, registries, environment, version } = await prepareExperiment(config, options);
  const { cwd = process.cwd(), formats = FORMATS } = options;
  await registries.formats.loaded(formats); // an unknown one is said before anything is spent
  const outcome = await runExperiment(experiment, registries, environment, { ...options, cwd, version });
  environment.progress.note("rendering the report");
  const files = await renderReport(outcome.dir, formats, registries.formats);
  const { dir, shown, manifest, results } = outcome;
  const { rows, comparisons } = results;
  return { dir, shown, rows, comparisons, manifest, files, frame: () => resultFrame(rows) };
}
