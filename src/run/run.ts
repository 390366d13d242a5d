import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import path from "node:path";
import PQueue from "p-queue";
import type { GoldMap } from "../analysis/map.ts";
import type { RunManifest } from "../analysis/run-manifest.ts";
import { summarize } from "../analysis/summary.ts";
import type { CellId } from "../core/cell.ts";
import { INTERNAL_ERROR, InputError, InterruptedError, MopbenchError, RunFailedError } from "../core/errors.ts";
import type { EventProgress } from "../core/events.ts";
import type { ComparisonRow, ResultRow, Results } from "../core/result.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Registries } from "../plugins/compose.ts";
import { sortRows } from "../scoring/score-cell.ts";
import { fileProblem } from "../storage/file-problem.ts";
import { changedVariables } from "./changed-variables.ts";
import { compareStage, mapStage } from "./compare.ts";
import { checkMethods, checkSizes, whyNot } from "./compatibility.ts";
import { diskFailure } from "./disk-failure.ts";
import type { Experiment } from "./experiment.ts";
import { BudgetFile } from "./files/budget-file.ts";
import { rowLines } from "./files/cell-files.ts";
import { checkCells, checkKept } from "./files/check-cells.ts";
import { ManifestFile } from "./files/manifest.ts";
import { RunFiles } from "./files/run-files.ts";
import { emptyRunFolder } from "./files/run-folder.ts";
import { keepingBooks } from "./keeping-books.ts";
import { heldRunFolder } from "./lock/held-run-folder.ts";
import { type OpenedRecording, openRecording } from "./open-recording.ts";
import { runStage } from "./run-stage.ts";
import type { RunScope } from "./scope.ts";
import { ModelLayers, type RunEnvironment } from "./services.ts";
import { sharedPool } from "./shared-pool.ts";
import { loadDatasets, makeMethods, type NamedMethod, openStage, type Stage } from "./stage.ts";

/** Where a run writes and what it keeps. */
export interface RunOptions {
  readonly out?: string | undefined;
  readonly resume?: string | undefined;
  /** Relative paths start here. */
  readonly cwd: string;
  readonly keepPrompts?: boolean | undefined;
  /** Write every answer to this new file. */
  readonly record?: string | undefined;
  /** Take every answer from this file; no server is asked. */
  readonly replay?: string | undefined;
  readonly version: string;
}

/** A finished run. */
export interface RunOutcome {
  readonly dir: string;
  /** The folder as the user would type it. */
  readonly shown: string;
  readonly results: Results;
  readonly manifest: RunManifest;
}

/**
 * Runs an experiment, or goes on with one: fits, generates, scores, compares, and writes run.json, the cells, results.json and
 * maps.json. Everything the input can be wrong about, and whether the folder can be written, is found before a model is called.
 * @throws InputError (nothing written, or nothing left of a run that a server refused before its first answer), RunFailedError
 * or InterruptedError (all finished work kept, the message says how to go on)
 */
