import path from "node:path";
import { z } from "zod";
import { InputError } from "../../core/errors.ts";
import type { AtMost, Ledger } from "../../models/layers/budget.ts";
import type { Spent } from "../../models/layers/meter.ts";
import { codeOf } from "../../storage/file-problem.ts";
import { DamagedError, readSealed, writeSealed } from "../../storage/sealed.ts";
import type { RunFolder } from "./run-folder.ts";

const kept = z.object({
  schema: z.literal(1),
  /** The run whose file it is: `id` of its run.json. */
  run: z.string(),
  configHash: z.string(),
  calls: z.int().min(0),
  tokens: z.number().min(0),
  usd: z.number().min(0).nullable(),
});

type Kept = z.output<typeof kept>;

const FILE = "budget.json";

/** Which run a folder's is, and what it spent before. */
export interface BegunRun {
  readonly runId: string;
  readonly spent: Partial<Spent>;
  /** Keeps what the budget is held against; null: the run has none. */
  readonly ledger: Ledger | null;
}

/**
 * budget.json in a run's folder: what the budget is held against, written before an attempt is sent, so that a process that is
 * killed forgets none. Attempts that were in flight then stay counted at their bound. There in runs with a budget alone, and there
 * before their run.json is, so that where it is not, it was lost.
 */
export class BudgetFile {
  readonly #folder: RunFolder;
  readonly #configHash: string;
  readonly #bounded: boolean;
  #runId = "";
  #latest: AtMost = { calls: 0, tokens: 0, usd: 0 };
  /** The last write that was begun or waits. */
  #writing: Promise<void> = Promise.resolve();
  /** A write that waits, and will take what is latest then. */
  #next: Promise<void> | null = null;

  /** @param bounded whether the run has a budget now */
  constructor(folder: RunFolder, configHash: string, bounded: boolean) {
    this.#folder = folder;
    this.#configHash = configHash;
    this.#bounded = bounded;
  }

  /**
   * Begins a run or goes on with one: what run.json says was spent is held against no less than this file says. A run that was killed
   * before its first run.json is the one that this file names.
   * @param newId of a run that was not begun
   * @throws InputError where the run has a budget, and what it is held against is lost
   */
  async begin(newId: string): Promise<BegunRun> {
    const { previous } = this.#folder;
    const found = await this.#found(previous?.id ?? null, Object.keys(previous?.config.budget ?? {}).length > 0);
    this.#runId = previous?.id ?? found?.run ?? newId;
    const spent: Partial<Spent> =
      found === null ? (previous?.calls ?? {}) : { ...previous?.calls, atMost: most(found, previous?.calls) };
    if (!this.#bounded) return { runId: this.#runId, spent, ledger: null };
    if (found === null) await this.keep(spent.atMost ?? this.#latest);
    return { runId: this.#runId, spent, ledger: this.keep };
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

  /**
   * What the file holds; null where it is none of this run's and need not be.
   * @param run null: it has no run.json
   * @param hadBudget whether the run had a budget when run.json was written
   */
  async #found(run: string | null, hadBudget: boolean): Promise<Kept | null> {
    const found = await read(path.join(this.#folder.dir, FILE));
    // What is left of another config's run that never began is nothing to this one.
    if (typeof found === "object" && run === null) return found.configHash === this.#configHash ? found : null;
    if (typeof found === "object" && found.run === run) return found;
    if (!this.#bounded || (found === "missing" && !hadBudget)) return null;
    const what = typeof found === "object" ? "another run's" : found;
    throw new InputError(
      `${path.join(this.#folder.shown, FILE)} is ${what}, so nobody knows what is left of the budget; put it back, take \`budget\` out of the config to go on without one, or start anew with --out: answers that the cache holds are not asked for again.`,
    );
  }

  async #write(): Promise<void> {
    this.#next = null;
    const content = { schema: 1, run: this.#runId, configHash: this.#configHash, ...this.#latest };
    await writeSealed(path.join(this.#folder.dir, FILE), JSON.stringify(content));
  }
}

async function read(file: string): Promise<Kept | "missing" | "damaged"> {
  try {
    return (await readSealed(file, kept)) ?? "missing";
  } catch (error) {
    if (error instanceof DamagedError || codeOf(error) === "EISDIR") return "damaged";
    throw error;
  }
}

/** The larger of what both know. */
function most({ calls, tokens, usd }: AtMost, known: Spent | undefined): AtMost {
  const { atMost = { calls: 0, tokens: 0, usd: 0 } } = known ?? {};
  const both = usd === null || atMost.usd === null ? null : Math.max(usd, atMost.usd);
  return { calls: Math.max(calls, atMost.calls), tokens: Math.max(tokens, atMost.tokens), usd: both };
}
