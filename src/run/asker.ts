import { isDeepStrictEqual } from "node:util";
import type PQueue from "p-queue";
import { isBearable } from "../core/error-budget.ts";
import { CallError, InputError, InterruptedError } from "../core/errors.ts";
import { hashOf } from "../core/hash.ts";
import { pacer } from "../core/pace.ts";
import type { Progress } from "../core/progress.ts";
import type { Decoding, KeptCall } from "../core/sample.ts";
import type { Stream } from "../core/stream.ts";
import type { BaseModel, Completion } from "../models/model.ts";
import { type AskedCall, type AskedChoice, type Choice, drawOf, type Reply } from "../prompts/ask.ts";
import { joinSlots } from "../prompts/join-slots.ts";
import type { Prompt } from "../prompts/prompt.ts";
import { Journal } from "./files/journal.ts";

/** Whose calls are asked, and who is told of them. */
export interface AskerJob {
  /** The folder of the journal. */
  readonly dir: string;
  /** Whose journal it is: what tells this cell or fit of this run from every other. */
  readonly owner: string;
  readonly model: BaseModel;
  readonly decoding: Decoding;
  /** A call's seed comes from the stream of its key below this one. */
  readonly random: Stream;
  /** Bounds the calls in flight. */
  readonly queue: PQueue;
  readonly signal: AbortSignal;
  /** Keep prompts with the calls. */
  readonly keepPrompts: boolean;
  /** What a slot's text becomes before it is sent. Default: itself. */
  readonly redact?: (text: string) => string;
  /** Whether a kept answer is none after all, to be asked for again. Default: none is. */
  readonly isNoAnswer?: (call: KeptCall) => boolean;
  /** Called for each call that ended, those that the journal held too. */
  readonly onCall?: () => void;
  /** Is told once where lines of the journal are not as they were written: those calls are made again. */
  readonly progress: Pick<Progress, "warn">;
  readonly onAnswer?: (completion: Pick<Completion, "retries" | "cachedAt" | "raw">) => void;
  /** Called for each call that failed for good and may be one of several. What it throws ends the asking. */
  readonly onFailure?: (error: CallError) => void;
  /** Called with what ends the asking, at once. */
  readonly onStop?: (reason: unknown) => void;
  /** What to throw for a failure that no later call can escape. Default: the failure itself. */
  readonly explain?: (error: CallError, call: Pick<AskedCall, "key" | "index">) => Error;
}

/** What a call is told that comes after the end. */
export const ASKED_LATE = "This call came after what it belongs to had ended: it is not made.";

/** What one kind of call adds to what is kept of every call. */
type Answer = Pick<KeptCall, "text" | "raw" | "tokensIn" | "tokensOut" | "finish" | "choice"> & {
  readonly told: Pick<Completion, "retries" | "cachedAt" | "raw">;
};

/**
 * Makes the calls of one cell or fit, each once: an answer that the journal holds to the same prompt is taken from there, a new
 * one is kept there before it is given. A call's seed depends on its key alone: order and concurrency change nothing. The first
 * error that is more than one failed call ends the asking: no later call is made.
 */
export class Asker {
  readonly #job: AskerJob;
  readonly #journal: Journal;
  readonly #calls: Map<string, KeptCall>;
  readonly #asked = new Map<string, { readonly promptHash: string; readonly kept: Promise<KeptCall> }>();
  readonly #failures = new Map<string, CallError>();
  readonly #breathe = pacer();
  #stopped: { readonly reason: unknown } | null = null;
  #closed = false;

  private constructor(job: AskerJob, journal: Journal, calls: Map<string, KeptCall>) {
    this.#job = job;
    this.#journal = journal;
    this.#calls = calls;
  }

  static async open(job: AskerJob): Promise<Asker> {
    const { journal, calls, damaged } = await Journal.open(job.dir, job.owner);
    if (damaged > 0) job.progress.warn(journal.warningOf(damaged));
    for (const [key, call] of calls) if (job.isNoAnswer?.(call)) calls.delete(key);
    return new Asker(job, journal, calls);
  }

  /** What is kept, by key: what the journal held at first, and each call since. */
  get calls(): ReadonlyMap<string, KeptCall> {
    return this.#calls;
  }

  /** What ended the asking; null while nothing did. */
  get stopped(): { readonly reason: unknown } | null {
    return this.#stopped;
  }

