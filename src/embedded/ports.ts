/**
 * All that the embedded world asks of mopbench: no other file of this package reaches outside it (ports.test.ts). What a user's
 * own model or dataset source would need is here and no more, so the package shows whether the program's face is wide enough.
 */

export { seedNumber } from "../config/bounds.ts";
export { InputError } from "../core/errors.ts";
export type { JsonObject } from "../core/hash.ts";
export { type Context, contextKey, type PopulationRecord } from "../core/record.ts";
export type { Decoding, Finish } from "../core/sample.ts";
export { Stream } from "../core/stream.ts";
export { loadCard } from "../data/card.ts";
export { type DatasetDefinition, defineDataset, type Truth } from "../data/dataset.ts";
export { checkPoolSize, partChecksums, splitRecords } from "../data/parts.ts";
export { takesInEnd } from "../models/boundary.ts";
export {
  type BaseModel,
  type Completion,
  defineModel,
  type GenerateRequest,
  type ModelEnvironment,
  type ScoredText,
  type ScoreRequest,
} from "../models/model.ts";
export type { Plugin } from "../plugins/plugin.ts";
export type { PromptContent } from "../prompts/prompt.ts";
export { packageRoot } from "../storage/package-root.ts";
export { isUnspaced } from "../text/unspaced.ts";
