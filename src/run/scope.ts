import type PQueue from "p-queue";
import { InterruptedError } from "../core/errors.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { Method } from "../methods/method.ts";
import type { TrainSize } from "../mop/fit-context.ts";
import type { CellTally } from "./cell-calls.ts";
import type { Experiment } from "./experiment.ts";
import type { RunFiles } from "./files/run-files.ts";
import type { RunLock } from "./lock/run-lock.ts";
import type { ModelLayers, RunEnvironment } from "./services.ts";
import type { Stage } from "./stage.ts";

/** What the steps of a run share. */
export interface RunScope {
  readonly experiment: Experiment;
  readonly runDir: string;
  /** What the run wrote, and what it goes on with. */
  readonly files: RunFiles;
  readonly environment: RunEnvironment;
  /** Bounds the calls in flight over all cells. */
  readonly queue: PQueue;
  readonly keepPrompts: boolean;
  readonly layers: Pick<ModelLayers, "redactionOf" | "halt">;
  /** Folders below `runDir` are made by it alone. */
  readonly lock: Pick<RunLock, "makeFolder">;
  /** See `sharedPool`. */
  readonly sharedPool: number | null;
  readonly tally: CellTally;
}

/** How much a method can be fitted on. */
export function trainSize({ sharedPool }: RunScope, { dataset }: Stage): TrainSize {
  return { datasetId: dataset.id, train: dataset.parts.train, sharedPool };
}

/** The encoder that a method names, else the run's first. */
export function encoderOf({ encoders }: Stage, { encoder: named }: Method): Encoder {
  const encoder = named === undefined ? encoders[0] : encoders.find((known) => known.id === named);
  if (encoder === undefined) throw new Error(`A run has encoders, \`${named ?? "a first one"}\` among them.`);
  return encoder;
}

/** @throws InterruptedError when the user asked to stop */
export function stopIfAsked({ environment }: Pick<RunScope, "environment">): void {
  if (environment.signal.aborted) throw new InterruptedError("Stopped.");
}
