import path from "node:path";
import { z } from "zod";
import type { AtMost } from "../../models/layers/budget.ts";
import type { Spent } from "../../models/layers/meter.ts";
import { DamagedError, readSealed, writeSealed } from "../../storage/sealed.ts";

const kept = z.object({
  schema: z.literal(1),
  /** Of the run whose file it is. */
  configHash: z.string(),
  calls: z.int().min(0),
  tokens: z.number().min(0),
  usd: z.number().min(0).nullable(),
});

/**
 * budget.json in a run's folder: what the budget is held against, written before an attempt is sent, so that a process that is
 * killed forgets none. Attempts that were in flight then stay counted at their bound. There in runs with a budget alone.
 */
export class BudgetFile {
  readonly #file: string;
  readonly #configHash: string;
  #latest: AtMost | null = null;
  /** The last write that was begun or waits. */
  #writing: Promise<void> = Promise.resolve();
  /** A write that waits, and will take what is latest then. */
  #next: Promise<void> | null = null;

  constructor(runDir: string, configHash: string) {
    this.#file = path.join(runDir, "budget.json");
    this.#configHash = configHash;
  }

  /** What run.json says was spent, held against no less than this file says. A damaged file is not believed: run.json is. */
  async spentBefore(known: Spent): Promise<Spent> {
    const ours = await readSealed(this.#file, kept).catch((error: unknown) => {
      if (error instanceof DamagedError) return null;
      throw error;
    });
    if (ours === null || ours.configHash !== this.#configHash) return known;
    const { calls, tokens, usd } = ours;
    const { atMost = { calls: 0, tokens: 0, usd: 0 } } = known;
    const both = usd === null || atMost.usd === null ? null : Math.max(usd, atMost.usd);
    const most = { calls: Math.max(calls, atMost.calls), tokens: Math.max(tokens, atMost.tokens), usd: both };
    return { ...known, atMost: most };
  }

  /** Resolves when this, or something later, is on disk. Those who ask while a write goes on share the next. */
  readonly keep = (atMost: AtMost): Promise<void> => {
    this.#latest = atMost;
    if (this.#next !== null) return this.#next;
    const write = () => this.#write();
    this.#next = this.#writing.then(write, write);
    this.#writing = this.#next;
    return this.#next;
  };

  /** Resolves when no write goes on. */
  async written(): Promise<void> {
    await this.#writing.catch(() => {}); // whoever asked for it has heard
  }

  async #write(): Promise<void> {
    this.#next = null;
    await writeSealed(this.#file, JSON.stringify({ schema: 1, configHash: this.#configHash, ...this.#latest }));
  }
}
