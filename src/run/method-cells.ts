import type PQueue from "p-queue";
import { type CellId, cellPath } from "../core/cell.ts";
import { InterruptedError } from "../core/errors.ts";
import type { ResultRow } from "../core/result.ts";
import type { Sample } from "../core/sample.ts";
import { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import { cellCost } from "../methods/cost.ts";
import type { FittedMethod, Method } from "../methods/method.ts";
import type { BaseModel } from "../models/model.ts";
import type { TrainSize } from "../mop/fit-context.ts";
import { evidenceOfMethod } from "../scoring/dataset-evidence.ts";
import { scoreTexts } from "../scoring/score-cell.ts";
import { ScoredCell } from "../scoring/scored-cell.ts";
import { scoredTexts } from "../scoring/scored-set.ts";
import type { CellTally } from "./cell-calls.ts";
import type { Experiment } from "./experiment.ts";
import { artifactDir, cellDir, type FitRecord, readFit, readRows, writeFit, writeRows } from "./files/cell-files.ts";
import { readCalls, removeJournal } from "./files/journal.ts";
import { readSamples } from "./files/samples.ts";
import { FitCalls } from "./fit-calls.ts";
import { generateCell } from "./generate-cell.ts";
import type { ModelLayers, RunEnvironment } from "./services.ts";
import type { NamedMethod, Stage } from "./stage.ts";

/** What the cells of a run share. */
export interface RunScope {
  readonly experiment: Experiment;
  readonly runDir: string;
  readonly environment: RunEnvironment;
  /** Bounds the calls in flight over all cells. */
  readonly queue: PQueue;
  readonly keepPrompts: boolean;
  readonly layers: Pick<ModelLayers, "redactionOf">;
  /** See `sharedPool`. */
  readonly sharedPool: number | null;
  readonly tally: CellTally;
}

/** The repeats of one (dataset, model, method), scored. */
export interface MethodResult {
  readonly model: string | null;
  readonly method: string;
  readonly fit: FitRecord;
  readonly rows: readonly ResultRow[];
  /** One a repeat, as scored: made just now, or read from disk where an earlier run made it. */
  readonly cells: readonly ScoredCell[];
}

/**
 * Fits a method on a model and fills and scores its cells; what is finished is read from disk. The fit itself is skipped when
 * every cell is finished; otherwise the method finds what it kept in its artifact folder.
 */
export async function runMethod(
  scope: RunScope,
  stage: Stage,
  { id, method }: NamedMethod,
  model: BaseModel,
): Promise<MethodResult> {
  const { experiment, runDir } = scope;
  const cells = Array.from({ length: experiment.repeats }, (_, repeat): CellId => {
    return { dataset: stage.dataset.id, model: model.id, method: id, repeat };
  });
  const dirs = cells.map((cell) => cellDir(runDir, cell));
  const artifacts = artifactDir(runDir, stage.dataset.id, model.id, id);
  const kept = await Promise.all(dirs.map(readRows));
  const scored = cells.map((cell, i) => scoredCell(stage, cell, () => readSamples(dirs[i]!)));
  const fit = await readFit(artifacts);
  if (fit !== null && kept.every((rows) => rows !== null))
    return { model: model.id, method: id, fit, rows: kept.flat(), cells: scored };

  const label = `${stage.dataset.id} / ${model.id} / ${id}`;
  const { emit } = scope.environment.progress;
  const subject = { dataset: stage.dataset.id, model: model.id, method: id };
  emit({ type: "fit.started", fit: subject });
  const fitted = await fitMethod(scope, stage, model, { id, method }, artifacts);
  const { realTextsSeen, exemplars, summary } = fitted;
  emit({ type: "fit.done", fit: subject, summary });
  const record = { realTextsSeen, pool: exemplars.length, summary };
  await writeFit(artifacts, record);
  await fitted.prepare?.(stage.contexts);
  const samples = await generateAll(scope, stage, { method, fitted, model, cells, kept, label });
  const rows: ResultRow[] = [];
  for (const [i, cell] of cells.entries()) {
    stopIfAsked(scope);
    const own = scored[i]!;
    rows.push(...(kept[i] ?? (await scoreCell(scope, stage, fitted, cell, own, samples[i] ?? []))));
  }
  return { model: model.id, method: id, fit: record, rows, cells: scored };
}

/** The repeats of a fitted method. */
interface OpenCells {
  readonly method: Method;
  readonly fitted: FittedMethod;
  readonly model: BaseModel;
  readonly cells: readonly CellId[];
  /** The rows of each that is finished. */
  readonly kept: readonly (readonly ResultRow[] | null)[];
  /** What the progress bar says. */
  readonly label: string;
}

/** All unfinished repeats at once: the queue keeps the calls in flight bounded. */
async function generateAll(
  scope: RunScope,
  stage: Stage,
  { method, fitted, model, cells, kept, label }: OpenCells,
): Promise<(readonly Sample[])[]> {
  const { experiment, runDir, environment, queue, keepPrompts, layers, tally } = scope;
  const redact = await layers.redactionOf(model);
  const open = cells.filter((_, i) => kept[i] === null);
  const cost = method.cost?.(trainSize(scope, stage)) ?? null;
  const { generated, chosen } = cellCost(cost, stage.contexts, experiment.decoding);
  const calls = generated + chosen;
  const bar = environment.progress.bar(label, open.length * calls);
  const root = Stream.root(experiment.seed);
  const outcomes = await Promise.allSettled(
    cells.map(async (cell, i): Promise<readonly Sample[]> => {
      if (kept[i] !== null) return [];
      const dir = cellDir(runDir, cell);
      const finished = await readSamples(dir);
      if (finished !== null) {
        bar.advance(calls);
        // What a kill after the last sample left undone.
        await removeJournal(dir);
        const made = await readCalls(dir);
        if (made !== null) tally.filled(cell, made.length, finished.filter(({ text }) => text !== null).length);
        return finished;
      }
      return generateCell({
        cell,
        dir,
        fitted,
        model,
        contexts: stage.contexts,
        calls,
        encoder: encoderOf(stage, method),
        decoding: experiment.decoding,
        root,
        queue,
        maxErrorRate: experiment.maxErrorRate,
        keepPrompts,
        redact,
        tally,
        progress: environment.progress,
        signal: environment.signal,
        onCall: () => bar.advance(),
        onSample: (sample) => environment.progress.emit({ type: "sample", cell, sample }),
      });
    }),
  );
  bar.done();
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

async function scoreCell(
  { runDir, environment }: RunScope,
  stage: Stage,
  fitted: FittedMethod,
  cell: CellId,
  scored: ScoredCell,
  samples: readonly Sample[],
): Promise<ResultRow[]> {
  const { indices } = await scored.made(scoredTexts(samples, stage.scorable));
  const contexts = indices.map((index) => stage.contexts[index]!);
  const rows = await scoreTexts(stage.scoring, {
    model: cell.model,
    method: cell.method,
    repeat: cell.repeat,
    cell: scored,
    evidence: evidenceOfMethod(fitted, stage.dataset.truth, contexts),
  });
  await writeRows(cellDir(runDir, cell), rows);
  environment.progress.emit({ type: "cell.scored", cell, rows });
  return rows;
}

/** Fits a method; what it asks is kept until it is done. */
export async function fitMethod(
  scope: RunScope,
  stage: Stage,
  model: BaseModel,
  named: Pick<NamedMethod, "id" | "method">,
  artifacts: string,
): Promise<FittedMethod> {
  const context = fitContext(scope, stage, model, named, artifacts);
  const { queue } = scope;
  const calls = new FitCalls({ ...context, dir: artifacts, queue, keepPrompts: false });
  try {
    const fitted = await named.method.fit({ ...context, ask: calls.ask });
    await calls.finish();
    return fitted;
  } finally {
    await calls.close();
  }
}

/** A cell as it is scored. @param read its samples; null: there are none */
export function scoredCell(
  { memory, scorable }: Pick<Stage, "memory" | "scorable">,
  cell: CellId,
  read: () => Promise<readonly Sample[] | null>,
): ScoredCell {
  return new ScoredCell(memory, cellPath(cell), async () => scoredTexts((await read()) ?? [], scorable));
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

function trainSize({ sharedPool }: RunScope, { dataset }: Stage): TrainSize {
  return { datasetId: dataset.id, train: dataset.parts.train, sharedPool };
}

/** The encoder that a method names, else the run's first. */
function encoderOf({ encoders }: Stage, { encoder: named }: Method): Encoder {
  const encoder = named === undefined ? encoders[0] : encoders.find((known) => known.id === named);
  if (encoder === undefined) throw new Error(`A run has encoders, \`${named ?? "a first one"}\` among them.`);
  return encoder;
}

/** @throws InterruptedError when the user asked to stop */
export function stopIfAsked({ environment }: Pick<RunScope, "environment">): void {
  if (environment.signal.aborted) throw new InterruptedError("Stopped.");
}
