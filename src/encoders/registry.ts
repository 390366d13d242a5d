import type { Definition, Named } from "../core/definition.ts";
import type { Lazy } from "../core/lazy-registry.ts";
import type { Encoder, EncoderEnvironment } from "./encoder.ts";

export type EncoderDefinition = Definition<Named<EncoderEnvironment>, Encoder>;

/** The providers of encoders; `provider:TEXT` and `{provider: options}` in a config. One line a provider. */
export const encoders: readonly Lazy<EncoderDefinition>[] = [
  { id: "embedded", load: async () => (await import("./embedded.ts")).embedded },
  { id: "transformers", load: async () => (await import("./transformers.ts")).transformers },
  { id: "openai", load: async () => (await import("./openai.ts")).openai },
  { id: "huggingface", load: async () => (await import("./huggingface.ts")).huggingface },
];
