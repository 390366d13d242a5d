import { CallError, RunFailedError } from "../../../core/errors.ts";
import type { Progress } from "../../../core/progress.ts";
import type { PopulationRecord } from "../../../core/record.ts";
import type { BaseModel } from "../../../models/model.ts";
import type { PromptRenderer } from "../../../prompts/prompt.ts";
import { mapConcurrently } from "../concurrent.ts";
import type { Persona } from "../personas/persona.ts";
import type { PairDesign } from "./design.ts";
import { type ScoreTable, scoreColumns } from "./score-table.ts";

/** Records scored between two writes: what a kill loses at most. */
const BLOCK = 32;
/** Share of calls that may fail before the fit gives up. */
const MAX_FAILED = 0.05;

/** How log p(y | g_k, x_j, y_j, x) is asked for. */
export interface PairScorer {
  readonly model: BaseModel;
  readonly prompts: PromptRenderer;
  readonly personas: readonly Persona[];
  /** null: prompts show no exemplar. */
  readonly pool: readonly PopulationRecord[] | null;
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

export interface PairScore {
  /** Sum over tokens, nats. */
  readonly total: number;
  readonly tokens: number;
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
      signal: scorer.signal,
    });
    return Number.isFinite(total) ? { total, tokens: tokens.length } : null;
  } catch (error) {
    if (error instanceof CallError && !error.fatal && error.kind !== "cancelled" && error.kind !== "budget")
      return null;
    throw error;
  }
}

/**
 * Fills the table with what it lacks of the design. Pairs drawn twice for a record are asked once.
 * @returns how many pairs have no score
 * @throws RunFailedError when more than 5 % of the calls fail or a record has no scored pair; what was scored is kept.
 */
export async function scoreDesign(
  scorer: PairScorer,
  records: readonly PopulationRecord[],
  design: PairDesign,
  temperature: number,
  table: ScoreTable,
  progress: Progress,
): Promise<number> {
  const S = design.perRecord;
  const width = scoreColumns.length;
  const bar = progress.bar("scoring pairs", records.length);
  bar.advance(table.scored);
  let failed = countFailed(table.values, table.scored * S);
  while (table.scored < records.length) {
    const first = table.scored;
    const count = Math.min(BLOCK, records.length - first);
    const jobs = new Map<string, number>();
    for (let t = first * S; t < (first + count) * S; t++) {
      const key = `${Math.floor(t / S)} ${design.persona[t]} ${design.exemplar[t]}`;
      if (!jobs.has(key)) jobs.set(key, t);
    }
    const asked = [...jobs.values()];
    const scores = await mapConcurrently(asked, scorer.concurrency, scorer.signal, (t) =>
      scorePair(scorer, records[Math.floor(t / S)]!, design.persona[t]!, design.exemplar[t]!, temperature),
    );
    const byKey = new Map([...jobs.keys()].map((key, i) => [key, scores[i] ?? null]));
    const rows = new Float64Array(count * S * width);
    for (let t = first * S; t < (first + count) * S; t++) {
      const score = byKey.get(`${Math.floor(t / S)} ${design.persona[t]} ${design.exemplar[t]}`) ?? null;
      rows.set(
        [
          design.persona[t]!,
          design.exemplar[t]!,
          design.logProposal[t]!,
          score?.total ?? Number.NEGATIVE_INFINITY,
          score?.tokens ?? 0,
        ],
        (t - first * S) * width,
      );
    }
    failed += countFailed(rows, count * S);
    // Checked before the block is kept, so that a resumed run asks again.
    if (failed > Math.max(S, MAX_FAILED * (first + count) * S))
      throw new RunFailedError(
        `${failed} of ${(first + count) * S} pairs could not be scored by ${scorer.model.id}. Check the model, then go on with --resume.`,
      );
    await table.append(rows);
    bar.advance(count);
  }
  bar.done();
  return failed;
}

function countFailed(rows: Float64Array, count: number): number {
  let failed = 0;
  for (let t = 0; t < count; t++) if (rows[t * scoreColumns.length + 3] === Number.NEGATIVE_INFINITY) failed++;
  return failed;
}
