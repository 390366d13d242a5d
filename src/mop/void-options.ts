import type { VoidOptions } from "../core/void-options.ts";
import { type CosineOptions, type FittedOptions, type MixtureOptions, withPreset } from "./options.ts";

/** What a fit by likelihood alone reads. */
const OF_LIKELIHOOD = [
  "activePairs",
  "exemplarView",
  "labelInContext",
  "preset",
  "pairs",
  "uniformShare",
  "refinePairs",
  "scoreEnd",
  "lengthNormalized",
  "contextConstant",
  "rank",
  "learningRate",
  "batch",
  "maxSteps",
  "evaluateEvery",
  "patience",
  "penalties",
  "renormalize",
  "fallback",
  "gateNoise",
  "exemplarMask",
  "tau",
  "temperatures",
  "tauRecords",
] as const satisfies readonly (keyof FittedOptions)[];

/** What a fit by MMD alone reads. */
const OF_MMD = [
  "candidates",
  "answers",
  "groupBy",
  "groupRecords",
  "mmdPenalties",
] as const satisfies readonly (keyof FittedOptions)[];

const OF_MIXTURE = [
  "personas",
  "exemplars",
  "personaSource",
  "personaFile",
  "temperature",
  "keepTexts",
] as const satisfies readonly (keyof MixtureOptions)[];

const artifact = ({ artifact }: Pick<MixtureOptions, "artifact">) => (artifact === null ? null : "`artifact`");

/** A file of personas that nobody reads. */
export const voidPersonaFile = {
  by: ({ personaSource }: { readonly personaSource: string }) =>
    personaSource === "file" ? null : `\`personaSource: ${personaSource}\``,
  options: ["personaFile"] as const,
};

/** An artifact is used as it is: nothing else is read but the encoder's id. */
export const mixtureVoids: readonly VoidOptions<MixtureOptions>[] = [
  { by: artifact, options: OF_MIXTURE },
  voidPersonaFile,
];

export const cosineVoids: readonly VoidOptions<CosineOptions>[] = [
  { by: artifact, options: [...OF_MIXTURE, "exemplarView", "labelInContext", "activePairs", "cosineTemperature"] },
  voidPersonaFile,
];

/** Each objective has options of its own; some of likelihood's belong to what another one of them switches on. */
export const fittedVoids: readonly VoidOptions<FittedOptions>[] = [
  { by: artifact, options: [...OF_MIXTURE, ...OF_LIKELIHOOD, ...OF_MMD, "objective", "records", "heldOut"] },
  voidPersonaFile,
  { by: ({ objective }) => (objective === "mmd" ? "`objective: mmd`" : null), options: OF_LIKELIHOOD },
  { by: ({ objective }) => (objective === "likelihood" ? "`objective: likelihood`" : null), options: OF_MMD },
  {
    by: (options) => (isByLikelihood(options) && withPreset(options).tau === "fixed" ? "`tau: fixed`" : null),
    options: ["temperatures", "tauRecords"],
  },
  {
    by: (options) =>
      isByLikelihood(options) && withPreset(options).activePairs === null ? "`activePairs: null`" : null,
    options: ["renormalize"],
  },
];

/** Where another rule does not say so already. */
function isByLikelihood({ artifact, objective }: FittedOptions): boolean {
  return artifact === null && objective === "likelihood";
}

/** A mixture of personas alone reads nothing of exemplars. */
export const withoutExemplars: readonly VoidOptions<FittedOptions>[] = [
  {
    by: () => "a method that shows no exemplar",
    options: ["exemplars", "exemplarView", "exemplarMask", "keepTexts"],
  },
];
