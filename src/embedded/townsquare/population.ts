import { type Context, contextKey, InputError } from "../ports.ts";
import { SCENES, type Scene } from "./contexts.ts";
import type { Resident } from "./resident.ts";

/** The true weights of the town, worked out once: who writes about which scene, and how often. */
export interface Population {
  /** p(x), by position in SCENES; sums to one. */
  readonly scenes: Float64Array;
  /** pi*(x) by position in SCENES, then among the residents; each sums to one. */
  readonly owners: readonly Float64Array[];
  /** pi* averaged over p(x): the shares of a sample without skew. */
  readonly marginal: Float64Array;
}

/** pi*(x): softmax of each resident's affinity to the kind of place, the occasion and the stars. */
export function ownerWeights(scene: Scene, residents: readonly Resident[]): Float64Array {
  const weights = Float64Array.from(residents, ({ affinity }) =>
    Math.exp(
      affinity.base +
        (affinity.kinds[scene.kind] ?? 0) +
        (affinity.occasions[scene.occasion] ?? 0) +
        affinity.stars[scene.stars - 1]!,
    ),
  );
  return normalized(weights);
}

export function townPopulation(residents: readonly Resident[]): Population {
  const scenes = normalized(Float64Array.from(SCENES, (scene) => scene.weight));
  const owners = SCENES.map((scene) => ownerWeights(scene, residents));
  const marginal = new Float64Array(residents.length);
  for (const [i, weights] of owners.entries()) {
    for (let k = 0; k < marginal.length; k++) marginal[k]! += scenes[i]! * weights[k]!;
  }
  return { scenes, owners, marginal };
}

/** Finds pi*(x) by context. @throws InputError for a context that is not the town's. */
export function weightsByContext(population: Population): (context: Context) => Float64Array {
  const byKey = new Map(SCENES.map((scene, i) => [contextKey(scene.context), population.owners[i]!]));
  return (context) => {
    const weights = byKey.get(contextKey(context));
    if (weights === undefined)
      throw new InputError(
        `townsquare has no context \`${context.text}\` with the label \`${context.label}\`; its ${SCENES.length} contexts are listed in docs/townsquare.md.`,
      );
    return weights;
  };
}

function normalized(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