export async function runExperiment(
  experiment: Experiment,
  registries: Registries,
  environment: RunEnvironment,
  options: RunOptions,
): Promise<RunOutcome> {
  const { configHash, name } = experiment;
  setMaxListeners(0, environment.signal); // one listener a call in flight
  const { folder, lock, letGo } = await heldRunFolder({ ...options, name, configHash, now: environment.now() });
  let recording: OpenedRecording | null = null;
  let layers: ModelLayers | null = null;
  const budget = new BudgetFile(folder, configHash, Object.keys(experiment.budget).length > 0);
  let bounded = false;
  let manifest: ManifestFile | null = null;
  let first: Stage | null = null;
  let begun = false;
  const early = new Set<string>();
  const progress = remembering(environment.progress, (message) =>
    manifest === null ? early.size < early.add(message).size : manifest.addWarning(message),
  );
  try {
    const { runId, spent, ledger } = await budget.begin(randomUUID());
    bounded = true;
    const files = new RunFiles({
      dir: folder.dir,
      runId,
      sums: folder.previous?.files ?? {},
      save: async () => {
        if (layers !== null) await manifest?.write(layers, null);
      },
    });
    const methods = await makeMethods(experiment, environment);
    const madeElsewhere = methods.filter(({ made }) => made !== null).map(({ id }) => id);
    await checkKept(files, folder.shown, madeElsewhere);
    recording = await openRecording({ ...options, resumes: folder.previous !== null });
    layers = new ModelLayers(experiment, { ...environment, progress }, spent, recording.recording, ledger);
    environment.progress.note(`${name}: loading ${experiment.datasets.map(({ id }) => id).join(", ")}`);
    const datasets = await loadDatasets(experiment, environment);
    checkSizes(methods, datasets);
    first = await openStage(experiment, datasets[0]!, methods, layers, { ...environment, progress });
    await checkMethods(experiment, methods, first.models, registries);
    manifest = new ManifestFile({
      files,
      experiment,
      version: options.version,
      datasets,
      methods,
      previous: folder.previous,
      now: environment.now,
    });
    for (const message of early) manifest.addWarning(message);
    checkSameData(folder.shown, folder.previous, manifest.value);
    await checkCells(files, folder.shown, cellsOf(experiment, methods, first));
    await manifest.write(layers, null);
    begun = true;

    for (const message of changedVariables(folder.previous, first)) progress.warn(message);
    const stop = new AbortController();
    const signal = AbortSignal.any([environment.signal, stop.signal]);
    setMaxListeners(0, signal);
    const scope: RunScope = {
      experiment,
      runDir: folder.dir,
      files,
      environment: { ...environment, progress, signal },
      queue: new PQueue({ concurrency: experiment.concurrency }),
      keepPrompts: options.keepPrompts ?? false,
      layers,
      sharedPool: sharedPool(methods),
      tally: manifest.tally,
      lock,
    };
    progress.emit({ type: "run.started", name, dir: folder.dir, cells: cellsOf(experiment, methods, first) });
    const collected = await keepingBooks(
      manifest,
      layers,
      lock,
      progress,
      stop,
      runDatasets(scope, datasets, methods, first, layers, manifest),
    );
    await recording.close();
    const results = await writeResults(files, collected);
    await manifest.write(layers, 0);
    await lock.checkAll();
    progress.emit({ type: "spent", spent: layers.spent });
    progress.emit({ type: "run.done", dir: folder.dir, rows: results.rows });
    return { dir: folder.dir, shown: folder.shown, results, manifest: manifest.value };
  } catch (error) {
    await budget.written();
    const lost = await lock.check().then(
      () => null,
      (gone: unknown) => gone,
    );
    if (!begun) {
      await recording?.undo();
      // What a probe of a server left in a folder that was empty before; a budget.json that was refused stays for the user to look after.
      if (folder.previous === null && lost === null && bounded) await emptyRunFolder(folder);
    }
    const shown = lost === null ? folder.shown : "";
    const failure = explained(begun ? (lost ?? error) : error, environment.signal, begun ? shown : null);
    // In another folder's place nothing is written, or taken back.
    if (begun && lost === null && layers !== null) {
      const exitCode = failure instanceof MopbenchError ? failure.exitCode : fileProblem(failure)?.exitCode;
      // What ended the run is what the user must hear of, also where this write fails for the same reason.
      await manifest?.write(layers, exitCode ?? INTERNAL_ERROR).catch(() => {});
      const { generated, scored, cached } = layers.spent;
      const nothing = folder.previous === null && generated + scored + cached === 0;
      // The config that is put right may then write to the same folder.
      if (nothing && failure instanceof InputError) await emptyRunFolder(folder);
    }
    throw failure;
  } finally {
    await first?.close();
    await layers?.close();
    await recording?.close().catch(() => {}); // what failed ended the run
    await budget.written();
    await letGo();
  }
}

