import type PQueue from "p-queue";
import { type CellId, cellPath } from "../core/cell.ts";
import { CallError, type FailureKind, InputError, InterruptedError, RunFailedError } from "../core/errors.ts";
import { pacer } from "../core/pace.ts";
import type { Context } from "../core/record.ts";
import type { Decoding, Sample } from "../core/sample.ts";
import type { Stream } from "../core/stream.ts";
import type { FittedMethod } from "../methods/method.ts";
import type { BaseModel } from "../models/model.ts";
import type { CellTally } from "./cell-calls.ts";
import { Journal } from "./files/journal.ts";
import { HALF_REASONING, withoutHalfReasoning } from "./half-reasoning.ts";

/** A cell to be filled with answers. */
export interface CellJob {
  readonly cell: CellId;
  /** The cell's folder. */
  readonly dir: string;
  readonly fitted: FittedMethod;
  readonly model: BaseModel;
  /** One a sample. */
  readonly contexts: readonly Context[];
  readonly decoding: Decoding;
  /** The run's root stream. */
  readonly root: Stream;
  /** Bounds the calls in flight over all cells. */
  readonly queue: PQueue;
  readonly maxErrorRate: number;
  /** Keep the rendered prompts beside the answers. */
  readonly keepPrompts: boolean;
  readonly signal: AbortSignal;
  /** Counts how answers were come by. */
  readonly tally: CellTally;
  /** Called as each sample is there. */
  readonly onSample: () => void;
}

/** So many first answers without text, and none with: no later one will have any. */
const FIRST_ANSWERS = 3;

/** Failures of answers whose tokens ended before any text. */
const NO_ROOM: ReadonlySet<string> = new Set<FailureKind>(["reasoning", "length"]);

/**
 * Asks for every sample of a cell that its journal does not hold yet, and writes samples.jsonl. Each sample's randomness comes
 * from (seed, cell, index) alone: order and concurrency change nothing.
 * @throws InterruptedError when `signal` fires, RunFailedError when a call fails for good or too many fail, InputError when the
 * server takes no such request or the first answers have no text; in each case all answers that arrived are in the journal
 */
export async function generateCell(job: CellJob): Promise<readonly Sample[]> {
  const { cell, model } = job;
  const { journal, done } = await Journal.open(job.dir);
  const allowed = Math.floor(job.maxErrorRate * job.contexts.length);
  let errors = 0;
  let failure: unknown = null;
  const tasks: Promise<void>[] = [];
  const breathe = pacer();
  const ask = async (index: number) => {
    if (failure !== null) return;
    try {
      await breathe();
      const sample = await answer(job, index);
      done.set(index, sample);
      journal.append(sample);
      job.onSample();
      if (sample.error === null) return;
      errors += 1;
      const { kind, message } = sample.error;
      const onlyThese = NO_ROOM.has(kind) && errors === done.size;
      if (onlyThese && (errors >= FIRST_ANSWERS || errors > allowed)) throw noRoom(job, errors, message);
      if (errors > allowed) throw tooManyErrors(job, errors, message);
    } catch (error) {
      failure ??= error;
    }
  };
  for (let index = 0; index < job.contexts.length && failure === null; index++) {
    if (done.has(index)) {
      job.onSample();
      continue;
    }
    await job.queue.onSizeLessThan(job.queue.concurrency);
    tasks.push(job.queue.add(() => ask(index)));
  }
  await Promise.all(tasks);
  if (failure !== null) {
    await journal.close();
    throw failure;
  }
  const samples = withoutHalfReasoning(
    model,
    [...done.values()].sort((a, b) => a.index - b.index),
  );
  const halves = samples.filter((sample) => sample.error !== null).length - errors;
  if (halves > 0 && errors + halves > allowed) {
    await journal.close();
    throw tooManyErrors(job, errors + halves, HALF_REASONING);
  }
  job.tally.disowned(cell, halves);
  await journal.finish(samples);
  return samples;
}

async function answer(job: CellJob, index: number): Promise<Sample> {
  if (job.signal.aborted) throw new InterruptedError("Stopped.");
  const { cell, model, fitted } = job;
  const context = job.contexts[index]!;
  const random = job.root.derive("sample", cell.dataset, cell.model ?? "", cell.method, cell.repeat, index);
  const draw = fitted.draw(context, random.derive("draw"));
  const asked = {
    id: `${cellPath(cell)}/${index}`,
    index,
    context: context.text,
    label: context.label,
    persona: draw.persona,
    exemplars: draw.exemplars,
    promptHash: draw.prompt.hash,
  };
  const prompt = job.keepPrompts ? { prompt: slots(draw.prompt) } : {};
  try {
    const completion = await model.generate({
      prompt: draw.prompt,
      decoding: { ...job.decoding, ...draw.decoding },
      seed: random.uint32(),
      sampleIndex: index,
      signal: job.signal,
    });
    job.tally.answered(cell, completion);
    const { text: given, raw = given, tokensIn, tokensOut, finish } = completion;
    const text = fitted.clean === undefined ? given.trim() : fitted.clean(given);
    return { ...asked, text, raw, tokensIn, tokensOut, finish, error: null, ...prompt };
  } catch (error) {
    if (job.signal.aborted) throw new InterruptedError("Stopped.");
    if (!(error instanceof CallError)) throw error;
    if (error.fatal || error.kind === "canceled")
      throw new RunFailedError(`${model.id} (${cellPath(cell)}, sample ${index}): ${error.message}`, { cause: error });
    job.tally.failed(cell, error);
    const failed = { kind: error.kind, message: error.message };
    return {
      ...asked,
      text: null,
      raw: error.answer,
      tokensIn: null,
      tokensOut: null,
      finish: "error",
      error: failed,
      ...prompt,
    };
  }
}

function slots({
  instruction,
  persona,
  example,
  task,
}: {
  instruction: string;
  persona: string;
  example: string;
  task: string;
}) {
  const join = (...parts: string[]) => parts.filter((part) => part !== "").join("\n\n");
  return { system: join(instruction, persona), user: join(example, task) };
}

function noRoom({ model, cell, decoding }: CellJob, errors: number, last: string): InputError {
  const those = errors === 1 ? "the first answer has" : `the first ${errors} answers have`;
  return new InputError(
    `${model.id} (${cellPath(cell)}): ${those} no text within ${decoding.maxTokens} tokens. ${last}`,
  );
}

function tooManyErrors(job: CellJob, errors: number, last: string): RunFailedError {
  return new RunFailedError(
    `${job.model.id} (${cellPath(job.cell)}): ${errors} of ${job.contexts.length} calls failed, more than maxErrorRate ` +
      `${job.maxErrorRate} allows. The last one: ${last}`,
  );
}
