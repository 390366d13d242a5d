import type { JsonObject } from "../../core/hash.ts";
import type { PopulationRecord } from "../../core/record.ts";
import type { FitContext } from "../fit-context.ts";
import type { FitSettings } from "../options.ts";
import type { PairScorer } from "../scores/score-pairs.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import type { GateFit } from "./fit-gates.ts";
import type { GateInputs } from "./parameters.ts";
import { TAU_PAIRS } from "./reached.ts";
import { chooseTemperatures, heavyPairs, scoresAtTemperatures } from "./temperature.ts";

/** The temperature that was asked for, and the one that scores are made at. */
export interface ScoringTemperature {
  readonly wanted: number;
  readonly scored: number;
  /** Whether the model scores at other temperatures than 1; not found out where nothing asks for it. */
  readonly canHeat: boolean;
}

/** Finds out at which temperature the model can score; says so where that is not the one wanted. */
export async function scoringTemperature(
  { decoding, model, progress }: FitContext,
  options: FitSettings,
  scorer: PairScorer,
  record: PopulationRecord,
): Promise<ScoringTemperature> {
  const wanted = options.temperature ?? decoding.temperature;
  const canHeat = wanted === 1 && options.tau === "fixed" ? false : await scoresAtTemperatures(scorer, record);
  if (wanted !== 1 && !canHeat)
    progress.note(
      `${model.id} scores at temperature 1 only: the gates are fitted there and answers drawn at ${wanted}.`,
    );
  return { wanted, scored: canHeat ? wanted : 1, canHeat };
}

/** A fitted mixture, and the pairs that its likelihood is known by. */
export interface HeatedFit {
  readonly inputs: GateInputs;
  readonly pairs: ScoredPairs;
  readonly fit: GateFit;
  /** Whether `pairs` are all that the mixture has. */
  readonly renormalize: boolean;
}

/** tau_k by the judging records' heaviest pairs, or the wanted temperature where it is fixed. */
export async function fitTemperatures(
  { progress, model }: FitContext,
  options: FitSettings,
  scorer: PairScorer,
  { wanted, canHeat }: ScoringTemperature,
  records: readonly PopulationRecord[],
  { inputs, pairs, fit, renormalize }: HeatedFit,
): Promise<{ readonly temperatures: readonly number[]; readonly profile: JsonObject[] | null }> {
  const fixed = scorer.personas.map(() => wanted);
  if (options.tau === "fixed") return { temperatures: fixed, profile: null };
  if (!canHeat) {
    progress.note(`tau: ${model.id} scores at temperature 1 only; answers are drawn at ${wanted}.`);
    return { temperatures: fixed, profile: null };
  }
  const at = fit.judges.subarray(0, options.tauRecords);
  const heavy = heavyPairs(inputs, pairs, fit, { rank: options.rank, renormalize }, at, TAU_PAIRS, records);
  const calls = heavy.reduce((sum, { persona }) => sum + persona.length, 0) * options.temperatures.length;
  progress.note(`tau: ${calls} scoring calls to ${model.id} (${at.length} held-out records).`);
  const chosen = await chooseTemperatures(scorer, heavy, options.temperatures, options.tau);
  return { temperatures: [...chosen.temperatures], profile: chosen.profile.map((point) => ({ ...point })) };
}
