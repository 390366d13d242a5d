import { CallError, InputError } from "../../core/errors.ts";
import type { PopulationRecord } from "../../core/record.ts";
import type { FitContext } from "../fit-context.ts";
import type { FitSettings } from "../options.ts";
import { type PairScorer, scorePair } from "../scores/score-pairs.ts";

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

/**
 * Whether the model scores at other temperatures than 1. A server that knows only its own log-probabilities may refuse or
 * answer the same whatever it is asked, so one text is scored at 1 and at 2: the answers must differ.
 */
async function scoresAtTemperatures(scorer: PairScorer, record: PopulationRecord): Promise<boolean> {
  try {
    const plain = await scorePair(scorer, record, 0, 0, 1);
    const flat = await scorePair(scorer, record, 0, 0, 2);
    return plain !== null && flat !== null && Math.abs(plain.total - flat.total) > 1e-9 * Math.abs(plain.total);
  } catch (error) {
    if (error instanceof InputError || (error instanceof CallError && error.kind === "bad-request")) return false;
    throw error;
  }
}
