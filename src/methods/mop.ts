import path from "node:path";
import { z } from "zod";
import type { Definition } from "../core/definition.ts";
import type { Capability } from "../models/model.ts";
import { type Artifact, loadArtifact } from "../mop/artifact.ts";
import { fitMixture } from "../mop/fit-mixture.ts";
import { cosineOptions, fittedOptions, mixtureOptions, withPreset } from "../mop/options.ts";
import { givenPersonas } from "../mop/personas/persona-file.ts";
import { Population } from "../mop/population.ts";
import type { GateRecipe } from "../mop/recipe.ts";
import { cosineVoids, fittedVoids, mixtureVoids, withoutExemplars } from "../mop/void-options.ts";
import { mixtureCost } from "./cost.ts";
import { oneCallEach } from "./fill.ts";
import { defineMethod, type FittedMethod, type Method, type MethodEnvironment } from "./method.ts";

type MethodPlugin = Definition<MethodEnvironment & { readonly id: string }, Method>;

/** What a model must do for a recipe: score given texts to learn gates, follow instructions to write personas. */
function needsOf(recipe: GateRecipe): readonly Capability[] {
  if (recipe.options.artifact !== null) return [];
  const scores = recipe.kind === "learned" && recipe.options.objective === "likelihood";
  return [
    ...(scores ? (["promptLogprobs"] as const) : []),
    ...(scores && recipe.options.scoreEnd === "always" ? (["endLogprobs"] as const) : []),
    ...(recipe.options.personaSource === "model" ? (["instructions"] as const) : []),
  ];
}

/**
 * Reads the files that options name, so that a wrong one stops a run before anything is spent.
 * @returns the artifact, and the size of the exemplar pool where it or the options say it
 * @throws InputError
 */
async function checkFiles({ options }: GateRecipe, baseDir: string): Promise<NamedFiles> {
  if (options.artifact !== null) {
    const artifact = await loadArtifact(path.resolve(baseDir, options.artifact));
    return { artifact, pool: artifact.exemplars.length };
  }
  if (options.personaSource === "file") await givenPersonas(baseDir, options);
  return { artifact: null, pool: options.exemplars };
}

/** What the files of a recipe hold. */
interface NamedFiles {
  readonly artifact: Artifact | null;
  readonly pool: number | null;
}

async function mixture(
  { baseDir }: MethodEnvironment,
  name: string,
  recipe: GateRecipe,
  withPool = true,
): Promise<Method> {
  const { artifact, pool } = await checkFiles(recipe, baseDir);
  const { personaSource } = recipe.options;
  const quotes = personaSource === "records" ? " and records quoted by personas" : "";
  const derived = personaSource === "file" ? "" : "; personas derived from train";
  return {
    name,
    needs: needsOf(recipe),
    without: { need: "promptLogprobs", how: "with `objective: mmd` it learns from answers alone" },
    pool: withPool && pool !== 0 ? pool : undefined,
    encoder: recipe.options.encoder ?? undefined,
    sees: `${withPool ? "the exemplar pool" : "0"}${quotes}${derived}`,
    cost: (data) => {
      const fitted = recipe.kind === "learned" ? withPreset(recipe.options) : null;
      return mixtureCost(data, fitted ?? recipe.options, fitted, withPool);
    },
    check: ({ train, encoder, prompts }) => {
      if (artifact !== null) new Population(artifact, prompts, train, encoder);
    },
    fit: async (context) => populationMethod(await fitMixture(context, name, recipe, withPool)),
  };
}

/** A population as a method: each sample's prompt is drawn from it. */
function populationMethod(population: Population): FittedMethod {
  const { realTextsSeen, summary, exemplars, exemplarWeights } = population;
  return {
    realTextsSeen,
    summary,
    exemplars,
    ...(exemplarWeights === undefined ? {} : { exemplarWeights }),
    prepare: (contexts) => population.prepare(contexts),
    fill: oneCallEach((context, random) => population.draw(context, random)),
  };
}

/** Mixture of Personas (Bui et al., Findings of ACL 2025, arXiv 2504.05019): docs/mop.md says what is theirs and what ours. */
export const mop: MethodPlugin = defineMethod({
  summary: "Mixture of Personas: personas and exemplars with weights fitted by likelihood, by context.",
  notes: {
    "needs of the model": "`promptLogprobs`; none with `objective: mmd`",
    "real texts": "N; personas derived from train",
    source: "Bui et al. 2025: [mop](mop.md)",
  },
  options: fittedOptions,
  voids: fittedVoids,
  id: () => "mop",
  create: (options, environment: MethodEnvironment) => mixture(environment, "mop", { kind: "learned", options }),
});

/** The same personas and pool, uniform weights: what any learned weight must beat. */
export const mopUniform: MethodPlugin = defineMethod({
  summary: "MoP's personas and exemplars with uniform weights: nothing learned.",
  notes: {
    "needs of the model": "none",
    "real texts": "N; personas derived from train",
    source: "ablation: no gates",
  },
  options: mixtureOptions,
  voids: mixtureVoids,
  id: () => "mop-uniform",
  create: (options, environment: MethodEnvironment) =>
    mixture(environment, "mop-uniform", { kind: "uniform", options }),
});

/** Training-free gates: softmax of cosines over a temperature. Needs no log-probabilities. */
export const mopCosine: MethodPlugin = defineMethod({
  summary: "MoP with training-free gates: cosines of the encoder instead of learned projections.",
  notes: {
    "needs of the model": "none",
    "real texts": "N; personas derived from train",
    source: "ours: training-free gates",
  },
  options: cosineOptions,
  voids: cosineVoids,
  id: () => "mop-cosine",
  create: (options, environment: MethodEnvironment) => mixture(environment, "mop-cosine", { kind: "cosine", options }),
});

/** Personas alone, weights learned. */
export const mopNoExemplar: MethodPlugin = defineMethod({
  summary: "MoP without exemplars: a learned mixture of personas alone.",
  notes: {
    "needs of the model": "`promptLogprobs`",
    "real texts": "0; personas derived from train",
    source: "ablation",
  },
  options: fittedOptions,
  voids: [...fittedVoids, ...withoutExemplars],
  id: () => "mop-no-exemplar",
  create: (options, environment: MethodEnvironment) =>
    mixture(environment, "mop-no-exemplar", { kind: "learned", options }, false),
});

/** Personas described from random groups of records instead of clusters. */
export const mopRandomPersona: MethodPlugin = defineMethod({
  summary: "MoP whose personas describe random groups of records instead of clusters.",
  notes: {
    "needs of the model": "`promptLogprobs`",
    "real texts": "N; personas derived from train",
    source: "ablation (*choice*: how they are drawn)",
  },
  options: fittedOptions.extend({
    personaSource: z
      .enum(["random", "file"])
      .default("random")
      .describe("Random groups of train (random), or lines of `personaFile` that belong to no cluster (file)."),
  }),
  voids: fittedVoids,
  id: () => "mop-random-persona",
  create: (options, environment: MethodEnvironment) =>
    mixture(environment, "mop-random-persona", { kind: "learned", options }),
});
