import type PQueue from "p-queue";
import { type CellId, cellPath } from "../core/cell.ts";
import { mapConcurrently } from "../core/concurrent.ts";
import { ErrorBudget, isBearable } from "../core/error-budget.ts";
import { type FailureKind, InputError, RunFailedError } from "../core/errors.ts";
import type { Progress } from "../core/progress.ts";
import type { Context } from "../core/record.ts";
import type { Decoding, Sample } from "../core/sample.ts";
import type { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { CellTask, FittedMethod, Produced } from "../methods/method.ts";
import type { BaseModel } from "../models/model.ts";
import { Asker } from "./asker.ts";
import type { CellTally } from "./cell-calls.ts";
import { haveOwnCalls, sampleOf } from "./cell-samples.ts";
import { removeJournal } from "./files/journal.ts";
import type { RunFiles } from "./files/run-files.ts";
import { writeSamples } from "./files/samples.ts";
import { HALF_REASONING, halfReasoned } from "./half-reasoning.ts";

/** A cell to be filled with texts. */
export interface CellJob {
  readonly cell: CellId;
  readonly files: RunFiles;
  /** The cell's folder. */
  readonly dir: string;
  readonly fitted: FittedMethod;
  readonly model: BaseModel;
  /** One a sample. */
  readonly contexts: readonly Context[];
  /** Calls it makes at most: what `maxErrorRate` is a share of. */
  readonly calls: number;
  readonly decoding: Decoding;
  readonly encoder: Encoder;
  /** The run's root stream. */
  readonly root: Stream;
  /** Bounds the calls in flight over all cells. */
  readonly queue: PQueue;
  readonly maxErrorRate: number;
  /** Keep the rendered prompts beside the answers. */
  readonly keepPrompts: boolean;
  /** What a slot's text becomes before it is sent. */
  readonly redact: (text: string) => string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Counts how answers were come by. */
  readonly tally: CellTally;
  /** Called as each call has ended. */
  readonly onCall: () => void;
  /** Called with what ends the cell's asking, at once. */
  readonly onStop?: (reason: unknown) => void;
  /** Called as each sample is there; one whose reasoning turns out to be cut off is an error in the end. */
  readonly onSample: (sample: Sample) => void;
}

const NO_CALLS: ReadonlySet<string> = new Set();

/** So many first answers without text, and none with: no later one will have any. */
const FIRST_ANSWERS = 3;

/** Failures of answers whose tokens ended before any text. */
const NO_ROOM: ReadonlySet<string> = new Set<FailureKind>(["reasoning", "length"]);

/**
 * Lets the method fill a cell and writes samples.jsonl; answers that the cell's journal holds are not asked for again. Each call's
 * randomness comes from (seed, cell, key) alone: order and concurrency change nothing.
 * @throws InterruptedError when `signal` fires, RunFailedError when a call fails for good or too many fail, InputError when the
 * server takes no such request or the first answers have no text; in each case all answers that arrived are in the journal
 */
export async function generateCell(job: CellJob): Promise<readonly Sample[]> {
  const { cell, dir, files, model, tally } = job;
  const random = job.root.derive("sample", cell.dataset, cell.model ?? "", cell.method, cell.repeat);
  const budget = new ErrorBudget({ rate: job.maxErrorRate, calls: job.calls });
  const asker = await Asker.open({
    ...job,
    owner: JSON.stringify(["cell", files.runId, cell.dataset, cell.model, cell.method, cell.repeat]),
    random,
    onAnswer: (completion) => {
      budget.addSuccess();
      tally.answered(cell, completion);
    },
    onFailure: (error) => {
      tally.failed(cell, error);
      const exceeded = budget.addFailures();
      const onlyThese = NO_ROOM.has(error.kind) && budget.failed === asker.calls.size;
      if (onlyThese && (exceeded || budget.failed >= FIRST_ANSWERS)) throw noRoom(job, budget.failed, error.message);
      if (exceeded) throw tooManyErrors(job, budget.failed, error.message);
    },
    explain: (error, { key, index }) => {
      const which = index === undefined ? `call ${key}` : `sample ${index}`;
      return new RunFailedError(`${model.id} (${cellPath(cell)}, ${which}): ${error.message}`, { cause: error });
    },
  });
  const slots: (Produced | null)[] = job.contexts.map(() => null);
  try {
    await job.fitted.fill(taskOf(job, random, asker), (produced) => {
      if (slots[produced.slot] !== null)
        throw new RangeError(`${cell.method} put slot ${produced.slot}: none of the cell's, or put before.`);
      slots[produced.slot] = produced;
      const context = job.contexts[produced.slot]!;
      job.onSample(sampleOf(cell, context, produced.slot, produced, { calls: asker.calls, halves: NO_CALLS }));
    });
  } catch (error) {
    asker.stop(error);
  } finally {
    await asker.close();
  }
  if (asker.stopped !== null) throw asker.stopped.reason;
  const halves = halfReasoned(model, asker.calls.values());
  if (halves.size > 0 && budget.addFailures(halves.size)) throw tooManyErrors(job, budget.failed, HALF_REASONING);
  tally.disowned(cell, halves.size);
  const answers = { calls: asker.calls, halves };
  const samples = slots.map((produced, i) => sampleOf(cell, job.contexts[i]!, i, produced, answers));
  const calls = haveOwnCalls(samples) ? null : asker.calls;
  if (calls !== null) tally.filled(cell, calls.size, samples.filter(({ text }) => text !== null).length);
  await writeSamples(files, dir, samples, calls?.values());
  await removeJournal(dir);
  return samples;
}

function taskOf({ contexts, encoder, progress, signal, queue }: CellJob, random: Stream, asker: Asker): CellTask {
  return {
    contexts,
    random,
    encoder,
    progress,
    signal,
    async each(n, work) {
      const slots = Array.from({ length: n }, (_, i) => i);
      await mapConcurrently(slots, queue.concurrency, signal, work);
    },
    ask: (call) => asker.ask(call).catch(nullIfBearable),
    choose: (call) => asker.choose(call).catch(nullIfBearable),
  };
}

/** One failed call is counted already; the cell goes on without its answer. */
function nullIfBearable(error: unknown): null {
  if (isBearable(error)) return null;
  throw error;
}

function noRoom({ model, cell, decoding }: CellJob, errors: number, last: string): InputError {
  const those = errors === 1 ? "the first answer has" : `the first ${errors} answers have`;
  return new InputError(
    `${model.id} (${cellPath(cell)}): ${those} no text within ${decoding.maxTokens} tokens. ${last}`,
  );
}

function tooManyErrors(job: CellJob, errors: number, last: string): RunFailedError {
  return new RunFailedError(
    `${job.model.id} (${cellPath(job.cell)}): ${errors} of ${job.calls} calls failed, more than maxErrorRate ` +
      `${job.maxErrorRate} allows. The last one: ${last}`,
  );
}
