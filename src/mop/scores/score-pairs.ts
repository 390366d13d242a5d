import { mapConcurrently } from "../../core/concurrent.ts";
import { ErrorBudget, FIT_ERROR_RATE, isBearable } from "../../core/error-budget.ts";
import { RunFailedError } from "../../core/errors.ts";
import type { Bar, Progress } from "../../core/progress.ts";
import type { PopulationRecord } from "../../core/record.ts";
import type { BaseModel } from "../../models/model.ts";
import type { PromptRenderer } from "../../prompts/prompt.ts";
import type { Persona } from "../personas/persona.ts";
import type { PairScore, ScoreStore } from "./score-store.ts";

/** So many calls may fail in any case. */
const FEW_FAILED = 16;

/** How log p(y | g_k, x_j, y_j, x) is asked for. */
export interface PairScorer {
  readonly model: BaseModel;
  readonly prompts: PromptRenderer;
  readonly personas: readonly Persona[];
  /** null: prompts show no exemplar. */
  readonly pool: readonly PopulationRecord[] | null;
  /** Whether the ends of texts are scored; absent: where the model can. */
  readonly end?: boolean | undefined;
  readonly concurrency: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** One score. null when this one call failed and others may go on. @throws CallError when the failure is fatal. */
export async function scorePair(
  scorer: PairScorer,
  record: PopulationRecord,
  k: number,
  j: number,
  temperature: number,
): Promise<PairScore | null> {
  const { model, prompts, personas, pool } = scorer;
  if (model.score === undefined) throw new RunFailedError(`${model.id} gives no log-probabilities of given texts.`);
  const prompt = prompts.render({
    context: record.context,
    persona: personas[k]!.text,
    exemplars: pool === null ? [] : [pool[j]!],
  });
  try {
    const { total, tokens } = await model.score({
      prompt,
      continuation: record.text,
      temperature,
      ...(scorer.end === undefined ? {} : { end: scorer.end }),
      signal: scorer.signal,
    });
    return Number.isFinite(total) ? { total, tokens: tokens.length } : null;
  } catch (error) {
    if (isBearable(error)) return null;
    throw error;
  }
}

/** Pairs of records: entry t asks for pair `pair[t]` of record `record[t]`. */
export interface RecordPairs {
  readonly record: ArrayLike<number>;
  readonly pair: ArrayLike<number>;
}

/** Scores pairs of a fit's records, each once: those that the store has are not asked for again. */
export class PairScores {
  readonly records: readonly PopulationRecord[];
  readonly temperature: number;
  readonly #scorer: PairScorer;
  readonly #store: ScoreStore;
  readonly #budget = new ErrorBudget({ rate: FIT_ERROR_RATE, few: FEW_FAILED });

  constructor(scorer: PairScorer, records: readonly PopulationRecord[], temperature: number, store: ScoreStore) {
    this.#scorer = scorer;
    this.records = records;
    this.temperature = temperature;
    this.#store = store;
  }

  /** Pairs that are kept without a score, since their calls failed: they drop out of the fit. */
  get failed(): number {
    return this.#store.failed;
  }

  /** The sum over tokens in nats; -Infinity where the call failed. @throws RangeError for a pair that was not asked for */
  get(record: number, pair: number): PairScore {
    const score = this.#store.get(record, pair);
    if (score === undefined) throw new RangeError(`Pair ${pair} of record ${record} was not scored.`);
    return score;
  }

  /**
   * Scores what is not there yet. Calls that failed are kept as failed once all others have been made: where they end the fit, or
   * a kill does, they are made again.
   * @param bar a bar's label, or one that goes on over several calls
   * @throws RunFailedError when more than 5 % of the calls fail; what was scored is kept
   */
  async ask({ record, pair }: RecordPairs, bar: string | Pick<Bar, "advance">): Promise<void> {
    const { pool, concurrency, signal, progress } = this.#scorer;
    const N = pool?.length ?? 1;
    const jobs: { readonly i: number; readonly p: number }[] = [];
    const wanted = new Set<string>();
    for (let t = 0; t < record.length; t++) {
      const [i, p] = [record[t]!, pair[t]!];
      if (this.#store.get(i, p) !== undefined || wanted.has(`${i} ${p}`)) continue;
      wanted.add(`${i} ${p}`);
      jobs.push({ i, p });
    }
    if (jobs.length === 0) return;
    const own = typeof bar === "string" ? progress.bar(bar, jobs.length) : null;
    const shown = typeof bar === "string" ? own : bar;
    const lost: typeof jobs = [];
    try {
      await mapConcurrently(jobs, concurrency, signal, async (job) => {
        const { i, p } = job;
        const score = await scorePair(this.#scorer, this.records[i]!, Math.floor(p / N), p % N, this.temperature);
        if (score !== null) {
          this.#budget.addSuccess();
          await this.#store.add(i, p, score);
        } else {
          if (this.#budget.addFailures()) throw this.#tooManyFailed();
          lost.push(job);
        }
        shown?.advance();
      });
      for (const { i, p } of lost) await this.#store.add(i, p, { total: Number.NEGATIVE_INFINITY, tokens: 0 });
    } finally {
      await this.#store.flush();
    }
    own?.done();
  }

  #tooManyFailed(): RunFailedError {
    const { failed, ended } = this.#budget;
    return new RunFailedError(
      `${failed} of ${ended} pairs could not be scored by ${this.#scorer.model.id}. Check the model, then go on with --resume.`,
    );
  }
}
