import type { CellId } from "../core/cell.ts";
import { CEILING, FLOOR, type ResultRow } from "../core/result.ts";
import { ceilingRows, floorRows } from "../scoring/reference-rows.ts";
import { emptyRows } from "../scoring/score-cell.ts";
import { whyNot } from "./compatibility.ts";
import { cellDir, readRows, writeRows } from "./files/cell-files.ts";
import { runMadeElsewhere } from "./made-elsewhere.ts";
import { type MethodResult, runMethod } from "./run-method.ts";
import { encoderOf, type RunScope, stopIfAsked } from "./scope.ts";
import { type NamedMethod, type Stage, warnOfSpaces } from "./stage.ts";

/** Every cell of one dataset: the references, then each method on each model. */
export async function runStage(
  scope: RunScope,
  stage: Stage,
  methods: readonly NamedMethod[],
): Promise<{ readonly rows: ResultRow[]; readonly results: MethodResult[] }> {
  const { experiment, environment } = scope;
  const { dataset, scoring, gold, scorable, prompts } = stage;
  for (const { method } of methods)
    method.check?.({ train: dataset.parts.train, encoder: encoderOf(stage, method), prompts });
  if (gold.length < experiment.samples)
    environment.progress.warn(
      `${dataset.id}: gold holds ${gold.length} texts, fewer than the ${experiment.samples} samples of a cell; sets are scored at n = ${gold.length}.`,
    );
  warnOfSpaces(dataset, experiment.tokenizer, environment.progress);
  environment.progress.note(`${dataset.id}: scoring people against people (${CEILING}) and shuffled words (${FLOOR})`);
  const rows = [
    ...(await reference(scope, stage, CEILING, () =>
      dataset.parts.reserve.length === 0
        ? Promise.resolve(
            emptyRows(scoring, { model: null, method: CEILING, repeat: 0 }, "The dataset has no reserve."),
          )
        : ceilingRows(scoring, dataset.parts.reserve, scorable, experiment.repeats),
    )),
    ...(await reference(scope, stage, FLOOR, () => floorRows(scoring, gold.slice(0, scorable)))),
  ];
  const results: MethodResult[] = [];
  for (const named of methods) {
    if (named.made !== null) results.push(await runMadeElsewhere(scope, stage, named.id, named.made));
  }
  for (const model of stage.models) {
    for (const named of methods) {
      if (named.made !== null) continue;
      stopIfAsked(scope);
      const reason = whyNot(named.method, model);
      if (reason === null) {
        results.push(await runMethod(scope, stage, named, model));
        continue;
      }
      environment.progress.warn(`${named.id} is skipped on ${model.id}. ${reason}`);
      for (let repeat = 0; repeat < experiment.repeats; repeat++)
        rows.push(...emptyRows(scoring, { model: model.id, method: named.id, repeat }, reason));
    }
  }
  for (const result of results) rows.push(...result.rows);
  return { rows, results };
}

/** Reference rows, kept in the folder of repeat 0. */
async function reference(
  scope: RunScope,
  stage: Stage,
  method: string,
  make: () => Promise<ResultRow[]>,
): Promise<ResultRow[]> {
  stopIfAsked(scope);
  const cell: CellId = { dataset: stage.dataset.id, model: null, method, repeat: 0 };
  const dir = cellDir(scope.runDir, cell);
  const known = await readRows(scope.files, dir);
  if (known !== null) return known;
  const rows = await make();
  await scope.lock.makeFolder(dir, "metrics.json");
  await writeRows(scope.files, dir, rows);
  return rows;
}
