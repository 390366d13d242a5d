import { access } from "node:fs/promises";
import path from "node:path";
import { hashOf, type JsonObject, toJsonObject } from "../../core/hash.ts";
import { type Matrix, unitRows } from "../../core/matrix.ts";
import { type Context, contextKey, recordsChecksum } from "../../core/record.ts";
import { contextText, type EncoderView, exemplarText, WHOLE_VIEW } from "../encoder-view.ts";
import type { FitContext } from "../method.ts";
import { type Artifact, type ArtifactMatrices, loadArtifact, saveArtifact } from "./artifact.ts";
import { learnGates } from "./gates/learn.ts";
import type { GateParameters } from "./gates/parameters.ts";
import { gatherIngredients, type Ingredients } from "./ingredients.ts";
import { learnSimplex } from "./mmd/learn-simplex.ts";
import { type CosineOptions, type FittedOptions, type MixtureOptions, withPreset } from "./options.ts";
import { Population, projectContexts, projectRows } from "./population.ts";
import type { SimplexTable } from "./simplex-table.ts";

/** How weights come about. */
export type GateRecipe =
  | { readonly kind: "learned"; readonly options: FittedOptions }
  | { readonly kind: "cosine"; readonly options: CosineOptions }
  | { readonly kind: "uniform"; readonly options: MixtureOptions };

/** Changes when the same options would give another fit. */
const REVISION = 1;

/**
 * Fits a mixture and keeps it as `mop.json` in the artifact folder. A finished fit that lies there with the same hash is used
 * again; a score table begun there is gone on with.
 * @param withPool false: prompts show no exemplar
 */
export async function fitMixture(
  context: FitContext,
  method: string,
  recipe: GateRecipe,
  withPool: boolean,
): Promise<Population> {
  const { artifactDir, baseDir, encoder, prompts, train, progress } = context;
  if (recipe.options.artifact !== null) {
    const artifact = await loadArtifact(path.resolve(baseDir, recipe.options.artifact));
    return new Population(artifact, prompts, train, encoder);
  }
  const file = path.join(artifactDir, "mop.json");
  const ingredients = await gatherIngredients(context, baseDir, recipe.options, withPool);
  const fitHash = hashFit(context, method, recipe, ingredients);
  const kept = await finishedFit(file, fitHash);
  if (kept !== null) {
    progress.note(`${method}: the fit in ${file} is used again.`);
    return new Population(kept, prompts, train, encoder);
  }
  const artifact = await makeArtifact(context, method, recipe, ingredients, fitHash);
  await saveArtifact(file, artifact);
  return new Population(artifact, prompts, train, encoder);
}

async function makeArtifact(
  context: FitContext,
  method: string,
  recipe: GateRecipe,
  ingredients: Ingredients,
  fitHash: string,
): Promise<Artifact> {
  const { train, encoder, decoding, model } = context;
  const { personas, pool } = ingredients;
  const contexts = distinctContexts(train.map((r) => r.context));
  const gated = await gate(context, recipe, ingredients, contexts);
  const artifact: Artifact = {
    schema: 1,
    method,
    fitHash,
    dataset: {
      id: context.datasetId,
      locator: { ...context.locator },
      train: recordsChecksum(train),
      pool: recordsChecksum(pool),
    },
    contexts,
    prompts: { ...context.prompts.templates },
    decoding: { ...decoding },
    encoder: {
      id: encoder.id,
      fingerprint: encoder.fingerprint,
      width: encoder.width,
      description: { ...encoder.description },
      view: viewOf(recipe),
    },
    personas,
    exemplars: pool.map((r) => ({
      id: r.id,
      context: r.context.text,
      label: r.context.label,
      text: recipe.options.keepTexts ? r.text : null,
    })),
    gate: {
      kind: gated.simplex === null ? recipe.kind : "simplex",
      cosineTemperature: recipe.kind === "cosine" ? recipe.options.cosineTemperature : null,
    },
    activePairs: activePairsOf(recipe),
    temperatures: gated.temperatures,
    meanTemperature: decoding.temperature,
    matrices: gated.matrices,
    simplex: gated.simplex,
    model: { id: model.id, description: { ...model.description } },
    random: context.random.name,
    fit: gated.report,
  };
  return {
    ...artifact,
    meanTemperature: meanTemperature(artifact, new Population(artifact, context.prompts, train, null)),
  };
}

/** Mean of tau_k over pi(x) and the fitted contexts. */
function meanTemperature({ contexts, temperatures }: Artifact, population: Population): number {
  const first = temperatures[0]!;
  if (temperatures.every((tau) => tau === first)) return first; // as it was given, without rounding
  let [sum, records] = [0, 0];
  for (const context of contexts) {
    const weights = population.personaWeights(context);
    for (const [k, tau] of temperatures.entries()) sum += context.count * weights[k]! * tau;
    records += context.count;
  }
  return sum / records;
}

function activePairsOf(recipe: GateRecipe): number | null {
  if (recipe.kind === "uniform") return null;
  return recipe.kind === "learned" ? withPreset(recipe.options).activePairs : recipe.options.activePairs;
}

function viewOf(recipe: GateRecipe): EncoderView {
  if (recipe.kind === "uniform") return WHOLE_VIEW;
  return { exemplar: recipe.options.exemplarView, label: recipe.options.labelInContext };
}

interface Gated {
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

async function gate(
  context: FitContext,
  recipe: GateRecipe,
  ingredients: Ingredients,
  contexts: readonly Context[],
): Promise<Gated> {
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
  const learned = await learnGates(
    context,
    withPreset(recipe.options),
    ingredients,
    embedded,
    contexts.map(contextKey),
  );
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

function distinctContexts(contexts: readonly Context[]): (Context & { readonly count: number })[] {
  const found = new Map<string, { text: string; label: string | null; count: number }>();
  for (const { text, label } of contexts) {
    const key = contextKey({ text, label });
    const known = found.get(key);
    if (known === undefined) found.set(key, { text, label, count: 1 });
    else known.count++;
  }
  return [...found.values()];
}

function hashFit(context: FitContext, method: string, recipe: GateRecipe, { personas, pool }: Ingredients): string {
  return hashOf({
    revision: REVISION,
    method,
    recipe: toJsonObject(recipe),
    train: recordsChecksum(context.train),
    pool: recordsChecksum(pool),
    personas,
    encoder: context.encoder.fingerprint,
    model: recipe.kind === "learned" ? [context.model.id, context.model.description] : null,
    templates: context.prompts.templates,
    decoding: context.decoding,
    seed: context.random.derive("fit-hash").uint32(),
  });
}

async function finishedFit(file: string, fitHash: string): Promise<Artifact | null> {
  try {
    await access(file);
  } catch {
    return null;
  }
  const artifact = await loadArtifact(file);
  return artifact.fitHash === fitHash ? artifact : null;
}
