import type { Ask } from "../prompts/ask.ts";
import { Asker, type AskerJob } from "./asker.ts";
import { removeJournal } from "./files/journal.ts";

/**
 * What a fit asks its model: each call once, also when the fit is interrupted and begun again. The journal lies in the fit's folder
 * until the fit has ended, when what it learned from the answers stands in files of its own.
 */
export class FitCalls {
  readonly #job: AskerJob;
  #opened: Promise<Asker> | null = null;

  /** Opens nothing before the first call: most fits ask for no answer. */
  constructor(job: AskerJob) {
    this.#job = job;
  }

  readonly ask: Ask = async (call) => {
    // A fit that an answer without text ended would never get further by keeping it.
    this.#opened ??= Asker.open({ ...this.#job, isNoAnswer: ({ text }) => text?.trim() === "" });
    return (await this.#opened).ask(call);
  };

  /** The fit has ended: closes and removes the journal, also one that a kill left. */
  async finish(): Promise<void> {
    await this.close();
    await removeJournal(this.#job.dir);
  }

  /** Closes the journal, which stays. */
  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    await (await opened)?.close();
  }
}
