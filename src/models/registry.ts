import type { Plugin } from "../core/plugin.ts";
import { Registry } from "../core/registry.ts";
import { embedded } from "./embedded/embedded.ts";
import type { BaseModel, ModelEnvironment } from "./model.ts";

/** The base models a config can name; `provider:TEXT` is short for the provider's options. */
export const models = new Registry<Plugin<ModelEnvironment & { readonly id: string }, BaseModel>>("model provider", {
  embedded,
});
