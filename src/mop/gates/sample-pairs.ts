import { type Matrix, row, takeRows, unitRows } from "../../core/matrix.ts";
import type { PopulationRecord } from "../../core/record.ts";
import type { FitContext } from "../fit-context.ts";
import type { Ingredients } from "../ingredients.ts";
import type { FitSettings } from "../options.ts";
import {
  cosinesTo,
  drawPairs,
  everyPair,
  type PairDesign,
  type Proposal,
  rankProposal,
  similarityProposal,
} from "../scores/design.ts";
import { overlaps } from "../scores/overlap.ts";
import type { PairScores } from "../scores/score-pairs.ts";
import { joinPairs, type ScoredPairs } from "../scores/scored-pairs.ts";
import type { GateFit } from "./fit-gates.ts";
import { announceCost } from "./fit-report.ts";
import type { GateInputs } from "./parameters.ts";
import { refinedProposals } from "./refine.ts";

/** What pairs are drawn from and scored with. */
export interface SamplingContext {
  readonly context: FitContext;
  readonly options: FitSettings;
  readonly ingredients: Ingredients;
  readonly inputs: GateInputs;
  readonly records: readonly PopulationRecord[];
  /** Positions of the records in train. */
  readonly chosen: readonly number[];
  readonly places: Pick<ScoredPairs, "context" | "masked">;
  readonly scores: PairScores;
}

/**
 * Draws pairs for the records, scores them, and fits; with `refinePairs` once more, with pairs that the first fit proposes.
 * Where there are no more pairs than would be drawn, all are scored.
 * @param only the records whose pairs are scored; null: all
 */
export async function samplePairs(
  sampling: SamplingContext,
  only: Int32Array | null,
  fitTo: (pairs: ScoredPairs) => Promise<GateFit>,
): Promise<{ readonly pairs: ScoredPairs; readonly fit: GateFit }> {
  const { context, options, ingredients, records, places, inputs } = sampling;
  const { personas, pool } = ingredients;
  const [K, N] = [personas.length, Math.max(1, pool.length)];
  const { random } = context;
  const first =
    K * N <= options.pairs
      ? everyPair(K, N, places.masked)
      : drawPairs(records.length, options.pairs, firstProposals(sampling), random.derive("pairs"));
  const pairs = await score(sampling, first, only, "scoring pairs");
  const found = await fitTo(pairs);
  if (options.refinePairs === 0 || !pairs.sampled) return { pairs, fit: found };
  const proposals = refinedProposals(inputs, pairs, found.parameters, options.rank);
  const second = drawPairs(records.length, options.refinePairs, proposals, random.derive("refine"));
  const joint = joinPairs(pairs, await score(sampling, second, only, "scoring pairs, second round"));
  return { pairs: joint, fit: await fitTo(joint) };
}

async function score(
  { context, options, ingredients, records, places, scores }: SamplingContext,
  design: PairDesign,
  only: Int32Array | null,
  label: string,
): Promise<ScoredPairs> {
  const { personas, pool } = ingredients;
  const N = Math.max(1, pool.length);
  const S = design.perRecord;
  const asked: { record: number[]; pair: number[] } = { record: [], pair: [] };
  for (const i of only ?? records.keys())
    for (let t = i * S; t < (i + 1) * S; t++) {
      if (design.logProposal[t] === Number.POSITIVE_INFINITY) continue;
      asked.record.push(i);
      asked.pair.push(design.persona[t]! * N + design.exemplar[t]!);
    }
  announceCost(context, label, { calls: asked.pair.length, records, personas, pool });
  await scores.ask(asked, label);
  const logLikelihood = new Float64Array(records.length * S).fill(Number.NEGATIVE_INFINITY);
  for (const i of only ?? records.keys())
    for (let t = i * S; t < (i + 1) * S; t++) {
      if (design.logProposal[t] === Number.POSITIVE_INFINITY) continue;
      const { total, tokens } = scores.get(i, design.persona[t]! * N + design.exemplar[t]!);
      logLikelihood[t] = options.lengthNormalized ? total / Math.max(1, tokens) : total;
    }
  return {
    perRecord: S,
    sampled: design.sampled,
    ...places,
    persona: design.persona,
    exemplar: design.exemplar,
    logWeight: design.logProposal.map((log) => -log - Math.log(S)),
    logLikelihood,
  };
}

/** Personas like the record's text, and exemplars that share its wording. */
function firstProposals({
  context,
  options,
  ingredients,
  inputs,
  records,
  chosen,
  places,
}: SamplingContext): (i: number) => Proposal {
  const { pool, textRows } = ingredients;
  const share = options.uniformShare;
  const texts = unitRows(takeRows(textRows, chosen));
  const personas = unitRows(inputs.personas);
  const toPersonas = (i: number): Float64Array => similarityProposal(row(texts, i), personas, share);
  if (pool.length === 0) return (i) => ({ personas: toPersonas(i), exemplars: Float64Array.of(1) });
  const shown = unitRows(poolRows(context, textRows, pool));
  const overlap = overlaps(
    records.map((r) => r.text),
    pool.map((r) => r.text),
  );
  return (i) => ({
    personas: toPersonas(i),
    exemplars: rankProposal(overlap(i), cosinesTo(row(texts, i), shown), places.masked[i]!, share),
  });
}

/** h(y) of the pool, out of train's rows. */
function poolRows({ train }: FitContext, textRows: Matrix, pool: readonly PopulationRecord[]): Matrix {
  const at = new Map(train.map((r, i) => [r.id, i]));
  return takeRows(
    textRows,
    pool.map((r) => at.get(r.id)!),
  );
}
