import { InputError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/hash.ts";
import { type Matrix, takeRows, unitRows } from "../../core/matrix.ts";
import { chooseRecords } from "../choose-records.ts";
import { type Copies, copiesOf } from "../copies.ts";
import type { FitContext } from "../fit-context.ts";
import { foldsOf } from "../held-out.ts";
import type { Ingredients } from "../ingredients.ts";
import type { FitSettings } from "../options.ts";
import type { SimplexTable } from "../simplex-table.ts";
import { drawAnswers } from "./answers.ts";
import { drawCandidates } from "./candidates.ts";
import { fitWeights } from "./fit-weights.ts";
import { groupRecords } from "./groups.ts";
import { type KernelSums, kernelSums, meanKernel, medianSquaredDistance } from "./kernel-sums.ts";
import { type GroupFit, simplexReport } from "./simplex-report.ts";

/** Records whose distances make the kernel's width. */
const WIDTH_RECORDS = 500;

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
  const fits: GroupFit[] = [];
  for (const [g, group] of groups.entries()) {
    const { key, members } = group;
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
    fits.push({ group, fit, failed, base: meanKernel(takeRows(ownRows, split.heldOutRecords), squaredWidth) });
  }
  const simplex: SimplexTable = {
    by: options.groupBy,
    groups: groups.flatMap(({ key }) => (key === null ? [] : [key])),
    pairs: Array.from(candidates.persona, (k, p) => [k, candidates.exemplar[p]!] as const),
    weights: { data: weights, rows: groups.length, cols: P },
  };
  const size = { records: records.length, personas: personas.length, pool: pool.length, squaredWidth };
  return { simplex, report: simplexReport(simplex, fits, size) };
}

/** Positions of the records that read like exemplar j of the pool. */
function copiesOfExemplar({ masked }: Copies, j: number): Int32Array {
  return Int32Array.from(masked.keys()).filter((i) => masked[i]!.includes(j));
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
