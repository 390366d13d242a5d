import { type EncoderView, WHOLE_VIEW } from "./encoder-view.ts";
import { type CosineOptions, type FittedOptions, type MixtureOptions, withPreset } from "./options.ts";

/** How weights come about. */
export type GateRecipe =
  | { readonly kind: "learned"; readonly options: FittedOptions }
  | { readonly kind: "cosine"; readonly options: CosineOptions }
  | { readonly kind: "uniform"; readonly options: MixtureOptions };

/** M, where the recipe draws from the heaviest pairs alone. */
export function activePairsOf(recipe: GateRecipe): number | null {
  if (recipe.kind === "uniform") return null;
  return recipe.kind === "learned" ? withPreset(recipe.options).activePairs : recipe.options.activePairs;
}

/** What the encoder sees of contexts and exemplars. */
export function viewOf(recipe: GateRecipe): EncoderView {
  if (recipe.kind === "uniform") return WHOLE_VIEW;
  return { exemplar: recipe.options.exemplarView, label: recipe.options.labelInContext };
}
