import path from "node:path";
import PQueue from "p-queue";
import { InputError } from "../core/errors.ts";
import type { FittedMethod } from "../methods/method.ts";
import type { Registries } from "../plugins/compose.ts";
import { CellTally } from "./cell-calls.ts";
import { checkMethods, checkSizes } from "./compatibility.ts";
import { diskFailure } from "./disk-failure.ts";
import type { Experiment } from "./experiment.ts";
import { RunFiles } from "./files/run-files.ts";
import { fitMethod } from "./fit.ts";
import { holdFolder } from "./lock/held-folder.ts";
import { ModelLayers, type RunEnvironment } from "./services.ts";
import { sharedPool } from "./shared-pool.ts";
import { loadDatasets, makeMethods, openStage } from "./stage.ts";

/**
 * Fits the one method of an experiment to its one data set and model, and keeps what the fit keeps in a folder; a fit that was
 * begun there is gone on with.
 * @param shown the folder as the user would type it
 * @throws InputError as `runExperiment` before it begins, and for an experiment of several; RunFailedError, InterruptedError
 */
export async function fitExperiment(
  experiment: Experiment,
  registries: Registries,
  environment: RunEnvironment,
  dir: string,
  shown: string = dir,
): Promise<FittedMethod> {
  const { lock, letGo } = await holdFolder(dir, shown, environment.now());
  const layers = new ModelLayers(experiment, environment);
  try {
    const [dataset, ...others] = await loadDatasets(experiment, environment);
    const methods = await makeMethods(experiment, environment);
    const [named] = methods;
    if (dataset === undefined || others.length > 0 || named === undefined || methods.length > 1)
      throw new InputError("A fit is of one method on one data set and one model.");
    checkSizes(methods, [dataset]);
    const stage = await openStage(experiment, dataset, methods, layers, environment);
    try {
      await checkMethods(experiment, methods, stage.models, registries);
      const [model] = stage.models;
      if (model === undefined || stage.models.length > 1) throw new InputError("A fit is on one model.");
      const runDir = path.dirname(dir);
      const scope = {
        experiment,
        runDir,
        files: new RunFiles({ dir: runDir, runId: experiment.configHash, sums: {} }),
        environment,
        queue: new PQueue({ concurrency: experiment.concurrency }),
        keepPrompts: false,
        layers,
        sharedPool: sharedPool(methods),
        tally: new CellTally(),
        lock,
      };
      const fitted = await fitMethod(scope, stage, model, named, dir);
      await lock.check();
      return fitted;
    } catch (error) {
      throw diskFailure(error, " What was scored is kept: call it again with the same arguments.");
    } finally {
      await stage.close();
    }
  } finally {
    await layers.close();
    await letGo();
  }
}
