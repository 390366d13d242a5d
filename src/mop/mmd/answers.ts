import path from "node:path";
import { z } from "zod";
import { mapConcurrently } from "../../core/concurrent.ts";
import { ErrorBudget, FIT_ERROR_RATE, isBearable } from "../../core/error-budget.ts";
import { RunFailedError } from "../../core/errors.ts";
import { hashOf } from "../../core/hash.ts";
import type { PopulationRecord } from "../../core/record.ts";
import type { Decoding } from "../../core/sample.ts";
import type { Stream } from "../../core/stream.ts";
import { readSealedOrNone, writeSealed } from "../../storage/sealed.ts";
import { askOf, type FitContext } from "../fit-context.ts";
import type { Persona } from "../personas/persona.ts";
import type { Candidates } from "./candidates.ts";

/** What `<name>.json` holds. */
const keptAnswers = z.object({ key: z.string(), texts: z.array(z.string().nullable()) });

/** What answers are asked for. */
export interface AnswerPlan {
  readonly candidates: Candidates;
  readonly personas: readonly Persona[];
  /** Empty: prompts show no exemplar. */
  readonly pool: readonly PopulationRecord[];
  /** Answers of each candidate pair. */
  readonly perPair: number;
  readonly decoding: Decoding;
}

/**
 * Draws the answers of every candidate pair, to the contexts of `records` as often as they stand there: answer a of pair p at
 * p * perPair + a, null where a call failed. They are kept in `<name>.json`; equal ones that lie there are taken. Until all are
 * there the context's \`ask\` keeps each.
 * @throws RunFailedError when more than 5 % of the calls fail; CallError when a failure is fatal
 */
export async function drawAnswers(
  context: FitContext,
  name: string,
  plan: AnswerPlan,
  records: readonly PopulationRecord[],
  random: Stream,
): Promise<readonly (string | null)[]> {
  const { model, prompts, concurrency, signal, progress, artifactDir } = context;
  const { candidates, personas, pool, perPair, decoding } = plan;
  const order = random.derive("contexts").permutation(records.length);
  const jobs = Array.from({ length: candidates.persona.length * perPair }, (_, t) => {
    const p = Math.floor(t / perPair);
    return prompts.render({
      context: records[order[t % order.length]!]!.context,
      persona: personas[candidates.persona[p]!]!.text,
      exemplars: pool.length === 0 ? [] : [pool[candidates.exemplar[p]!]!],
    });
  });
  const key = hashOf({
    prompts: jobs.map(({ hash }) => hash),
    model: [model.id, model.description],
    decoding: { ...decoding },
    seed: random.derive("seeds").name,
  });
  const file = path.join(artifactDir, `${name}.json`);
  const kept = await readSealedOrNone(file, keptAnswers);
  if (kept?.key === key && kept.texts.length === jobs.length) return kept.texts;
  progress.note(`${name}: ${jobs.length} answers of ${model.id} (${candidates.persona.length} pairs x ${perPair}).`);
  const bar = progress.bar("drawing answers", jobs.length);
  const ask = askOf(context);
  const budget = new ErrorBudget({ rate: FIT_ERROR_RATE, calls: jobs.length });
  const texts = await mapConcurrently(jobs, concurrency, signal, async (prompt, t) => {
    try {
      const seed = random.derive("seeds", t).uint32();
      const { text } = await ask({ key: `${name}-${key}/${t}`, prompt, decoding, seed, index: t });
      return text.trim();
    } catch (error) {
      if (!isBearable(error)) throw error;
      if (budget.addFailures())
        throw new RunFailedError(
          `${budget.failed} of ${jobs.length} answers of ${model.id} failed. The last one: ${error.message}`,
        );
      return null;
    } finally {
      bar.advance(1);
    }
  });
  bar.done();
  await writeSealed(file, JSON.stringify({ key, texts }));
  return texts;
}
