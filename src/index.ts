/**
 * mopbench as a library: `run`, `score`, `fitMop`, `openPopulation` and `definePlugin`, and the nouns they speak of.
 *
 * ```ts
 * import { run } from "mopbench";
 * const { rows } = await run("configs/quickstart.yaml");
 * ```
 */

/** The schemas of options: plug-ins need no copy of their own. */
export { z } from "zod";
export { frameCsv } from "./analysis/frames/frame-csv.ts";
export { mergeRuns } from "./analysis/frames/merge-runs.ts";
export { type Pivot, pivot } from "./analysis/frames/pivot.ts";
export { resultFrame } from "./analysis/frames/result-frame.ts";
export type { RunManifest } from "./analysis/run-manifest.ts";
export { type FitMopOptions, type FittedMop, fitMop } from "./api/fit-mop.ts";
export type { GivenData, GivenModel } from "./api/given.ts";
export {
  type OpenedPopulation,
  type OpenPopulationOptions,
  openPopulation,
  type PopulationAnswer,
} from "./api/open-population.ts";
export type { ExperimentOptions } from "./api/prepare.ts";
export { type RunOptions, type RunResult, run } from "./api/run.ts";
export { type ScoreOptions, score } from "./api/score.ts";
export type { CellId } from "./core/cell.ts";
export type { Bound, Definition } from "./core/definition.ts";
export {
  CallError,
  CheckFailedError,
  type FailureKind,
  InputError,
  InterruptedError,
  MopbenchError,
  RunFailedError,
} from "./core/errors.ts";
export type { RunEvent, RunListener } from "./core/events.ts";
export type { Io } from "./core/io.ts";
export { type Matrix, matrix } from "./core/matrix.ts";
export type { Progress } from "./core/progress.ts";
export type { Context, PopulationRecord } from "./core/record.ts";
export type { Better, ComparisonRow, ResultRow, Results } from "./core/result.ts";
export type { Decoding, Finish, Sample } from "./core/sample.ts";
export { Stream } from "./core/stream.ts";
export {
  type Dataset,
  type DatasetCard,
  type DatasetEnvironment,
  defineDataset,
  type PartName,
  type Parts,
  type Truth,
} from "./data/dataset.ts";
export { datasetOf, type Records } from "./data/dataset-of.ts";
export { defineEncoder, type Encoder, type EncoderEnvironment } from "./encoders/encoder.ts";
export { NO_CALLS } from "./methods/cost.ts";
export { groupCount, inRounds, oneCallEach, oneCallForMany, type SplitText } from "./methods/fill.ts";
export {
  type CallCounts,
  type CellCost,
  type CellTask,
  defineMethod,
  type FittedMethod,
  type Method,
  type MethodCost,
  type MethodEnvironment,
  type Produced,
} from "./methods/method.ts";
export { defineMetric, type MetricSpec } from "./metrics/define.ts";
export { type Evidence, type EvidenceName, evidenceOf, isMissing } from "./metrics/evidence.ts";
export type { Metric, MetricDefinition, MetricInput, MetricNeeds, MetricNotes, MetricValue } from "./metrics/metric.ts";
export { SampleSet } from "./metrics/sample-set.ts";
export {
  type BaseModel,
  type Capabilities,
  type Capability,
  type ChooseRequest,
  type Chosen,
  type Completion,
  defineModel,
  type GenerateRequest,
  type ModelEnvironment,
  type ScoredText,
  type ScoreRequest,
} from "./models/model.ts";
export { askOf, type FitContext, type TrainSize } from "./mop/fit-context.ts";
export type { Command } from "./plugins/command.ts";
export { definePlugin, type Plugin } from "./plugins/plugin.ts";
export type { Ask, AskedCall, AskedChoice, Choice, Reply } from "./prompts/ask.ts";
export type { Draw } from "./prompts/draw.ts";
export type { Prompt, PromptContent, PromptRenderer, PromptTemplates } from "./prompts/prompt.ts";
export { renderReport } from "./report/render.ts";
export type { ReportFormat } from "./report/report-format.ts";
