import { InterruptedError } from "../core/errors.ts";
import type { Ask, AskedCall, Reply } from "../prompts/ask.ts";
import { ASKED_LATE, Asker, type AskerJob } from "./asker.ts";
import { removeJournal } from "./files/journal.ts";

/**
 * What a fit asks its model: each call once, also when the fit is interrupted and begun again. The journal lies in the fit's folder
 * until the fit has ended, when what it learned from the answers stands in files of its own. A call that comes after the end, of
 * a fit that did not wait for it or whose failure it outlived, is refused and never paid for.
 */
export class FitCalls {
  readonly #job: AskerJob;
  #opened: Promise<Asker> | null = null;
  #ended: { readonly reason: unknown } | null = null;
  #closed: Promise<void> | null = null;

  /** Opens nothing before the first call: most fits ask for no answer. */
  constructor(job: AskerJob) {
    this.#job = job;
  }

  readonly ask: Ask = (call) => {
    const reply = this.#ask(call);
    reply.catch(() => {}); // refused to a fit that no longer waits for it, it must not end the process
    return reply;
  };

  /** The fit failed: calls that wait are not made, and later ones throw the reason. The first reason stays. */
  async stop(reason: unknown): Promise<void> {
    this.#ended ??= { reason };
    (await this.#opened)?.stop(reason);
  }

  /** The fit has ended: closes and removes the journal, also one that a kill left. */
  async finish(): Promise<void> {
    await this.close();
    await removeJournal(this.#job.dir);
  }

  /** Waits for what is in flight, then closes the journal, which stays. */
  close(): Promise<void> {
    this.#ended ??= { reason: new InterruptedError(ASKED_LATE) };
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #ask(call: AskedCall): Promise<Reply> {
    this.#refuseLate();
    // A fit that an answer without text ended would never get further by keeping it.
    this.#opened ??= Asker.open({ ...this.#job, isNoAnswer: ({ text }) => text?.trim() === "" });
    const asker = await this.#opened;
    this.#refuseLate();
    return asker.ask(call);
  }

  #refuseLate(): void {
    if (this.#ended !== null) throw this.#ended.reason;
  }

  async #close(): Promise<void> {
    await (await this.#opened)?.close();
  }
}