  /** @throws CallError when the call failed for good; otherwise what ended the asking, InterruptedError after `close` */
  async ask(call: AskedCall): Promise<Reply> {
    const { model, decoding, signal } = this.#job;
    const { prompt } = call;
    const { text, cached } = await this.#once(call, prompt.hash, async (seed, sampleIndex) => {
      const asked = { prompt, decoding: { ...decoding, ...ownDecoding(call) }, seed, sampleIndex, signal };
      const completion = await model.generate(asked);
      const { text, raw, tokensIn, tokensOut, finish } = completion;
      return { text, ...(raw === undefined ? {} : { raw }), tokensIn, tokensOut, finish, told: completion };
    });
    if (text === null) throw new Error(`The journal holds no answer under \`${call.key}\`.`);
    return { text, cached };
  }

  /** @throws InputError when the model cannot choose; otherwise as `ask` */
  async choose(call: AskedChoice): Promise<Choice> {
    const { model, signal } = this.#job;
    const { prompt, options, order, maxTokens } = call;
    const asked = { prompt, options, ...(order && { order }), ...(maxTokens && { maxTokens }) };
    // The options are part of what is asked: the same question about others is another call.
    const asks = hashOf([prompt.hash, options, order ?? "given"]);
    const { choice } = await this.#once(call, asks, async (seed, sampleIndex) => {
      if (model.choose === undefined) throw new InputError(`${model.id} cannot choose among options.`);
      const chosen = await model.choose({ ...asked, seed, sampleIndex, signal });
      const { tokensIn = null, tokensOut = null } = chosen;
      const logProbabilities = chosen.logProbabilities?.map((value) => (Number.isFinite(value) ? value : null)) ?? null;
      const choice = { index: chosen.index, logProbabilities };
      return { text: null, tokensIn, tokensOut, finish: null, choice, told: chosen };
    });
    if (choice === undefined) throw new Error(`The journal holds no choice under \`${call.key}\`.`);
    const logProbabilities = choice.logProbabilities?.map((value) => value ?? Number.NEGATIVE_INFINITY) ?? null;
    return { index: choice.index, logProbabilities };
  }

  /** Ends the asking: no later call is made. The first reason stays. */
  stop(reason: unknown): void {
    this.#stopped ??= { reason };
    this.#job.onStop?.(reason);
  }

  /** Waits for what is in flight, then closes the journal, which stays. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#asked.values()].map(({ kept }) => kept));
    this.#closed = true;
    await this.#journal.close();
  }

  /** Removes the journal, once closed. */
  async removeJournal(): Promise<void> {
    await this.#journal.remove();
  }

  async #once(
    call: AskedCall | AskedChoice,
    promptHash: string,
    make: (seed: number, sampleIndex: number) => Promise<Answer>,
  ): Promise<KeptCall & { readonly cached: boolean }> {
    const { key } = call;
    const before = this.#asked.get(key);
    if (before !== undefined && before.promptHash !== promptHash)
      throw new Error(`Two calls have the key \`${key}\`: give each call its own.`);
    const known = this.#calls.get(key);
    const own = ownDecoding(call);
    if (before === undefined && known?.promptHash === promptHash && isDeepStrictEqual(known.decoding ?? {}, own)) {
      const kept = { ...known, ...this.#sent(call.prompt) };
      this.#calls.set(key, kept);
      this.#asked.set(key, { promptHash, kept: Promise.resolve(kept) });
      this.#job.onCall?.();
      return { ...kept, cached: true };
    }
    const kept = before?.kept ?? this.#job.queue.add(() => this.#make(call, promptHash, make));
    if (before === undefined) this.#asked.set(key, { promptHash, kept });
    const made = await kept;
    const failure = this.#failures.get(key);
    if (failure !== undefined) throw failure;
    return { ...made, cached: before !== undefined };
  }

  /** Makes a call and keeps it. @throws what ends the asking */
  async #make(
    call: AskedCall | AskedChoice,
    promptHash: string,
    make: (seed: number, sampleIndex: number) => Promise<Answer>,
  ): Promise<KeptCall> {
    const { key, prompt } = call;
    const { random, signal, onCall, onAnswer, onFailure, explain } = this.#job;
    const decoding = ownDecoding(call);
    const about = { key, promptHash, ...(Object.keys(decoding).length > 0 && { decoding }) };
    const sent = this.#sent(prompt);
    const { seed, sampleIndex } = drawOf(random, call);
    try {
      await this.#breathe();
      if (this.#stopped !== null) throw this.#stopped.reason;
      if (this.#closed) throw new InterruptedError(ASKED_LATE);
      if (signal.aborted) throw new InterruptedError("Stopped.");
      this.#journal.check(); // an answer that cannot be kept is not paid for
      let kept: { readonly call: KeptCall; readonly written: Promise<void> };
      try {
        const { told, ...answer } = await make(seed, sampleIndex);
        kept = this.#keep({ ...about, ...answer, error: null, ...sent });
        onAnswer?.(told);
        onCall?.();
      } catch (error) {
        if (signal.aborted) throw new InterruptedError("Stopped.");
        if (!isBearable(error)) throw error instanceof CallError ? (explain?.(error, call) ?? error) : error;
        this.#failures.set(key, error);
        const { kind, message, answer } = error;
        const none = { text: null, raw: answer, tokensIn: null, tokensOut: null, finish: "error" as const };
        kept = this.#keep({ ...about, ...none, error: { kind, message }, ...sent });
        onCall?.();
        onFailure?.(error);
      }
      await kept.written; // the next call takes this one's place in the queue: what is not kept yet is bounded by it
      return kept.call;
    } catch (error) {
      this.stop(error);
      throw error;
    }
  }

  /** The prompt as the model is sent it, where prompts are kept. */
  #sent({ instruction, persona, example, task }: Prompt): Pick<KeptCall, "prompt"> {
    const { keepPrompts, redact = (text) => text } = this.#job;
    if (!keepPrompts) return {};
    const sent = {
      instruction: redact(instruction),
      persona: redact(persona),
      example: redact(example),
      task: redact(task),
    };
    return { prompt: joinSlots(sent) };
  }

  #keep(call: KeptCall): { readonly call: KeptCall; readonly written: Promise<void> } {
    this.#calls.set(call.key, call);
    return { call, written: this.#journal.append(call) };
  }
}

/** What a call asks of decoding beyond the run's setting. A setting that is there and undefined is none, as in the journal. */
function ownDecoding(call: AskedCall | AskedChoice): Partial<Decoding> {
  const own = "decoding" in call ? (call.decoding ?? {}) : {};
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}
