import type { CellId } from "../core/cell.ts";
import type { ResultRow } from "../core/result.ts";
import type { BaseModel } from "../models/model.ts";
import type { ScoredCell } from "../scoring/scored-cell.ts";
import { artifactDir, cellDir, type FitRecord, readFit, readRows, reopenFit, writeFit } from "./files/cell-files.ts";
import { isFull, readSamples } from "./files/samples.ts";
import { fitMethod } from "./fit.ts";
import { generateAll } from "./generate.ts";
import { type RunScope, stopIfAsked } from "./scope.ts";
import { scoreCell, scoredCell } from "./score.ts";
import type { NamedMethod, Stage } from "./stage.ts";

/** The repeats of one (dataset, model, method), scored. */
export interface MethodResult {
  readonly model: string | null;
  readonly method: string;
  readonly fit: FitRecord;
  readonly rows: readonly ResultRow[];
  /** One a repeat, as scored: made just now, or read from disk where an earlier run made it. */
  readonly cells: readonly ScoredCell[];
}

/**
 * Fits a method on a model and fills and scores its cells; what is finished is read from disk. The fit itself is skipped when
 * every cell is finished; otherwise the method finds what it kept in its artifact folder.
 */
export async function runMethod(
  scope: RunScope,
  stage: Stage,
  { id, method }: NamedMethod,
  model: BaseModel,
): Promise<MethodResult> {
  const { experiment, runDir, files } = scope;
  const cells = Array.from({ length: experiment.repeats }, (_, repeat): CellId => {
    return { dataset: stage.dataset.id, model: model.id, method: id, repeat };
  });
  const dirs = cells.map((cell) => cellDir(runDir, cell));
  const artifacts = artifactDir(runDir, stage.dataset.id, model.id, id);
  // Rows are of the samples beside them: where those are gone, or had to be made again, so must these.
  const kept = await Promise.all(dirs.map(async (dir) => ((await isFull(files, dir)) ? readRows(files, dir) : null)));
  const scored = cells.map((cell, i) => scoredCell(stage, cell, () => readSamples(files, dirs[i]!)));
  const fit = await readFit(files, artifacts);
  if (fit !== null && kept.every((rows) => rows !== null))
    return { model: model.id, method: id, fit, rows: kept.flat(), cells: scored };

  const label = `${stage.dataset.id} / ${model.id} / ${id}`;
  const { emit, warn } = scope.environment.progress;
  const subject = { dataset: stage.dataset.id, model: model.id, method: id };
  emit({ type: "fit.started", fit: subject });
  await scope.lock.makeFolder(artifacts, "fit.json");
  for (const dir of dirs) await scope.lock.makeFolder(dir, "metrics.json");
  for (const file of await reopenFit(files, artifacts))
    warn(`${file} is not as this run wrote it: it is removed, and made again where it is needed.`);
  const fitted = await fitMethod(scope, stage, model, { id, method }, artifacts).catch(async (error: unknown) => {
    await files.adopt(artifacts).catch(() => {}); // what ended the fit is what the user must hear of
    throw error;
  });
  const { realTextsSeen, exemplars, summary } = fitted;
  emit({ type: "fit.done", fit: subject, summary });
  const record = { realTextsSeen, pool: exemplars.length, summary };
  await fitted.prepare?.(stage.contexts);
  await writeFit(files, artifacts, record);
  const samples = await generateAll(scope, stage, { method, fitted, model, cells, kept, label });
  const rows: ResultRow[] = [];
  for (const [i, cell] of cells.entries()) {
    stopIfAsked(scope);
    const own = scored[i]!;
    rows.push(...(kept[i] ?? (await scoreCell(scope, stage, fitted, cell, own, samples[i] ?? []))));
  }
  return { model: model.id, method: id, fit: record, rows, cells: scored };
}
