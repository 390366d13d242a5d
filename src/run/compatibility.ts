import { InputError } from "../core/errors.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Method } from "../methods/method.ts";
import type { BaseModel, Capability } from "../models/model.ts";
import type { Registries } from "../plugins/compose.ts";
import type { Experiment } from "./experiment.ts";
import { sharedPool } from "./shared-pool.ts";
import type { NamedMethod } from "./stage.ts";

const WORDS: Readonly<Record<Capability, string>> = {
  chat: "chat",
  completion: "plain completion",
  promptLogprobs: "log-probabilities of texts it is shown (promptLogprobs)",
  endLogprobs: "log-probabilities of where such a text ends (endLogprobs)",
  seed: "answers that a seed repeats (seed)",
  instructions: "to follow free-form instructions (instructions)",
};

/** Why a model cannot run a method, as a sentence; null when it can. */
export function whyNot(method: Method, model: Pick<BaseModel, "id" | "can" | "description">): string | null {
  const lacking = method.needs.filter((need) => !model.can[need]);
  if (lacking.length === 0) return null;
  const { scoring } = model.description;
  const scores = lacking.includes("promptLogprobs") || lacking.includes("endLogprobs");
  const found = scores && typeof scoring === "string" ? ` (${scoring})` : "";
  return `The model \`${model.id}\` lacks what \`${method.name}\` needs: ${lacking.map((need) => WORDS[need]).join("; ")}${found}.`;
}

/**
 * Refuses, before anything is spent, a method that none of the run's models can run.
 * @throws InputError naming what it needs and methods that would work; also when methods need a model and there is none
 */
export async function checkMethods(
  experiment: Experiment,
  methods: readonly NamedMethod[],
  models: readonly BaseModel[],
  registries: Pick<Registries, "methods">,
): Promise<void> {
  for (const { id, method, made } of methods) {
    if (made !== null) continue;
    if (models.length === 0)
      throw new InputError(
        `The method \`${id}\` prompts a model and the config names none: add \`models\`, for example [embedded:small].`,
      );
    const reasons = models.map((model) => whyNot(method, model));
    if (reasons.some((reason) => reason === null)) continue;
    const working = await workingMethods(experiment, models, registries);
    throw new InputError(
      `No model of the config can run \`${id}\`. ${reasons.join(" ")} Methods that would work: ${working.join(", ")}.${hint(id, method, models)}`,
    );
  }
}

/** What would let some model run the method after all; empty where nothing would. */
function hint(id: string, { needs, without }: Method, models: readonly BaseModel[]): string {
  if (without === undefined) return "";
  const others = needs.filter((need) => need !== without.need);
  return models.some(({ can }) => others.every((need) => can[need])) ? ` Or \`${id}\` itself: ${without.how}.` : "";
}

/** Refuses sizes that a dataset's train cannot meet, before anything is spent. @throws InputError */
export function checkSizes(methods: readonly NamedMethod[], datasets: readonly Dataset[]): void {
  for (const { id: datasetId, parts } of datasets)
    for (const { method } of methods) method.cost?.({ datasetId, train: parts.train, sharedPool: sharedPool(methods) });
}

/** The registry's methods that some model can run, with their default options. */
async function workingMethods(
  experiment: Experiment,
  models: readonly BaseModel[],
  registries: Pick<Registries, "methods">,
): Promise<string[]> {
  const working: string[] = [];
  for (const name of registries.methods.names) {
    const method = await withDefaults(experiment, registries, name);
    if (method === null || method.madeElsewhere !== undefined) continue;
    if (models.some((model) => whyNot(method, model) === null)) working.push(name);
  }
  return working;
}

/** A method with default options; null when it cannot do without any. */
async function withDefaults(
  { baseDir }: Experiment,
  registries: Pick<Registries, "methods">,
  name: string,
): Promise<Method | null> {
  try {
    return await (await registries.methods.load(name)).bind({}).create({ id: name, baseDir });
  } catch {
    return null;
  }
}
