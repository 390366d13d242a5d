import type { Definition } from "../core/definition.ts";
import { Registry } from "../core/registry.ts";
import { embedded } from "../embedded/ngram/embedded.ts";
import { huggingface } from "./huggingface/huggingface.ts";
import { gguf } from "./in-process/gguf.ts";
import { transformers } from "./in-process/transformers.ts";
import type { BaseModel, ModelEnvironment } from "./model.ts";
import { openai } from "./openai/openai.ts";

/** The base models a config can name; `provider:TEXT` is short for the provider's options. */
export const models = new Registry<Definition<ModelEnvironment & { readonly id: string }, BaseModel>>(
  "model provider",
  {
    embedded,
    openai,
    huggingface,
    transformers,
    gguf,
  },
);
