import { hashOf, type JsonObject } from "../../../core/hash.ts";
import { type Matrix, row, takeRows, unitRows } from "../../../core/matrix.ts";
import { contextKey, type PopulationRecord } from "../../../core/record.ts";
import type { FitContext } from "../../method.ts";
import { chooseRecords } from "../choose-records.ts";
import type { Ingredients } from "../ingredients.ts";
import type { FitSettings } from "../options.ts";
import { drawPairs, everyPersona, type PairDesign, type Proposal, similarityProposal } from "../scores/design.ts";
import { type PairScorer, scoreDesign } from "../scores/score-pairs.ts";
import { ScoreTable, scoreColumns } from "../scores/score-table.ts";
import { joinPairs, type ScoredPairs } from "../scores/scored-pairs.ts";
import { diagnose } from "./diagnose.ts";
import { fitGates, type GateFit } from "./fit-gates.ts";
import { announceCost, reportOf } from "./fit-report.ts";
import { type GateInputs, withConstant } from "./parameters.ts";
import { refinedProposals } from "./refine.ts";
import { chooseTemperatures, heavyPairs, scoresAtTemperatures } from "./temperature.ts";

/** What learning the gates gives. */
export interface Learned {
  readonly inputs: GateInputs;
  readonly fit: GateFit;
  readonly temperatures: readonly number[];
  readonly report: JsonObject;
}

/** Held-out pairs of a record that are scored again at other temperatures. */
const HEAVY = 4;

/**
 * Scores a designed sample of pairs, fits both gates on the table, and chooses temperatures.
 * @param contextRows h(x) of the distinct contexts in `contextKeys`
 */
export async function learnGates(
  context: FitContext,
  options: FitSettings,
  { personas, pool, textRows }: Ingredients,
  embedded: { readonly contexts: Matrix; readonly personas: Matrix; readonly exemplars: Matrix | null },
  contextKeys: readonly string[],
): Promise<Learned> {
  const { train, model, progress, random, signal } = context;
  const chosen = chooseRecords(context, options.records, personas);
  const records = chosen.map((i) => train[i]!);
  const scorer: PairScorer = { ...context, personas, pool: pool.length === 0 ? null : pool };
  const wanted = options.temperature ?? context.decoding.temperature;
  const canHeat = wanted === 1 && options.tau === "fixed" ? false : await scoresAtTemperatures(scorer, records[0]!);
  if (wanted !== 1 && !canHeat)
    progress.note(
      `${model.id} scores at temperature 1 only: the gates are fitted there and answers drawn at ${wanted}.`,
    );
  const temperature = canHeat ? wanted : 1;

  const inputs: GateInputs = {
    contexts: withConstant(embedded.contexts, options.contextConstant ? 1 : 0),
    personas: embedded.personas,
    exemplars: embedded.exemplars,
  };
  const position = new Map(contextKeys.map((key, c) => [key, c]));
  const inPool = new Map(pool.map((r, j) => [r.id, j]));
  const own = Int32Array.from(records, (r) => inPool.get(r.id) ?? -1);
  const contexts = Int32Array.from(records, (r) => position.get(contextKey(r.context))!);

  const key: JsonObject = {
    records: hashOf(records.map((r) => r.id)),
    personas: hashOf(personas.map((p) => p.text)),
    pool: hashOf(pool.map((r) => r.id)),
    model: [model.id, model.description],
    templates: { ...context.prompts.templates },
    temperature,
    seed: random.derive("key").uint32(),
  };
  const score = async (name: string, design: PairDesign): Promise<{ pairs: ScoredPairs; failed: number }> => {
    announceCost(
      context,
      name,
      records,
      design,
      personas.map((p) => p.text),
      pool,
    );
    const table = await ScoreTable.open(
      context.artifactDir,
      name,
      { ...key, name, design: designHash(design) },
      records.length,
      design.perRecord,
    );
    try {
      if (table.scored > 0) progress.note(`${name}: ${table.scored} of ${records.length} records were scored before.`);
      const failed = await scoreDesign(scorer, records, design, temperature, table, progress);
      return { pairs: fromTable(table, design.sampled, contexts, own, options.lengthNormalised), failed };
    } finally {
      await table.close();
    }
  };

  const first =
    pool.length === 0 && personas.length <= options.pairs
      ? everyPersona(records.length, personas.length)
      : drawPairs(
          records.length,
          options.pairs,
          similarityProposals(
            takeRows(textRows, chosen),
            embedded.personas,
            rowsOfPool(context, textRows, pool),
            own,
            options.uniformShare,
          ),
          random.derive("pairs"),
        );
  const round = await score("scores", first);
  let { pairs } = round;
  let { failed } = round;
  let fit = await fitGates(inputs, pairs, options, random.derive("fit"), signal);
  if (options.refinePairs > 0) {
    const proposals = refinedProposals(inputs, pairs, fit.parameters, options);
    const second = await score(
      "scores-refined",
      drawPairs(records.length, options.refinePairs, proposals, random.derive("refine")),
    );
    pairs = joinPairs(pairs, second.pairs);
    failed += second.failed;
    fit = await fitGates(inputs, pairs, options, random.derive("fit"), signal);
  }
  const diagnosis = diagnose(inputs, pairs, fit, options);
  const tau = await temperaturesOf(context, options, scorer, canHeat, wanted, records, inputs, pairs, fit);
  return {
    inputs,
    fit,
    temperatures: tau.temperatures,
    report: reportOf(fit, diagnosis, options, records.length, failed, temperature, tau.profile),
  };
}

