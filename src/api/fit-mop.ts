import path from "node:path";
import { z } from "zod";
import type { JsonObject } from "../core/hash.ts";
import { loadArtifact } from "../mop/artifact.ts";
import { fitExperiment } from "../run/fit-experiment.ts";
import { checkOptions, experiment, named, object, text } from "./check-options.ts";
import { type GivenData, type GivenModel, givenData, givenModel } from "./given.ts";
import { type ExperimentOptions, prepareExperiment } from "./prepare.ts";

/** How a mixture is fitted. Every member may be left out. */
export interface FitMopOptions extends Omit<ExperimentOptions, "limit" | "only"> {
  /** Options of `mop` as in a config: `{ personas: 20, exemplars: 400 }`. docs/mop.md lists them. */
  readonly mop?: { readonly [option: string]: unknown } | undefined;
  /** The encoder of the gates, as a config names it. @default "embedded:lsa" */
  readonly encoder?: string | { readonly [name: string]: unknown } | undefined;
  /** The decoding that answers are meant for; its temperature is the fit's. @default temperature 1, topP 1, maxTokens 120 */
  readonly decoding?:
    | { readonly temperature?: number; readonly topP?: number; readonly maxTokens?: number }
    | undefined;
  /** Templates that replace those of the data. */
  readonly prompts?: { readonly [slot: string]: string } | undefined;
  /** Folder for mop.json and what a fit that is gone on with needs. @default fits/<data> */
  readonly out?: string | undefined;
}

/** A fitted mixture. */
export interface FittedMop {
  /** The artifact: what `openPopulation` and `{mop: {artifact: ...}}` in a config take. */
  readonly artifact: string;
  /** One line: K, N, how many pairs count, the gain. */
  readonly summary: string;
  /** What the fit reports: curves, gain with its interval, effective numbers, what was kept uniform and why. */
  readonly report: JsonObject | null;
}

const schema = z.strictObject({
  ...experiment,
  mop: object,
  encoder: named.optional(),
  decoding: object,
  prompts: object,
  out: text,
} satisfies Record<keyof FitMopOptions, z.ZodType>);

/**
 * Fits a Mixture of Personas to what people wrote (Bui et al. 2025), on a base model that gives log-probabilities. Killed and called
 * again with the same arguments it goes on where it was.
 * @param data a data set as a config names it (`"townsquare"`, `{ file: { path, text } }`), a Dataset, or records
 * @param model a model as a config names it, or a BaseModel
 * @throws InputError (nothing was spent), RunFailedError or InterruptedError (what was scored is kept)
 * @example
 * const { artifact } = await fitMop("townsquare", "embedded:small", { mop: { personas: 8, exemplars: 100, records: 200 } });
 */
export async function fitMop(data: GivenData, model: GivenModel, options: FitMopOptions = {}): Promise<FittedMop> {
  checkOptions("fitMop", schema, options);
  const { mop = {}, encoder = "embedded:lsa", decoding = {}, prompts = {}, cwd = process.cwd() } = options;
  const [of, on] = [givenData(data), givenModel(model)];
  const config = { datasets: [of.written], models: [on.written], methods: [{ mop }], encoder, decoding, prompts };
  const plugins = [...(options.plugins ?? []), ...[of.plugin, on.plugin].filter((plugin) => plugin !== null)];
  const prepared = await prepareExperiment(config, { ...options, plugins });
  const id = prepared.experiment.datasets[0]?.id ?? "data";
  const shown = options.out ?? path.join("fits", id.replace(/[^A-Za-z0-9._-]/gu, "-"));
  const dir = path.resolve(cwd, shown);
  const { experiment, registries, environment } = prepared;
  const { summary } = await fitExperiment(experiment, registries, environment, dir, shown);
  const artifact = path.join(dir, "mop.json");
  const { fit } = await loadArtifact(artifact);
  return { artifact, summary, report: fit };
}
