import type { CellId } from "../core/cell.ts";
import type { ResultRow } from "../core/result.ts";
import type { Sample } from "../core/sample.ts";
import { Stream } from "../core/stream.ts";
import { cellCost } from "../methods/cost.ts";
import type { FittedMethod, Method } from "../methods/method.ts";
import type { BaseModel } from "../models/model.ts";
import { countNotMade } from "./cell-samples.ts";
import { cellDir } from "./files/cell-files.ts";
import { removeJournal } from "./files/journal.ts";
import { isFull, readCalls, readSamples } from "./files/samples.ts";
import { generateCell } from "./generate-cell.ts";
import { encoderOf, type RunScope, trainSize } from "./scope.ts";
import type { Stage } from "./stage.ts";

/** The repeats of a fitted method. */
export interface OpenCells {
  readonly method: Method;
  readonly fitted: FittedMethod;
  readonly model: BaseModel;
  readonly cells: readonly CellId[];
  /** The rows of each that is finished. */
  readonly kept: readonly (readonly ResultRow[] | null)[];
  /** What the progress bar says. */
  readonly label: string;
}

/**
 * The second step: fills the cells of a fitted method, all unfinished repeats at once; the queue keeps the calls in flight bounded.
 * @returns the samples of each cell; none where its rows are there
 */
export async function generateAll(
  scope: RunScope,
  stage: Stage,
  { method, fitted, model, cells, kept, label }: OpenCells,
): Promise<(readonly Sample[])[]> {
  const { experiment, runDir, files, environment, queue, keepPrompts, layers, tally } = scope;
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
      const finished = (await isFull(files, dir)) ? await readSamples(files, dir) : null;
      if (finished !== null) {
        bar.advance(calls);
        // What a kill after the last sample left undone.
        await removeJournal(dir);
        const made = await readCalls(files, dir);
        if (made !== null) tally.filled(cell, made.length, finished.filter(({ text }) => text !== null).length);
        return finished;
      }
      return generateCell({
        cell,
        files,
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
        onStop: (reason) => layers.halt.note(reason), // the other repeats write to the same disk
        onSample: (sample) => environment.progress.emit({ type: "sample", cell, sample }),
      });
    }),
  );
  bar.done();
  const samples = outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
  const all = samples.flat();
  const left = countNotMade(all);
  if (left > 0)
    environment.progress.warn(
      `${cells[0]?.method} left ${left} of ${all.length} slots of ${stage.dataset.id} / ${model.id} without a text: \`error.kind: "not-made"\` marks them in samples.jsonl.`,
    );
  return samples;
}
