import { z } from "zod";
import { InputError } from "../core/errors.ts";
import { eager } from "../core/lazy-registry.ts";
import type { Dataset } from "../data/dataset.ts";
import { defineDataset } from "../data/dataset.ts";
import { datasetOf, type Records } from "../data/dataset-of.ts";
import { type BaseModel, defineModel } from "../models/model.ts";
import type { Plugin } from "../plugins/plugin.ts";

/** A data set as a config names it, one that is there, or the records of one. */
export type GivenData = string | { readonly [name: string]: unknown } | Dataset | Records;

/** A model as a config names it, or one that is there. */
export type GivenModel = string | { readonly [name: string]: unknown } | BaseModel;

const NAME = "given";
const none = z.strictObject({});

/** How a config names what is given, and the plug-in that brings it where it is there already. */
export interface Given {
  /** A member of the config's `datasets` or `models`. */
  readonly written: unknown;
  readonly plugin: Plugin | null;
}

/** @throws InputError for what is neither a name nor data, and for records that cannot be split */
export function givenData(data: GivenData): Given {
  checkGiven("data", data, "a Dataset, or { id, records }");
  const dataset = isDataset(data) ? data : isRecords(data) ? datasetOf(data) : null;
  if (dataset === null) return { written: data, plugin: null };
  const definition = defineDataset({
    summary: "a data set given to the library",
    options: none,
    id: () => dataset.id,
    create: (_options, _environment, id) => ({ ...dataset, id, pool: dataset.pool.bind(dataset) }),
  });
  const plugin = { name: "given-data", version: "1", datasets: [eager(NAME, definition)] };
  return { written: { [NAME]: {}, as: dataset.id }, plugin };
}

/** @throws InputError for what is neither a name nor a model */
export function givenModel(model: GivenModel): Given {
  checkGiven("model", model, "or a BaseModel");
  if (!isModel(model)) return { written: model, plugin: null };
  checkModel(model);
  const definition = defineModel({
    summary: "a model given to the library",
    options: none,
    id: () => model.id,
    create: () => model,
  });
  return {
    written: { [NAME]: {}, as: model.id },
    plugin: { name: "given-model", version: "1", models: [eager(NAME, definition)] },
  };
}

function checkGiven(what: string, value: unknown, others: string): void {
  if ((typeof value !== "string" || value === "") && (typeof value !== "object" || value === null))
    throw new InputError(`The ${what} is ${String(value)}: give a name as in a config, { name: options }, ${others}.`);
}

/** What every BaseModel says of itself: the types demand it, but whoever writes JavaScript has none. */
const modelShape = z.looseObject({
  id: z.string().min(1),
  can: z.record(z.string(), z.boolean()),
  description: z.record(z.string(), z.unknown()),
});

function checkModel(model: BaseModel): void {
  const { error } = modelShape.safeParse(model);
  if (error === undefined) return;
  const wrong = [...new Set(error.issues.map(({ path }) => `\`${String(path[0])}\``))];
  throw new InputError(
    `The model has a \`generate\` and no proper ${wrong.join(", ")}: a BaseModel has an \`id\`, what it \`can\` ({ chat, completion, promptLogprobs, endLogprobs, seed, instructions }) and a \`description\` (an object) too.`,
  );
}

function isDataset(data: GivenData): data is Dataset {
  return typeof data === "object" && "parts" in data && "pool" in data && typeof data.pool === "function";
}

function isRecords(data: GivenData): data is Records {
  return typeof data === "object" && "records" in data && Array.isArray(data.records);
}

function isModel(model: GivenModel): model is BaseModel {
  return typeof model === "object" && "generate" in model && typeof model.generate === "function";
}
