import type { Definition, Named } from "../core/definition.ts";
import type { Lazy } from "../core/lazy-registry.ts";
import type { BaseModel, ModelEnvironment } from "./model.ts";

export type ModelDefinition = Definition<Named<ModelEnvironment>, BaseModel>;

/** The providers of base models; `provider:TEXT` in a config is short for the provider's options. One line a provider. */
export const models: readonly Lazy<ModelDefinition>[] = [
  { id: "openai", load: async () => (await import("./openai/openai.ts")).openai },
  { id: "huggingface", load: async () => (await import("./huggingface/huggingface.ts")).huggingface },
  { id: "transformers", load: async () => (await import("./in-process/transformers.ts")).transformers },
  { id: "gguf", load: async () => (await import("./in-process/gguf.ts")).gguf },
];