/** h(y) of the pool, out of train's rows. */
function rowsOfPool(context: FitContext, textRows: Matrix, pool: readonly PopulationRecord[]): Matrix | null {
  if (pool.length === 0) return null;
  const at = new Map(context.train.map((r, i) => [r.id, i]));
  return takeRows(
    textRows,
    pool.map((r) => at.get(r.id)!),
  );
}

function similarityProposals(
  texts: Matrix,
  personas: Matrix,
  pool: Matrix | null,
  own: Int32Array,
  uniformShare: number,
): (i: number) => Proposal {
  const [unitTexts, unitPersonas, unitPool] = [
    unitRows(texts),
    unitRows(personas),
    pool === null ? null : unitRows(pool),
  ];
  return (i) => ({
    personas: similarityProposal(row(unitTexts, i), unitPersonas, -1, uniformShare),
    exemplars:
      unitPool === null ? Float64Array.of(1) : similarityProposal(row(unitTexts, i), unitPool, own[i]!, uniformShare),
  });
}

function fromTable(
  table: ScoreTable,
  sampled: boolean,
  context: Int32Array,
  own: Int32Array,
  lengthNormalised: boolean,
): ScoredPairs {
  const width = scoreColumns.length;
  const column = (c: number): Float64Array =>
    Float64Array.from({ length: table.records * table.perRecord }, (_, t) => table.values[t * width + c]!);
  const totals = column(3);
  const tokens = column(4);
  const log = Math.log(table.perRecord);
  return {
    perRecord: table.perRecord,
    sampled,
    context,
    own,
    persona: Int32Array.from(column(0)),
    exemplar: Int32Array.from(column(1)),
    logWeight: column(2).map((value) => -value - log),
    logLikelihood: lengthNormalised ? totals.map((value, t) => value / Math.max(1, tokens[t]!)) : totals,
  };
}

function designHash(design: PairDesign): string {
  return hashOf([[...design.persona], [...design.exemplar]]);
}

async function temperaturesOf(
  context: FitContext,
  options: FitSettings,
  scorer: PairScorer,
  canHeat: boolean,
  wanted: number,
  records: readonly PopulationRecord[],
  inputs: GateInputs,
  pairs: ScoredPairs,
  fit: GateFit,
): Promise<{ readonly temperatures: readonly number[]; readonly profile: JsonObject[] | null }> {
  const fixed = scorer.personas.map(() => wanted);
  if (options.tau === "fixed") return { temperatures: fixed, profile: null };
  if (!canHeat) {
    context.progress.note(`tau: ${context.model.id} scores at temperature 1 only; answers are drawn at ${wanted}.`);
    return { temperatures: fixed, profile: null };
  }
  const at = fit.heldOutRecords.subarray(0, options.tauRecords);
  const heavy = heavyPairs(inputs, pairs, fit, options, at, HEAVY, records);
  const calls = heavy.reduce((sum, { persona }) => sum + persona.length, 0) * options.temperatures.length;
  context.progress.note(`tau: ${calls} scoring calls to ${context.model.id} (${at.length} held-out records).`);
  const chosen = await chooseTemperatures(scorer, heavy, options.temperatures, options.tau);
  return { temperatures: [...chosen.temperatures], profile: chosen.profile.map((point) => ({ ...point })) };
}
