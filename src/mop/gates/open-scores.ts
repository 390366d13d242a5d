import { hashOf, type JsonObject } from "../../core/hash.ts";
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
export function openScores(context: FitContext, ingredients: Ingredients, scored: ScoredWith): Promise<ScoreStore> {
  const { records, temperature } = scored;
  const key = { ...keyOf(context, ingredients, scored), temperature };
  return ScoreStore.open(context.artifactDir, "scores", key, { records: records.length, pairs: pairsOf(ingredients) });
}

/** The scores that temperatures are chosen by: pair p at temperature g of the grid is number g * (pairs) + p. */
export interface HeatedScores {
  readonly store: ScoreStore;
  readonly pairs: number;
}

/** Opens the table of scores at each temperature of a grid, as `openScores`. */
export async function openHeatedScores(
  context: FitContext,
  ingredients: Pick<Ingredients, "personas" | "pool">,
  scored: Omit<ScoredWith, "temperature">,
  grid: readonly number[],
): Promise<HeatedScores> {
  const pairs = pairsOf(ingredients);
  const key = { ...keyOf(context, ingredients, scored), temperatures: grid };
  const space = { records: scored.records.length, pairs: pairs * grid.length };
  return { store: await ScoreStore.open(context.artifactDir, "scores-by-temperature", key, space), pairs };
}

function pairsOf({ personas, pool }: Pick<Ingredients, "personas" | "pool">): number {
  return personas.length * Math.max(1, pool.length);
}

function keyOf(
  { model, prompts }: FitContext,
  { personas, pool }: Pick<Ingredients, "personas" | "pool">,
  { records, end }: Omit<ScoredWith, "temperature">,
): JsonObject {
  const contentOf = (r: PopulationRecord) => [r.id, r.context.text, r.context.label, r.text];
  return {
    records: hashOf(records.map(contentOf)),
    personas: hashOf(personas.map((p) => p.text)),
    pool: hashOf(pool.map(contentOf)),
    model: [model.id, model.description],
    templates: { ...prompts.templates },
    end,
  };
}
