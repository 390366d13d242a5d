import path from "node:path";
import { InputError } from "../core/errors.ts";
import { hashOf, toJsonObject } from "../core/hash.ts";
import type { Progress } from "../core/progress.ts";
import { type Context, contextKey, recordsChecksum } from "../core/record.ts";
import { identityAt } from "../storage/disk.ts";
import { type Artifact, loadArtifact, saveArtifact } from "./artifact.ts";
import type { FitContext } from "./fit-context.ts";
import { gatherIngredients, type Ingredients } from "./ingredients.ts";
import { Population } from "./population.ts";
import { activePairsOf, type GateRecipe, viewOf } from "./recipe.ts";
import { weigh } from "./weigh.ts";

/*
 * The mixture as a library: it knows models, encoders and prompts, and nothing of datasets, metrics or runs. A fit flows
 *
 *   records of train (fit-context.ts)
 *   -> personas and exemplar pool (ingredients.ts, personas/)
 *   -> weights as the recipe wants them (recipe.ts, weigh.ts): none, cosines, or learned: pairs of persona and exemplar are
 *      scored (scores/), both gates are fitted on the scores (gates/learn.ts); or answers are drawn and weighed (mmd/)
 *   -> artifact, mop.json (artifact.ts)
 *   -> population that draws prompts (population.ts)
 */

/** Changes when the same options would give another fit. */
const REVISION = 3;

/**
 * Fits a mixture and saves it as `mop.json` in the artifact folder. A finished fit that lies there with the same hash is used
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
  const finished = await finishedFit(file, fitHash, progress);
  if (finished !== null) {
    progress.note(`${method}: the fit in ${file} is used again.`);
    return new Population(finished, prompts, train, encoder);
  }
  const artifact = await makeArtifact(context, { method, recipe, ingredients, fitHash });
  await saveArtifact(file, artifact);
  return new Population(artifact, prompts, train, encoder);
}

/** A fit that was not made before. */
interface Fit {
  readonly method: string;
  readonly recipe: GateRecipe;
  readonly ingredients: Ingredients;
  readonly fitHash: string;
}

async function makeArtifact(context: FitContext, fit: Fit): Promise<Artifact> {
  const { method, recipe, ingredients, fitHash } = fit;
  const { train, encoder, decoding, model } = context;
  const { personas, pool } = ingredients;
  const contexts = distinctContexts(train.map((r) => r.context));
  const weighed = await weigh(context, recipe, ingredients, contexts);
  const artifact: Artifact = {
    schema: 2,
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
      kind: weighed.simplex === null ? recipe.kind : "simplex",
      cosineTemperature: recipe.kind === "cosine" ? recipe.options.cosineTemperature : null,
    },
    activePairs: activePairsOf(recipe),
    temperatures: weighed.temperatures,
    meanTemperature: decoding.temperature,
    matrices: weighed.matrices,
    simplex: weighed.simplex,
    model: { id: model.id, description: { ...model.description } },
    random: context.random.name,
    fit: weighed.report,
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

/** The fit that lies there; null where there is none, where it is another, and where it is damaged: it is made again. */
async function finishedFit(file: string, fitHash: string, progress: Progress): Promise<Artifact | null> {
  if ((await identityAt(file)) === null) return null;
  try {
    const artifact = await loadArtifact(file);
    return artifact.fitHash === fitHash ? artifact : null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    progress.note(`${error.message} The fit is made again; scores that were kept are not asked for again.`);
    return null;
  }
}
