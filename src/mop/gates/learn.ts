import type { JsonObject } from "../../core/hash.ts";
import type { Matrix } from "../../core/matrix.ts";
import { contextKey } from "../../core/record.ts";
import type { FitContext } from "../fit-context.ts";
import type { Ingredients } from "../ingredients.ts";
import type { FitSettings } from "../options.ts";
import { scoredBy } from "../scores/score-end.ts";
import { type PairScorer, PairScores } from "../scores/score-pairs.ts";
import type { ScoreStore } from "../scores/score-store.ts";
import { diagnose } from "./diagnose.ts";
import type { GateFit } from "./fit-gates.ts";
import { fitOnPairs } from "./fit-on-pairs.ts";
import { reportOf } from "./fit-report.ts";
import { fitTemperatures } from "./fit-temperatures.ts";
import { openScores } from "./open-scores.ts";
import { type GateInputs, withConstant } from "./parameters.ts";
import { countCopies, type ScoredRecords, scoredRecords } from "./scored-records.ts";
import { type ScoringTemperature, scoringTemperature } from "./scoring-temperature.ts";

/** What learning the gates gives. */
export interface Learned {
  readonly inputs: GateInputs;
  readonly fit: GateFit;
  readonly temperatures: readonly number[];
  readonly report: JsonObject;
}

/** Embeddings that the gates see: of the distinct contexts, the personas, the pool. */
export interface EmbeddedIngredients {
  readonly contexts: Matrix;
  /** Key of each row of `contexts`. */
  readonly contextKeys: readonly string[];
  readonly personas: Matrix;
  readonly exemplars: Matrix | null;
}

/** Scores pairs of persona and exemplar, fits both gates on the scores, and chooses temperatures. */
export async function learnGates(
  context: FitContext,
  options: FitSettings,
  ingredients: Ingredients,
  embedded: EmbeddedIngredients,
): Promise<Learned> {
  const { personas, pool } = ingredients;
  const chosen = scoredRecords(context, options.records, ingredients);
  const scored = scoredBy(context.model, options.scoreEnd);
  for (const caution of scored.cautions) context.progress.note(`${caution}.`);
  const scorer: PairScorer = { ...context, personas, pool: pool.length === 0 ? null : pool, end: scored.end };
  const temperature = await scoringTemperature(context, options, scorer, chosen.records[0]!);
  const scoredWith = { records: chosen.records, temperature: temperature.scored, end: scored.end };
  const store = await openScores(context, ingredients, scoredWith);
  try {
    if (store.size > 0) context.progress.note(`scores: ${store.size} were made before.`);
    const learned = await learnFrom(store, { context, options, ingredients, embedded, chosen, scorer, temperature });
    return { ...learned, report: scored.report(learned.report) };
  } finally {
    await store.close();
  }
}

/** What the gates are learned from, once it is known what is scored and how. */
interface LearningContext {
  readonly context: FitContext;
  readonly options: FitSettings;
  readonly ingredients: Ingredients;
  readonly embedded: EmbeddedIngredients;
  readonly chosen: ScoredRecords;
  readonly scorer: PairScorer;
  readonly temperature: ScoringTemperature;
}

async function learnFrom(store: ScoreStore, learning: LearningContext): Promise<Learned> {
  const { context, options, ingredients, embedded, chosen, scorer, temperature } = learning;
  const { records, copies } = chosen;
  const inputs: GateInputs = {
    contexts: withConstant(embedded.contexts, options.contextConstant ? 1 : 0),
    personas: embedded.personas,
    exemplars: embedded.exemplars,
  };
  const places = { context: contextPositions(chosen, embedded), masked: copies.masked };
  const scores = new PairScores(scorer, records, temperature.scored, store);
  const sampling = { context, options, ingredients, inputs, records, chosen: chosen.chosen, places, scores };
  const { fit, pairs, sampledPairs, activePairs } = await fitOnPairs(sampling, copies.groups);
  const diagnosis = diagnose(inputs, pairs, fit, { rank: options.rank, activePairs });
  const mixture = { inputs, pairs, fit, rank: options.rank, renormalize: activePairs !== null };
  const tau = await fitTemperatures(context, options, { scorer, temperature, records, mixture });
  const counts = {
    records: records.length,
    copies: countCopies(copies),
    sampledPairs,
    scores: store.size,
    failedPairs: scores.failed,
  };
  const findings = { fit, diagnosis, counts, scoredAt: temperature.scored, profile: tau.profile };
  return { inputs, fit, temperatures: tau.temperatures, report: reportOf(options, findings) };
}

/** Row of each record's context among the embedded ones. */
function contextPositions({ records }: ScoredRecords, { contextKeys }: EmbeddedIngredients): Int32Array {
  const position = new Map(contextKeys.map((key, c) => [key, c]));
  return Int32Array.from(records, (r) => position.get(contextKey(r.context))!);
}
