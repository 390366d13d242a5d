import type { Definition } from "../core/definition.ts";
import { Registry } from "../core/registry.ts";
import { embedded } from "./embedded.ts";
import type { Encoder, EncoderEnvironment } from "./encoder.ts";
import { huggingface } from "./huggingface.ts";
import { openai } from "./openai.ts";
import { transformers } from "./transformers.ts";

/** Every encoder provider; `provider:TEXT` and `{provider: options}` in a config. */
export const encoders = new Registry<Definition<EncoderEnvironment & { readonly id: string }, Encoder>>("encoder", {
  embedded,
  transformers,
  openai,
  huggingface,
});
