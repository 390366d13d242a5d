import { InputError } from "../../core/errors.ts";
import { hashOf, type JsonObject } from "../../core/hash.ts";
import type { Matrix } from "../../core/matrix.ts";
import { contextKey, type PopulationRecord } from "../../core/record.ts";
import { chooseRecords } from "../choose-records.ts";
import { type Copies, copiesOf } from "../copies.ts";
import type { FitContext } from "../fit-context.ts";
import { foldsOf } from "../held-out.ts";
import type { Ingredients } from "../ingredients.ts";
import type { FitSettings } from "../options.ts";
import { type Scored, scoredBy } from "../scores/score-end.ts";
import { type PairScorer, PairScores } from "../scores/score-pairs.ts";
import { ScoreStore } from "../scores/score-store.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import { ActivePairs } from "./active-pairs.ts";
import { diagnose } from "./diagnose.ts";
import { fitGates, type GateFit } from "./fit-gates.ts";
import { reportOf } from "./fit-report.ts";
import { fitTemperatures, scoringTemperature } from "./fit-temperatures.ts";
import { type GateInputs, withConstant } from "./parameters.ts";
import { mostReached } from "./reached.ts";
import { type SampledGround, samplePairs } from "./sample-pairs.ts";

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
  readonly personas: Matrix;
  readonly exemplars: Matrix | null;
}

/** Records that judge a fit at least, where there are so many: folds are used until they hold them. */
const JUDGES = 400;

/**
 * Scores pairs of persona and exemplar, fits both gates on the scores, and chooses temperatures.
 * @param contextKeys of the rows of `embedded.contexts`
 */
export async function learnGates(
  context: FitContext,
  options: FitSettings,
  ingredients: Ingredients,
  embedded: EmbeddedIngredients,
  contextKeys: readonly string[],
): Promise<Learned> {
  const { personas, pool } = ingredients;
  const { progress } = context;
  const { chosen, records, copies } = scoredRecords(context, options, ingredients);
  const scored = scoredBy(context.model, options.scoreEnd);
  for (const caution of scored.cautions) progress.note(`${caution}.`);
  const scorer: PairScorer = { ...context, personas, pool: pool.length === 0 ? null : pool, end: scored.end };
  const temperature = await scoringTemperature(context, options, scorer, records[0]!);
  const inputs: GateInputs = {
    contexts: withConstant(embedded.contexts, options.contextConstant ? 1 : 0),
    personas: embedded.personas,
    exemplars: embedded.exemplars,
  };
  const position = new Map(contextKeys.map((key, c) => [key, c]));
  const places = {
    context: Int32Array.from(records, (r) => position.get(contextKey(r.context))!),
    masked: copies.masked,
  };
  const store = await ScoreStore.open(
    context.artifactDir,
    "scores",
    scoresKey(context, ingredients, records, temperature.scored, scored),
    personas.length * Math.max(1, pool.length),
  );
  try {
    if (store.size > 0) progress.note(`scores: ${store.size} were made before.`);
    const scores = new PairScores(scorer, records, temperature.scored, store);
    const ground: SampledGround = { context, options, ingredients, inputs, records, chosen, places, scores };
    const { fit, pairs, sampledPairs, activePairs } = await fitOn(ground, copies);
    const diagnosis = diagnose(inputs, pairs, fit, { rank: options.rank, activePairs });
    const heated = { inputs, pairs, fit, renormalize: activePairs !== null };
    const tau = await fitTemperatures(context, options, scorer, temperature, records, heated);
    const counts = {
      records: records.length,
      copies: countCopies(copies),
      sampledPairs,
      scores: store.size,
      failedPairs: scores.failed,
    };
    return {
      inputs,
      fit,
      temperatures: tau.temperatures,
      report: scored.report(reportOf(fit, diagnosis, options, counts, temperature.scored, tau.profile)),
    };
  } finally {
    await store.close();
  }
}

/**
 * Scores and fits: on sampled pairs, or with `activePairs` on the M heaviest of all.
 * @returns the fit, the pairs that its mixture is known by, how many a record were drawn, and M where it has one
 */
async function fitOn(
  ground: SampledGround,
  { groups }: Copies,
): Promise<{
  readonly fit: GateFit;
  readonly pairs: ScoredPairs;
  readonly sampledPairs: number;
  readonly activePairs: number | null;
}> {
  const { inputs, options, places, scores, records } = ground;
  const { random, signal, progress } = ground.context;
  const M = options.activePairs;
  // The M heaviest pairs change with the gates: every fold would score its own, so one has to do.
  const folds = foldsOf(groups, options.heldOut, M === null ? JUDGES : 1, random);
  const [{ heldOutRecords }] = folds;
  const all = records.length * inputs.personas.rows * (inputs.exemplars?.rows ?? 1);
  const bar =
    M === null
      ? null
      : progress.bar("scoring the heaviest pairs", Math.min(all, mostReached(options, heldOutRecords.length)));
  const active = M === null || bar === null ? null : new ActivePairs(inputs, options, M, places, scores, bar);
  const { pairs, fit } = await samplePairs(ground, active === null ? null : heldOutRecords, (sampled) => {
    const trained = { inputs, pairs: active?.pairs ?? sampled, active };
    return fitGates(trained, sampled, folds, groups, options, random.derive("fit"), signal);
  });
  if (active === null || fit.penalty === null) {
    bar?.done();
    return { fit, pairs, sampledPairs: pairs.perRecord, activePairs: null };
  }
  await active.reach(fit.parameters, fit.judges, null);
  bar?.done();
  return { fit, pairs: active.pairs, sampledPairs: pairs.perRecord, activePairs: M };
}

/** The records that weights are learned from: without those whose text is all that the pool holds. */
function scoredRecords(
  context: FitContext,
  options: FitSettings,
  { personas, pool }: Ingredients,
): { readonly chosen: readonly number[]; readonly records: readonly PopulationRecord[]; readonly copies: Copies } {
  const { train } = context;
  const all = chooseRecords(context, options.records, personas);
  const copies = copiesOf(
    all.map((i) => train[i]!),
    pool,
  );
  if (pool.length === 0) return { chosen: all, records: all.map((i) => train[i]!), copies };
  const kept = [...all.keys()].filter((at) => copies.masked[at]!.length < pool.length);
  if (kept.length < 2)
    throw new InputError(
      `The exemplar pool of \`${context.datasetId}\` holds one text again and again, and so do the records that weights are learned from: the data repeat themselves. Leave out repeated texts, or ask for more \`exemplars\`.`,
    );
  return {
    chosen: kept.map((at) => all[at]!),
    records: kept.map((at) => train[all[at]!]!),
    copies: {
      groups: Int32Array.from(kept, (at) => copies.groups[at]!),
      masked: kept.map((at) => copies.masked[at]!),
    },
  };
}

/** Records with a near-copy among the others. */
function countCopies({ groups }: Copies): number {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return groups.filter((group) => sizes.get(group)! > 1).length;
}

/** Everything that scores depend on. */
function scoresKey(
  { model, prompts }: FitContext,
  { personas, pool }: Ingredients,
  records: readonly PopulationRecord[],
  temperature: number,
  { end }: Scored,
): JsonObject {
  return {
    records: hashOf(records.map((r) => [r.id, r.context.text, r.context.label, r.text])),
    personas: hashOf(personas.map((p) => p.text)),
    pool: hashOf(pool.map((r) => [r.id, r.context.text, r.context.label, r.text])),
    model: [model.id, model.description],
    templates: { ...prompts.templates },
    temperature,
    end,
  };
}
