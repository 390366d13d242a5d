import { Stream } from "../core/stream.ts";
import type { FittedMethod } from "../methods/method.ts";
import type { BaseModel } from "../models/model.ts";
import { FitCalls } from "./fit-calls.ts";
import { encoderOf, type RunScope, trainSize } from "./scope.ts";
import type { NamedMethod, Stage } from "./stage.ts";

/**
 * The first step: fits a method to a data set and a model. What it asks is kept until it is done, what it keeps stays in `artifacts`.
 */
export async function fitMethod(
  scope: RunScope,
  stage: Stage,
  model: BaseModel,
  named: Pick<NamedMethod, "id" | "method">,
  artifacts: string,
): Promise<FittedMethod> {
  const context = fitContext(scope, stage, model, named, artifacts);
  const { queue } = scope;
  const owner = JSON.stringify(["fit", scope.files.runId, stage.dataset.id, model.id, named.id]);
  const calls = new FitCalls({ ...context, dir: artifacts, owner, queue, keepPrompts: false });
  try {
    const fitted = await named.method.fit({ ...context, ask: calls.ask });
    await calls.finish();
    return fitted;
  } catch (error) {
    await calls.stop(error);
    throw error;
  } finally {
    await calls.close();
  }
}

function fitContext(
  scope: RunScope,
  stage: Stage,
  model: BaseModel,
  { id, method }: Pick<NamedMethod, "id" | "method">,
  artifacts: string,
) {
  const { experiment, environment } = scope;
  const { dataset, prompts } = stage;
  return {
    ...trainSize(scope, stage),
    locator: dataset.locator,
    train: dataset.parts.train,
    pool: dataset.pool.bind(dataset),
    model,
    encoder: encoderOf(stage, method),
    prompts,
    decoding: experiment.decoding,
    random: Stream.root(experiment.seed).derive("fit", dataset.id, model.id, id),
    artifactDir: artifacts,
    baseDir: experiment.baseDir,
    concurrency: experiment.concurrency,
    progress: environment.progress,
    signal: environment.signal,
  };
}
