/**
 * What tests of plug-ins use: a check of all that one brings, and a base model that does what a test says.
 *
 * ```ts
 * import { scriptedModel } from "mopbench/testing";
 * const model = scriptedModel({ generate: ({ seed }) => `answer ${seed}` });
 * ```
 */
export { type ConformanceOptions, problemsOf } from "./conformance.ts";
export { type PartialCompletion, type Script, scriptedModel } from "./scripted-model.ts";
