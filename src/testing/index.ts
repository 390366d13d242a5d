/**
 * What tests of plug-ins use: a base model that does what a test says, and a folder that goes away.
 *
 * ```ts
 * import { scriptedModel } from "mopbench/testing";
 * const model = scriptedModel({ generate: ({ seed }) => `answer ${seed}` });
 * ```
 */
export { type PartialCompletion, type Script, scriptedModel } from "./scripted-model.ts";
