import { type CellId, cellPath } from "../core/cell.ts";
import type { ResultRow } from "../core/result.ts";
import type { Sample } from "../core/sample.ts";
import type { FittedMethod } from "../methods/method.ts";
import { evidenceOfMethod } from "../scoring/dataset-evidence.ts";
import { scoreTexts } from "../scoring/score-cell.ts";
import { ScoredCell } from "../scoring/scored-cell.ts";
import { scoredTexts } from "../scoring/scored-set.ts";
import { cellDir, writeRows } from "./files/cell-files.ts";
import type { RunScope } from "./scope.ts";
import type { Stage } from "./stage.ts";

/** The third step: scores the samples of a cell against gold, which finishes it. */
export async function scoreCell(
  { runDir, files, environment }: RunScope,
  stage: Stage,
  fitted: FittedMethod,
  cell: CellId,
  scored: ScoredCell,
  samples: readonly Sample[],
): Promise<ResultRow[]> {
  const { indices } = await scored.made(scoredTexts(samples, stage.scorable));
  const contexts = indices.map((index) => stage.contexts[index]!);
  const rows = await scoreTexts(stage.scoring, {
    model: cell.model,
    method: cell.method,
    repeat: cell.repeat,
    cell: scored,
    evidence: evidenceOfMethod(fitted, stage.dataset.truth, contexts),
  });
  await writeRows(files, cellDir(runDir, cell), rows);
  environment.progress.emit({ type: "cell.scored", cell, rows });
  return rows;
}

/** A cell as it is scored. @param read its samples; null: there are none */
export function scoredCell(
  { memory, scorable }: Pick<Stage, "memory" | "scorable">,
  cell: CellId,
  read: () => Promise<readonly Sample[] | null>,
): ScoredCell {
  return new ScoredCell(memory, cellPath(cell), async () => scoredTexts((await read()) ?? [], scorable));
}
