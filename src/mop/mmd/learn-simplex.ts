import { InputError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/hash.ts";
import { type Matrix, takeRows, unitRows } from "../../core/matrix.ts";
import type { PopulationRecord } from "../../core/record.ts";
import { chooseRecords } from "../choose-records.ts";
import { type Copies, copiesOf } from "../copies.ts";
import type { FitContext } from "../fit-context.ts";
import { effectiveNumber } from "../gates/marginals.ts";
import { foldsOf } from "../held-out.ts";
import type { Ingredients } from "../ingredients.ts";
import type { FitSettings } from "../options.ts";
import { groupOf, type SimplexTable } from "../simplex-table.ts";
import { drawAnswers } from "./answers.ts";
import { drawCandidates } from "./candidates.ts";
import { fitWeights, type SimplexFit } from "./fit-weights.ts";
import { type KernelSums, kernelSums, meanKernel, medianSquaredDistance } from "./kernel-sums.ts";

/** Records whose distances make the kernel's width. */
const WIDTH_RECORDS = 500;

interface Group {
  /** null: all records, for every context without a group of its own. */
  readonly key: string | null;
  /** Positions among the chosen records. */
  readonly members: readonly number[];
}

/** Weights of pairs without log-probabilities: answers of candidate pairs are drawn, embedded, and mixed to be like the records. */
export async function learnSimplex(
  context: FitContext,
  options: FitSettings,
  { personas, pool, textRows }: Ingredients,
): Promise<{ readonly simplex: SimplexTable; readonly report: JsonObject }> {
  const { random, train, decoding } = context;
  const chosen = chooseRecords(context, options.records, personas);
  const records = chosen.map((i) => train[i]!);
  const rows = unitRows(takeRows(textRows, chosen));
  const candidates = drawCandidates(personas.length, pool.length, options.candidates, random.derive("candidates"));
  const P = candidates.persona.length;
  const plan = {
    candidates,
    personas,
    pool,
    perPair: options.answers,
    decoding: { ...decoding, temperature: options.temperature ?? decoding.temperature },
  };
  const some = random.derive("width").permutation(rows.rows).slice(0, WIDTH_RECORDS);
  const squaredWidth = medianSquaredDistance(takeRows(rows, some));
  if (squaredWidth === 0)
    throw new InputError(
      `More than half of all pairs of texts of \`${context.datasetId}\` have equal embeddings: MMD has no bandwidth.`,
    );
  const groups = groupRecords(records, options);
  const weights = new Float32Array(groups.length * P);
  const fits: { readonly fit: SimplexFit; readonly failed: number; readonly base: number }[] = [];
  for (const [g, { key, members }] of groups.entries()) {
    const own = members.map((i) => records[i]!);
    const stream = random.derive("group", key === null ? "" : `=${key}`);
    const texts = await drawAnswers(context, g === 0 ? "answers" : `answers-${g}`, plan, own, stream.derive("answers"));
    const ownRows = takeRows(rows, members);
    const { sums, kept } = await sumsOf(context, texts, options.answers, ownRows, squaredWidth);
    const copies = copiesOf(own, pool);
    const matched = kept.map((p) => copiesOfExemplar(copies, candidates.exemplar[p]!));
    const [split] = foldsOf(copies.groups, options.heldOut, 1, stream);
    const fit = fitWeights(sums, matched, split, copies.groups, options.mmdPenalties);
    for (const [at, p] of kept.entries()) weights[g * P + p] = fit.weights[at]!;
    const failed = texts.filter((text) => text === null).length;
    fits.push({ fit, failed, base: meanKernel(takeRows(ownRows, split.heldOutRecords), squaredWidth) });
  }
  const simplex: SimplexTable = {
    by: options.groupBy,
    groups: groups.flatMap(({ key }) => (key === null ? [] : [key])),
    pairs: Array.from(candidates.persona, (k, p) => [k, candidates.exemplar[p]!] as const),
    weights: { data: weights, rows: groups.length, cols: P },
  };
  const report = reportOf(simplex, groups, fits, records.length, personas.length, pool.length, squaredWidth);
  return { simplex, report };
}

/** Positions of the records that read like exemplar j of the pool. */
function copiesOfExemplar({ masked }: Copies, j: number): Int32Array {
  return Int32Array.from(masked.keys()).filter((i) => masked[i]!.includes(j));
}

/** All records first, then each group with enough of them, in order of appearance; a group that is all records is none of its own. */
function groupRecords(records: readonly PopulationRecord[], options: FitSettings): readonly Group[] {
  const found = new Map<string, number[]>();
  for (const [i, record] of records.entries()) {
    const key = groupOf(record.context, options.groupBy);
    if (key === null) continue;
    const members = found.get(key);
    if (members === undefined) found.set(key, [i]);
    else members.push(i);
  }
  const own = [...found].filter(
    ([, members]) => members.length >= options.groupRecords && members.length < records.length,
  );
  return [{ key: null, members: records.map((_, i) => i) }, ...own.map(([key, members]) => ({ key, members }))];
}

/** Embeds answers and sums their kernels. Pairs with fewer than two answers in a half drop out; `kept` has the others. */
async function sumsOf(
  { encoder }: FitContext,
  texts: readonly (string | null)[],
  perPair: number,
  records: Matrix,
  squaredWidth: number,
): Promise<{ readonly sums: KernelSums; readonly kept: readonly number[] }> {
  const there = (p: number, half: number): number =>
    texts.slice(p * perPair, (p + 1) * perPair).filter((text, a) => text !== null && a % 2 === half).length;
  const kept = Array.from({ length: texts.length / perPair }, (_, p) => p).filter(
    (p) => there(p, 0) >= 2 && there(p, 1) >= 2,
  );
  const given: string[] = [];
  const cells: number[] = [];
  for (const [at, p] of kept.entries())
    for (let a = 0; a < perPair; a++) {
      const text = texts[p * perPair + a];
      if (text === null || text === undefined) continue;
      given.push(text);
      cells.push(2 * at + (a % 2));
    }
  const answers = unitRows(await encoder.encode(given));
  return { sums: kernelSums(answers, Int32Array.from(cells), kept.length, records, squaredWidth), kept };
}

/** What `mop.json` keeps of the fit. MMD² on held-out records and on answers that the weights were not fitted on. */
function reportOf(
  { pairs, weights }: SimplexTable,
  groups: readonly Group[],
  fits: readonly { readonly fit: SimplexFit; readonly failed: number; readonly base: number }[],
  records: number,
  K: number,
  N: number,
  squaredWidth: number,
): JsonObject {
  const P = pairs.length;
  const own = groups.slice(1).reduce((sum, { members }) => sum + members.length, 0);
  const mixed = { pairs: new Float64Array(P), personas: new Float64Array(K), exemplars: new Float64Array(N) };
  for (const [g, { members }] of groups.entries()) {
    const share = (g === 0 ? records - own : members.length) / records;
    for (const [p, [k, j]] of pairs.entries()) {
      const weight = share * weights.data[g * P + p]!;
      mixed.pairs[p]! += weight;
      mixed.personas[k]! += weight;
      if (N > 0) mixed.exemplars[j]! += weight;
    }
  }
  const effective = {
    effectivePairs: effectiveNumber(mixed.pairs),
    effectivePersonas: effectiveNumber(mixed.personas),
    effectiveExemplars: N === 0 ? 0 : effectiveNumber(mixed.exemplars),
  };
  const { fit, base } = fits[0]!;
  const effect = `${effective.effectivePersonas.toFixed(1)} personas, ${effective.effectiveExemplars.toFixed(0)} exemplars, ${effective.effectivePairs.toFixed(0)} pairs`;
  return {
    summary: `held-out MMD² ${(base + fit.heldOut).toExponential(2)} of uniform's ${(base + fit.uniformHeldOut).toExponential(2)}, penalty ${fit.penalty ?? "uniform kept"}, ${groups.length - 1} groups of their own; in effect ${effect}`,
    objective: "mmd",
    unit: "MMD²",
    records,
    squaredWidth,
    ...effective,
    groups: fits.map((found, g) => ({
      group: groups[g]!.key,
      records: groups[g]!.members.length,
      failedAnswers: found.failed,
      penalty: found.fit.penalty,
      uniformHeldOut: found.base + found.fit.uniformHeldOut,
      heldOut: found.base + found.fit.heldOut,
      gain: found.fit.uniformHeldOut - found.fit.heldOut,
      gainError: found.fit.gainError,
      dualityGap: found.fit.gap,
      effectivePairs: effectiveNumber(weights.data.subarray(g * P, (g + 1) * P)),
    })),
  };
}
