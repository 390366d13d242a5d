import type { Definition } from "../core/definition.ts";
import { Registry } from "../core/registry.ts";
import { exemplarPlacebo } from "./exemplar-placebo.ts";
import { fewShot } from "./few-shot.ts";
import type { Method, MethodEnvironment } from "./method.ts";
import { mop, mopCosine, mopNoExemplar, mopRandomPersona, mopUniform } from "./mop.ts";
import { nearestShot } from "./nearest-shot.ts";
import { persona } from "./persona.ts";
import { personaHub } from "./persona-hub.ts";
import { personaPlacebo } from "./persona-placebo.ts";
import { texts } from "./texts.ts";
import { zeroShot } from "./zero-shot.ts";

/** Every way of prompting a population; `name` and `{name: options}` in a config. docs/methods.md has a row for each. */
export const methods = new Registry<Definition<MethodEnvironment & { readonly id: string }, Method>>("method", {
  "zero-shot": zeroShot,
  persona,
  "persona-hub": personaHub,
  "few-shot": fewShot,
  "nearest-shot": nearestShot,
  mop,
  "mop-uniform": mopUniform,
  "mop-cosine": mopCosine,
  "mop-no-exemplar": mopNoExemplar,
  "mop-random-persona": mopRandomPersona,
  "persona-placebo": personaPlacebo,
  "exemplar-placebo": exemplarPlacebo,
  texts,
});
