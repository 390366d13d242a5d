import type { JsonObject } from "../../core/hash.ts";
import type { PopulationRecord } from "../../core/record.ts";
import type { FitContext } from "../fit-context.ts";
import type { FitSettings } from "../options.ts";
import type { PairScorer } from "../scores/score-pairs.ts";
import { chooseTemperatures } from "./choose-temperatures.ts";
import { heavyPairs, type KnownMixture } from "./heavy-pairs.ts";
import { openHeatedScores } from "./open-scores.ts";
import { TAU_PAIRS } from "./reached.ts";
import type { ScoringTemperature } from "./scoring-temperature.ts";

/** What temperatures are chosen by. */
export interface TemperatureContext {
  readonly scorer: PairScorer;
  readonly temperature: ScoringTemperature;
  /** Those of the fit. */
  readonly records: readonly PopulationRecord[];
  readonly mixture: KnownMixture;
}

/** Temperatures of the personas, and the mean log-likelihood by temperature of the grid; null where none was tried. */
export interface ChosenTemperatures {
  readonly temperatures: readonly number[];
  readonly profile: JsonObject[] | null;
}

/** tau_k by the judging records' heaviest pairs, or the wanted temperature where it is fixed. */
export async function fitTemperatures(
  context: FitContext,
  options: FitSettings,
  { scorer, temperature, records, mixture }: TemperatureContext,
): Promise<ChosenTemperatures> {
  const { progress, model } = context;
  const { wanted, canHeat } = temperature;
  const fixed = { temperatures: scorer.personas.map(() => wanted), profile: null };
  if (options.tau === "fixed") return fixed;
  if (!canHeat) {
    progress.note(`tau: ${model.id} scores at temperature 1 only; answers are drawn at ${wanted}.`);
    return fixed;
  }
  const at = mixture.fit.judges.subarray(0, options.tauRecords);
  const heavy = heavyPairs(mixture, records, at, TAU_PAIRS);
  const calls = heavy.reduce((sum, { pairs }) => sum + pairs.length, 0) * options.temperatures.length;
  progress.note(`tau: ${calls} scoring calls to ${model.id} (${at.length} held-out records).`);
  const ingredients = { personas: scorer.personas, pool: scorer.pool ?? [] };
  const scored = { records, end: scorer.end ?? false };
  const heated = await openHeatedScores(context, ingredients, scored, options.temperatures);
  const chosen = await chooseTemperatures(scorer, heavy, options.temperatures, options.tau, heated).finally(() =>
    heated.store.close(),
  );
  return { temperatures: [...chosen.temperatures], profile: chosen.profile.map((point) => ({ ...point })) };
}
