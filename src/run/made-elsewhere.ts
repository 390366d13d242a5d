import { cellPath } from "../core/cell.ts";
import type { ResultRow } from "../core/result.ts";
import type { Sample } from "../core/sample.ts";
import { Stream } from "../core/stream.ts";
import { inOrder } from "../data/contexts.ts";
import type { MadeText } from "../methods/method.ts";
import { scoreTexts } from "../scoring/score-cell.ts";
import type { ScoredCell } from "../scoring/scored-cell.ts";
import { cellDir, readRows, writeRows } from "./files/cell-files.ts";
import { isFullOf, writeSamples } from "./files/samples.ts";
import type { MethodResult } from "./run-method.ts";
import { type RunScope, stopIfAsked } from "./scope.ts";
import { scoredCell } from "./score.ts";
import type { NamedMethod, Stage } from "./stage.ts";

/** How many disjoint repeats of how many texts a set gives: at least one, of fewer texts than asked for when it holds no more. */
export function slices(texts: number, { samples, repeats }: { samples: number; repeats: number }) {
  const size = Math.min(samples, texts);
  return { size, count: Math.max(1, Math.min(repeats, Math.floor(texts / Math.max(1, size)))) };
}

/**
 * A set made elsewhere as the cells of a method: its rows in a seeded order, cut into as many disjoint repeats of `samples` as
 * it holds. No model is called.
 */
export async function runMadeElsewhere(
  scope: RunScope,
  stage: Stage,
  id: string,
  made: NonNullable<NamedMethod["made"]>,
): Promise<MethodResult> {
  const { experiment, runDir, files } = scope;
  const { samples, seed } = experiment;
  const dataset = stage.dataset.id;
  const texts = inOrder(made.texts, Stream.root(seed).derive("texts", dataset, id));
  const { size, count } = slices(texts.length, experiment);
  if (texts.length < samples)
    scope.environment.progress.warn(
      `${id} holds ${texts.length} texts, fewer than the ${samples} samples asked for; n says so.`,
    );
  const rows: ResultRow[] = [];
  const cells: ScoredCell[] = [];
  for (let repeat = 0; repeat < count; repeat++) {
    stopIfAsked(scope);
    const cell = { dataset, model: made.model, method: id, repeat };
    const dir = cellDir(runDir, cell);
    const slice = () =>
      texts.slice(repeat * size, (repeat + 1) * size).map((text, index) => line(cellPath(cell), text, index));
    const own = scoredCell(stage, cell, async () => slice());
    cells.push(own);
    // The file they come from may have changed since; comparisons and maps are of what it says now, and so must rows be.
    const known = (await isFullOf(files, dir, slice())) ? await readRows(files, dir) : null;
    if (known !== null) {
      rows.push(...known);
      continue;
    }
    await scope.lock.makeFolder(dir, "metrics.json");
    await writeSamples(files, dir, slice());
    const scored = await scoreTexts(stage.scoring, {
      model: made.model,
      method: id,
      repeat,
      cell: own,
      evidence: { "owner-shares": () => ({ reason: "Nothing is known of the exemplars of texts made elsewhere." }) },
    });
    await writeRows(files, dir, scored);
    rows.push(...scored);
  }
  const summary = `${texts.length} texts made elsewhere; what their prompts showed is not known`;
  return { model: made.model, method: id, fit: { realTextsSeen: 0, summary }, rows, cells };
}

function line(cell: string, { text, context, label }: MadeText, index: number): Sample {
  return {
    id: `${cell}/${index}`,
    index,
    context: context ?? "",
    label,
    persona: null,
    exemplars: [],
    promptHash: "",
    text,
    raw: text,
    tokensIn: null,
    tokensOut: null,
    finish: null,
    error: null,
  };
}
