import path from "node:path";
import { z } from "zod";
import { mapConcurrently } from "../core/concurrent.ts";
import { isBearable } from "../core/error-budget.ts";
import { InputError } from "../core/errors.ts";
import type { Context } from "../core/record.ts";
import { Stream } from "../core/stream.ts";
import { loadArtifact } from "../mop/artifact.ts";
import { Population } from "../mop/population.ts";
import { createRenderer } from "../prompts/render.ts";
import { openModel } from "../run/open-model.ts";
import { loadDatasets } from "../run/stage.ts";
import { checkCount, checkOptions, experiment, named } from "./check-options.ts";
import { type GivenData, type GivenModel, givenData, givenModel } from "./given.ts";
import { type ExperimentOptions, prepareExperiment } from "./prepare.ts";

/** How a population is opened. Every member may be left out. */
export interface OpenPopulationOptions extends Omit<ExperimentOptions, "limit" | "only"> {
  /**
   * The data it was fitted on, for texts that the artifact leaves out (`keepTexts: false`) and for models that learn from them
   * (`embedded:`). @default none are needed
   */
  readonly data?: GivenData | undefined;
}

/** Somebody's answer. */
export interface PopulationAnswer {
  readonly index: number;
  readonly context: Context;
  /** Id of the persona drawn, and of the real records shown. */
  readonly persona: string | null;
  readonly exemplars: readonly string[];
  /** null: the call failed. */
  readonly text: string | null;
}

/** A fitted mixture that answers. */
export interface OpenedPopulation {
  /** The contexts it was fitted on, with how many records each had. */
  readonly contexts: readonly (Context & { readonly count: number })[];
  /**
   * Answers of members drawn anew for each: a persona and an exemplar by their fitted weights, then the model's answer.
   * @param n how many, 0 or more
   * @param asked what they answer, from the start again where `n` is more; the fitted contexts, as often as people met them, unless given
   * @throws InputError for a context it was not fitted on, an `n` that is no count, and after `close`; CallError when the model fails for good
   */
  sample(n: number, asked?: readonly Context[]): Promise<readonly PopulationAnswer[]>;
  close(): Promise<void>;
}

const schema = z.strictObject({
  ...experiment,
  data: named.optional(),
} satisfies Record<keyof OpenPopulationOptions, z.ZodType>);

/**
 * Opens a fitted mixture on a base model: the one it was fitted on, or any other.
 * @param artifact a mop.json
 * @param model a model as a config names it, or a BaseModel
 * @throws InputError for a file that is none, a text that is nowhere, a wrong model
 * @example
 * const population = await openPopulation("fits/townsquare/mop.json", "openai:gpt-4.1-mini");
 * for (const { text } of await population.sample(10)) console.log(text);
 * await population.close();
 */
export async function openPopulation(
  artifact: string,
  model: GivenModel,
  options: OpenPopulationOptions = {},
): Promise<OpenedPopulation> {
  checkOptions("openPopulation", schema, options);
  if (typeof artifact !== "string")
    throw new InputError("openPopulation: the artifact must be the path of a mop.json.");
  const { cwd = process.cwd(), signal } = options;
  const stored = await loadArtifact(path.resolve(cwd, artifact));
  const { decoding } = stored;
  const on = givenModel(model);
  const of = options.data === undefined ? null : givenData(options.data);
  // A config names a data set; without `data` this one is never loaded.
  const datasets = [of === null ? "file:none" : of.written];
  const config = { datasets, models: [on.written], methods: ["zero-shot"], decoding };
  const plugins = [...(options.plugins ?? []), ...[on.plugin, of?.plugin ?? null].filter((plugin) => plugin !== null)];
  const { experiment, environment } = await prepareExperiment(config, { ...options, plugins });
  const [dataset = null] = of === null ? [] : await loadDatasets(experiment, environment);
  const renderer = await createRenderer(stored.prompts);
  const population = new Population(stored, renderer, dataset?.parts.train ?? [], null);
  const opened = await openModel(experiment, environment, dataset);
  const random = Stream.root(experiment.seed).derive("population");
  let drawn = 0;
  let closed = false;
  return {
    contexts: stored.contexts,
    async sample(n, asked) {
      if (closed) throw new InputError("sample: the population is closed; open it anew with openPopulation.");
      checkCount("sample", "n", n);
      if (asked !== undefined) checkContexts(asked);
      const contexts = asked ?? contextsOf(stored.contexts, n, random.derive("contexts", drawn));
      await population.prepare(contexts);
      const first = drawn;
      drawn += n;
      const slots = Array.from({ length: contexts.length === 0 ? 0 : n }, (_, i) => i);
      return mapConcurrently(slots, experiment.concurrency, signal, async (i): Promise<PopulationAnswer> => {
        const index = first + i;
        const context = contexts[i % contexts.length]!;
        const own = random.derive("answer", index);
        const { prompt, persona, exemplars, decoding: asks } = population.draw(context, own.derive("draw"));
        const request = { prompt, decoding: { ...decoding, ...asks }, seed: own.uint32(), sampleIndex: index, signal };
        const text = await opened.model.generate(request).then(({ text }) => text.trim(), nullIfBearable);
        return { index, context, persona, exemplars, text };
      });
    },
    async close() {
      if (closed) return;
      closed = true;
      await opened.close();
    },
  };
}

function checkContexts(asked: unknown): void {
  const isContext = (one: unknown) =>
    typeof one === "object" &&
    one !== null &&
    typeof Reflect.get(one, "text") === "string" &&
    ["string", "object"].includes(typeof Reflect.get(one, "label"));
  if (!Array.isArray(asked) || !asked.every(isContext))
    throw new InputError("sample: the contexts must be a list of { text, label }, the label a text or null.");
}

function nullIfBearable(error: unknown): null {
  if (isBearable(error)) return null;
  throw error;
}

/** Contexts as often as people met them, in random order. */
function contextsOf(
  known: readonly (Context & { readonly count: number })[],
  n: number,
  random: Stream,
): readonly Context[] {
  const weights = Float64Array.from(known, ({ count }) => count);
  return Array.from({ length: n }, () => known[random.weighted(weights)]!).map(({ text, label }) => ({ text, label }));
}