/** The cells that will be filled, on models of each data set that are the first's. */
function cellsOf({ datasets, repeats }: Experiment, methods: readonly NamedMethod[], { models }: Stage): CellId[] {
  const cells: CellId[] = [];
  for (const dataset of datasets)
    for (const { id, method, made } of methods)
      for (const model of made === null ? models : [])
        for (let repeat = 0; whyNot(method, model) === null && repeat < repeats; repeat++)
          cells.push({ dataset: dataset.id, model: model.id, method: id, repeat });
  return cells;
}

interface Collected {
  readonly rows: ResultRow[];
  readonly comparisons: ComparisonRow[];
  readonly maps: GoldMap[];
}

async function runDatasets(
  scope: RunScope,
  datasets: readonly Dataset[],
  methods: Awaited<ReturnType<typeof makeMethods>>,
  first: Stage,
  layers: ModelLayers,
  manifest: ManifestFile,
): Promise<Collected> {
  const collected: Collected = { rows: [], comparisons: [], maps: [] };
  for (const [i, dataset] of datasets.entries()) {
    const stage = i === 0 ? first : await openStage(scope.experiment, dataset, methods, layers, scope.environment);
    try {
      manifest.addStage(stage);
      const { rows, results } = await manifest.timed("cells", () => runStage(scope, stage, methods));
      for (const result of results) manifest.addFit(dataset.id, result);
      scope.environment.progress.note(`${dataset.id}: comparing`);
      const sorted = sortRows(rows);
      const summaries = await manifest.timed("summary", () => summarize(sorted, stage.scoring.metrics));
      const comparisons = await manifest.timed("comparisons", () => compareStage(scope, stage, results, summaries));
      collected.rows.push(...rows, ...summaries);
      collected.comparisons.push(...comparisons);
      collected.maps.push(...(await manifest.timed("maps", () => mapStage(scope, stage, results))));
    } finally {
      if (stage !== first) await stage.close();
    }
    await manifest.write(layers, null);
  }
  return collected;
}

/** results.json and maps.json: functions of the config and the samples, without times, so that equal runs give equal bytes. */
async function writeResults(files: RunFiles, { rows, comparisons, maps }: Collected): Promise<Results> {
  const results: Results = { schema: 1, rows: sortRows(rows), comparisons };
  const text = `{"schema": 1, "rows": [\n${rowLines(results.rows)}\n], "comparisons": [\n${rowLines(comparisons)}\n]}\n`;
  await files.put(path.join(files.dir, "maps.json"), `${JSON.stringify({ schema: 1, maps })}\n`);
  await files.put(path.join(files.dir, "results.json"), text);
  return results;
}

/** A resumed run must see the data it began with. */
function checkSameData(shown: string, previous: RunManifest | null, now: RunManifest): void {
  for (const dataset of previous?.datasets ?? []) {
    const found = now.datasets.find(({ id }) => id === dataset.id);
    for (const [part, { checksum }] of Object.entries(dataset.parts)) {
      if (found?.parts[part]?.checksum === checksum) continue;
      throw new InputError(
        `The data of \`${dataset.id}\` (${part}) changed since ${shown} was begun; going on would mix two datasets. Start anew with --out.`,
      );
    }
  }
}

/** @param shown the folder of a run that has begun; empty: it is lost; null: the run has not begun */
function explained(error: unknown, signal: AbortSignal, shown: string | null): unknown {
  const how = shown ? ` What is finished is kept; go on with it: add --resume ${shown} to the same command.` : "";
  if (signal.aborted) return new InterruptedError(`Stopped.${how}`, { cause: error });
  if (error instanceof MopbenchError && error.exitCode === 3)
    return new RunFailedError(`${error.message}${how}`, { cause: error });
  return shown === null ? error : diskFailure(error, how);
}

/** Warnings go to the manifest too, and each is said once. @param remember gives whether it is new */
function remembering(progress: EventProgress, remember: (message: string) => boolean): EventProgress {
  return {
    ...progress,
    warn(message) {
      if (remember(message)) progress.warn(message);
    },
  };
}
