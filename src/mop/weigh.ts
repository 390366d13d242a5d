import type { JsonObject } from "../core/hash.ts";
import { type Matrix, unitRows } from "../core/matrix.ts";
import { type Context, contextKey } from "../core/record.ts";
import type { ArtifactMatrices } from "./artifact.ts";
import { contextText, exemplarText } from "./encoder-view.ts";
import type { FitContext } from "./fit-context.ts";
import { learnGates } from "./gates/learn.ts";
import type { GateParameters } from "./gates/parameters.ts";
import type { Ingredients } from "./ingredients.ts";
import { learnSimplex } from "./mmd/learn-simplex.ts";
import { withPreset } from "./options.ts";
import { projectContexts, projectRows } from "./projections.ts";
import { type GateRecipe, viewOf } from "./recipe.ts";
import type { SimplexTable } from "./simplex-table.ts";

/** What decides the weights of personas and exemplars, and their temperatures: the fitted part of an artifact. */
export interface Weighing {
  readonly matrices: ArtifactMatrices;
  readonly simplex: SimplexTable | null;
  readonly temperatures: readonly number[];
  readonly report: JsonObject | null;
}

const noMatrices: ArtifactMatrices = {
  contextWeights: null,
  personaWeights: null,
  exemplarWeights: null,
  contexts: null,
  personas: null,
  exemplars: null,
};

/** Works out the weights of a recipe: nothing to do, cosines, gates learned by likelihood, or weights learned by MMD. */
export async function weigh(
  context: FitContext,
  recipe: GateRecipe,
  ingredients: Ingredients,
  contexts: readonly Context[],
): Promise<Weighing> {
  const { encoder, decoding } = context;
  const { personas, pool } = ingredients;
  const temperature = recipe.options.temperature ?? decoding.temperature;
  const fixed = personas.map(() => temperature);
  if (recipe.kind === "uniform") return { matrices: noMatrices, simplex: null, temperatures: fixed, report: null };
  if (recipe.kind === "learned" && recipe.options.objective === "mmd") {
    const learned = await learnSimplex(context, withPreset(recipe.options), ingredients);
    return { matrices: noMatrices, temperatures: fixed, ...learned };
  }
  const view = viewOf(recipe);
  const embedded = {
    contexts: await encoder.encode(contexts.map((context) => contextText(context, view))),
    personas: await encoder.encode(personas.map((persona) => persona.text)),
    exemplars: pool.length === 0 ? null : await encoder.encode(pool.map((r) => exemplarText(r, view))),
  };
  if (recipe.kind === "cosine") {
    const matrices = {
      ...noMatrices,
      contexts: unitRows(embedded.contexts),
      personas: unitRows(embedded.personas),
      exemplars: embedded.exemplars === null ? null : unitRows(embedded.exemplars),
    };
    return { matrices, simplex: null, temperatures: fixed, report: null };
  }
  const keyed = { ...embedded, contextKeys: contexts.map(contextKey) };
  const learned = await learnGates(context, withPreset(recipe.options), ingredients, keyed);
  const weights = weightMatrices(learned.fit.parameters, recipe.options.contextConstant);
  const half = { ...noMatrices, contextWeights: weights.contexts, personaWeights: weights.personas };
  const matrices: ArtifactMatrices = {
    ...half,
    exemplarWeights: embedded.exemplars === null ? null : weights.exemplars,
    contexts: projectContexts(
      { gate: { kind: "learned", cosineTemperature: null }, matrices: half },
      embedded.contexts,
    ),
    personas: projectRows(embedded.personas, weights.personas),
    exemplars: embedded.exemplars === null ? null : projectRows(embedded.exemplars, weights.exemplars),
  };
  return { matrices, simplex: null, temperatures: learned.temperatures, report: learned.report };
}

/** @param constant false: the constant beside h(x) was 0 in the fit, and its column, which nothing moved, is 0 from now on */
function weightMatrices(p: GateParameters, constant: boolean): Record<"contexts" | "personas" | "exemplars", Matrix> {
  if (!constant) for (let d = 1; d <= p.rank; d++) p.contexts[d * p.contextWidth - 1] = 0;
  const float = (values: Float64Array, cols: number): Matrix => ({
    data: Float32Array.from(values),
    rows: p.rank,
    cols,
  });
  return {
    contexts: float(p.contexts, p.contextWidth),
    personas: float(p.personas, p.width),
    exemplars: float(p.exemplars, p.width),
  };
}
