import { InputError } from "../core/errors.ts";
import type { Dataset } from "../data/dataset.ts";
import type { BaseModel } from "../models/model.ts";
import type { Experiment } from "./experiment.ts";
import { ModelLayers, type RunEnvironment } from "./services.ts";

/** A model with the layers of a run around it, and how to let go of both. */
export interface OpenedModel {
  readonly model: BaseModel;
  close(): Promise<void>;
}

/**
 * Opens the one model of an experiment.
 * @param dataset what it learns from; null: nothing, which `embedded:` models refuse
 * @throws InputError for an experiment without a model, and what opening it throws
 */
export async function openModel(
  experiment: Experiment,
  environment: RunEnvironment,
  dataset: Dataset | null,
): Promise<OpenedModel> {
  const [item] = experiment.models;
  if (item === undefined) throw new InputError("There is no model to ask.");
  const layers = new ModelLayers(experiment, environment);
  const { env } = environment;
  const { baseDir, offline } = experiment;
  const adaptations = layers.adaptationsOf(item.id);
  const bare = await item.bound.create({
    id: item.id,
    dataset: dataset?.id ?? "none",
    background: dataset?.parts.background ?? [],
    env,
    baseDir,
    offline,
    adaptations,
    warn: layers.warnerOf(environment.progress),
  });
  const model = await layers.wrap(bare);
  return {
    model,
    async close() {
      await bare.close?.();
      await layers.close();
    },
  };
}
