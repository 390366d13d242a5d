import { hashOf } from "../../core/hash.ts";
import type { PopulationRecord } from "../../core/record.ts";
import type { FitContext } from "../fit-context.ts";
import type { Ingredients } from "../ingredients.ts";
import { ScoreStore } from "../scores/score-store.ts";

/** What the scores of a fit are made of, beside its model and prompts. */
export interface ScoredWith {
  readonly records: readonly PopulationRecord[];
  readonly temperature: number;
  /** Whether the ends of texts are scored. */
  readonly end: boolean;
}

/** Opens the fit's score table, with the scores that an earlier start left there if all they depend on is as it was. */
export function openScores(
  { artifactDir, model, prompts }: FitContext,
  { personas, pool }: Ingredients,
  { records, temperature, end }: ScoredWith,
): Promise<ScoreStore> {
  const contentOf = (r: PopulationRecord) => [r.id, r.context.text, r.context.label, r.text];
  const key = {
    records: hashOf(records.map(contentOf)),
    personas: hashOf(personas.map((p) => p.text)),
    pool: hashOf(pool.map(contentOf)),
    model: [model.id, model.description],
    templates: { ...prompts.templates },
    temperature,
    end,
  };
  return ScoreStore.open(artifactDir, "scores", key, personas.length * Math.max(1, pool.length));
}
