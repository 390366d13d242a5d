import type { AlignedSet } from "../analysis/aligned-set.ts";
import { type ComparedSystem, comparePrimary } from "../analysis/comparisons.ts";
import { type GoldMap, goldMap, MAP_POINTS } from "../analysis/map.ts";
import { takeRows } from "../core/matrix.ts";
import type { ComparisonRow, ResultRow } from "../core/result.ts";
import { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import { evidenceOf } from "../metrics/evidence.ts";
import type { ScoredCell } from "../scoring/scored-cell.ts";
import { fewerRows } from "../scoring/scored-set.ts";
import type { MethodResult } from "./run-method.ts";
import { type RunScope, stopIfAsked } from "./scope.ts";
import type { Stage } from "./stage.ts";

/**
 * The primary metric's comparisons of a dataset, one (model, encoder) in memory at a time. Texts and
 * embeddings are those that were scored.
 * @param summaries the dataset's rows over repeats
 */
export async function compareStage(
  scope: RunScope,
  stage: Stage,
  results: readonly MethodResult[],
  summaries: readonly ResultRow[],
): Promise<ComparisonRow[]> {
  const { experiment } = scope;
  const { primary, seed } = experiment;
  const comparisons: ComparisonRow[] = [];
  const encoders: readonly (Encoder | null)[] = primary.needs.embeddings ? stage.encoders : [null];
  for (const encoder of encoders) {
    for (const model of new Set(results.map((result) => result.model))) {
      const systems: ComparedSystem[] = [];
      for (const { method, fit, cells } of results.filter((result) => result.model === model)) {
        stopIfAsked(scope);
        const repeats = await Promise.all(cells.map((cell) => alignedSet(stage, cell, encoder)));
        systems.push({ method, realTextsSeen: fit.realTextsSeen, repeats });
      }
      const smallest = Math.min(...systems.flatMap(({ repeats }) => repeats.map(({ set }) => set.size)));
      if (systems.length < 2 || smallest < 1) continue;
      const input = {
        gold: await stage.scoring.gold.set(smallest, encoder),
        evidence: evidenceOf({
          ...stage.scoring.evidence,
          "owner-shares": () => ({ reason: "Comparisons look at texts alone." }),
        }),
      };
      const contexts = stage.scorable; // samples go through gold's contexts in its order, again and again where they are more
      const task = { dataset: stage.dataset.id, model, encoder: encoder?.id ?? null, input, contexts, systems };
      comparisons.push(...(await comparePrimary([task], summaries, primary, Stream.root(seed).derive("compare"))));
    }
  }
  return comparisons;
}

/** Each encoder's map of gold, with repeat 0 of every cell on it. */
export async function mapStage(scope: RunScope, stage: Stage, results: readonly MethodResult[]): Promise<GoldMap[]> {
  const maps: GoldMap[] = [];
  for (const encoder of stage.encoders) {
    const systems: { model: string | null; method: string; embeddings: Awaited<ReturnType<Encoder["encode"]>> }[] = [];
    for (const { model, method, cells } of results) {
      stopIfAsked(scope);
      const [first] = cells;
      const shown = first === undefined ? [] : fewerRows(await first.texts(), MAP_POINTS);
      if (first !== undefined && shown.length > 0)
        systems.push({ model, method, embeddings: takeRows(await first.rows(encoder), shown) });
    }
    const gold = await stage.scoring.gold.embeddings(encoder);
    if (gold.rows >= 2 && gold.data.every(Number.isFinite))
      maps.push(goldMap(stage.dataset.id, encoder.id, gold, systems));
  }
  return maps;
}

/** A repeat's set as it was scored. */
async function alignedSet(stage: Stage, cell: ScoredCell, encoder: Encoder | null): Promise<AlignedSet> {
  const { indices } = await cell.texts();
  return { set: await cell.set(encoder, stage.scoring.gold.tokenizer), indices };
}
