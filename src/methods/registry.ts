import type { Definition, Named } from "../core/definition.ts";
import type { Lazy } from "../core/lazy-registry.ts";
import type { Method, MethodEnvironment } from "./method.ts";

export type MethodDefinition = Definition<Named<MethodEnvironment>, Method>;

/** Every way of prompting a population; `name` and `{name: options}` in a config. One line a method. */
export const methods: readonly Lazy<MethodDefinition>[] = [
  { id: "zero-shot", load: async () => (await import("./zero-shot.ts")).zeroShot },
  { id: "persona", load: async () => (await import("./persona.ts")).persona },
  { id: "persona-hub", load: async () => (await import("./persona-hub.ts")).personaHub },
  { id: "few-shot", load: async () => (await import("./few-shot.ts")).fewShot },
  { id: "nearest-shot", load: async () => (await import("./nearest-shot.ts")).nearestShot },
  { id: "mop", load: async () => (await import("./mop.ts")).mop },
  { id: "mop-uniform", load: async () => (await import("./mop.ts")).mopUniform },
  { id: "mop-cosine", load: async () => (await import("./mop.ts")).mopCosine },
  { id: "mop-no-exemplar", load: async () => (await import("./mop.ts")).mopNoExemplar },
  { id: "mop-random-persona", load: async () => (await import("./mop.ts")).mopRandomPersona },
  { id: "persona-placebo", load: async () => (await import("./persona-placebo.ts")).personaPlacebo },
  { id: "exemplar-placebo", load: async () => (await import("./exemplar-placebo.ts")).exemplarPlacebo },
  { id: "texts", load: async () => (await import("./texts.ts")).texts },
];
