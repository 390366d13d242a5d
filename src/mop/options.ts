import { z } from "zod";
import { pathText, shortText, temperatureNumber } from "../config/bounds.ts";
import { exemplarsOption, personasOption } from "./exemplar-pool.ts";

/** Pairs of a record at most: each is a call to the model. */
const MOST_PAIRS = 10_000;

/** Penalties or temperatures that a fit tries at most: each is a fit of its own. */
const MOST_TRIED = 50;

/** A penalty: weights are uniform long before its end, and sums stay finite. */
const penalty = z.number().min(0).max(1e6);

const activePairs = z
  .int()
  .min(1)
  .max(MOST_PAIRS)
  .nullable()
  .default(null)
  .describe(
    "M: only the M pairs of largest gate weight are fitted and drawn from (paper: 4); they are scored as training reaches them. null: all.",
  );

/** Options of gates that see embeddings of contexts and exemplars. */
const view = {
  exemplarView: z
    .enum(["both", "context", "text"])
    .default("both")
    .describe("What the encoder sees of an exemplar: context and text (both), or one of them."),
  labelInContext: z
    .boolean()
    .default(true)
    .describe("Whether the encoder sees the class label as part of a context. The prompt shows it either way."),
};

/** Options of every mixture: its personas, its pool, and how it is kept. */
export const mixtureOptions = z.strictObject({
  personas: personasOption,
  exemplars: exemplarsOption,
  personaSource: z
    .enum(["clusters", "model", "records", "file", "random"])
    .default("clusters")
    .describe(
      "Persona texts: clusters described by counting (clusters) or by the model itself (model), raw records of clusters (records), a file (file), or random groups described by counting (random).",
    ),
  personaFile: pathText
    .nullable()
    .default(null)
    .describe("With `personaSource: file`: plain lines, or a table with the column `persona`."),
  encoder: shortText
    .nullable()
    .default(null)
    .describe(
      "Id of the encoder, among the run's `encoders`, that clusters records and fits gates, so that another than the judge can; null: the first.",
    ),
  temperature: temperatureNumber
    .nullable()
    .default(null)
    .describe("Temperature of scoring and answering; null: the table's. What `tau` starts from."),
  artifact: pathText
    .nullable()
    .default(null)
    .describe(
      "Path of a `mop.json` that is used as it is; no option may stand beside it but `encoder`, which must name the one it was fitted with.",
    ),
  keepTexts: z.boolean().default(true).describe("Whether mop.json holds the exemplars' texts or only their ids."),
});

/** Options of training-free gates. */
export const cosineOptions = mixtureOptions.extend({
  ...view,
  activePairs,
  cosineTemperature: z
    .number()
    .min(0.001)
    .max(100)
    .default(0.1)
    .describe("Cosines are divided by it before the softmax."),
});

/** Options of mixtures whose gates are fitted. Defaults follow docs/mop.md. */
export const fittedOptions = mixtureOptions.extend({
  ...view,
  activePairs,
  objective: z
    .enum(["likelihood", "mmd"])
    .default("likelihood")
    .describe(
      "What weights are learned by: the `likelihood` of records, which needs a model's log-probabilities, or the distance (`mmd`) of drawn answers from records, which does not.",
    ),
  candidates: z
    .int()
    .min(2)
    .max(1000)
    .default(200)
    .describe("With `objective: mmd`: pairs of persona and exemplar that answers are drawn for."),
  answers: z
    .int()
    .min(4)
    .max(1000)
    .default(8)
    .describe("With `objective: mmd`: answers drawn for each candidate pair."),
  groupBy: z
    .enum(["context", "label"])
    .default("context")
    .describe(
      "With `objective: mmd`: contexts that share weights: equal ones (`context`), or those with the same `label`.",
    ),
  groupRecords: z
    .int()
    .min(20)
    .max(1_000_000)
    .default(200)
    .describe("With `objective: mmd`: records that a group needs to have its own weights; others share one set."),
  mmdPenalties: z
    .array(penalty)
    .min(1)
    .max(MOST_TRIED)
    .default([30, 10, 3, 1, 0])
    .describe(
      "With `objective: mmd`: penalties towards uniform weights to choose from, in units of the noise of a pair's answers.",
    ),
  preset: z
    .enum(["ours", "authors"])
    .default("ours")
    .describe(
      "`authors` stands for M = 4, tau per persona from 0.6, no penalty and no fallback, each unless it is given; `ours` for the defaults here.",
    ),
  records: z
    .int()
    .min(10)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe("Records of train that weights are learned from; null: all."),
  pairs: z
    .int()
    .min(2)
    .max(MOST_PAIRS)
    .default(64)
    .describe(
      "S: pairs scored a record, drawn from a known proposal. With `activePairs`: of held-out records, for uniform weights.",
    ),
  uniformShare: z
    .number()
    .min(0.001)
    .max(1)
    .default(0.5)
    .describe(
      "Share of the proposal that is uniform over personas and pool; the rest follows likeness to the record and shared wording.",
    ),
  refinePairs: z
    .int()
    .min(0)
    .max(MOST_PAIRS)
    .default(0)
    .describe("Pairs a record in a second round of scoring, drawn where the first fit's posterior lies."),
  scoreEnd: z
    .enum(["auto", "never", "always"])
    .default("auto")
    .describe(
      "Whether the end of a text is part of its likelihood: where the model can score it (auto), never, or always: a model that cannot is refused.",
    ),
  lengthNormalized: z
    .boolean()
    .default(false)
    .describe("Fit mean log-probability a token instead of the sum: a surrogate, no likelihood, no KL is reported."),
  contextConstant: z
    .boolean()
    .default(true)
    .describe("Whether the gates see a constant 1 beside h(x), and so can hold weights free of context."),
  rank: z
    .int()
    .min(1)
    .max(4096)
    .default(128)
    .describe("d: width of the projections of contexts, personas and exemplars."),
  learningRate: z.number().positive().max(1).default(1e-3).describe("Adam's learning rate."),
  batch: z.int().min(1).max(4096).default(32).describe("Records a step."),
  maxSteps: z.int().min(1).max(100_000).default(600).describe("Most steps for one penalty."),
  evaluateEvery: z.int().min(1).max(100_000).default(20).describe("Steps between two looks at the held-out records."),
  patience: z
    .int()
    .min(1)
    .max(100_000)
    .default(4)
    .describe("Looks without progress after which a penalty's fit stops."),
  heldOut: z
    .number()
    .min(0.001)
    .max(0.5)
    .default(0.15)
    .describe(
      "Share of records in a fold, held out for stopping and the penalty; folds are used until they hold 400 records. With `activePairs` and `objective: mmd`: one fold.",
    ),
  penalties: z
    .array(penalty)
    .min(1)
    .max(MOST_TRIED)
    .nullable()
    .default(null)
    .describe(
      "Penalties towards uniform weights to choose from, in pseudo-observations a record. null: 1, 0.3, 0.1, 0.03 (preset authors: 0).",
    ),
  renormalize: z
    .boolean()
    .default(true)
    .describe("With `activePairs`: gate weights of the active pairs are made to sum to one."),
  fallback: z
    .boolean()
    .nullable()
    .default(null)
    .describe(
      "Whether uniform weights are kept where no fit is judged better. null: true (preset authors: false, their M pairs whatever they are worth).",
    ),
  gateNoise: z
    .enum(["none", "learned"])
    .default("none")
    .describe("Noise on the gates' logits while training, with learned deviations (noisy top-k gating), or none."),
  exemplarMask: z
    .number()
    .min(0)
    .max(0.99)
    .default(0)
    .describe("Chance that a training step hides an exemplar from a record; its own text is hidden always."),
  tau: z
    .enum(["fixed", "shared", "per-persona"])
    .nullable()
    .default(null)
    .describe(
      "Temperatures: the given one (`fixed`), or chosen from `temperatures` by held-out likelihood, one for all personas (`shared`) or one each (`per-persona`). null: fixed (preset authors: per-persona).",
    ),
  temperatures: z
    .array(temperatureNumber)
    .min(2)
    .max(MOST_TRIED)
    .default([0.6, 0.7, 0.8, 0.9, 1, 1.15])
    .describe("Grid that `tau` chooses from, where the model scores at other temperatures than 1."),
  tauRecords: z.int().min(1).max(1_000_000).default(150).describe("Held-out records that are scored again for `tau`."),
});

export type MixtureOptions = z.infer<typeof mixtureOptions>;
export type CosineOptions = z.infer<typeof cosineOptions>;
export type FittedOptions = z.infer<typeof fittedOptions>;

/** Options of a fit with nothing left to a preset. */
export type FitSettings = Omit<FittedOptions, "preset" | "tau" | "penalties" | "fallback"> & {
  readonly fallback: boolean;
  readonly tau: NonNullable<FittedOptions["tau"]>;
  readonly penalties: readonly number[];
};

/** Puts what the preset stands for in place of what the user left open; what was given stays. */
export function withPreset({ preset, ...given }: FittedOptions): FitSettings {
  if (preset === "ours")
    return {
      ...given,
      fallback: given.fallback ?? true,
      tau: given.tau ?? "fixed",
      penalties: given.penalties ?? [1, 0.3, 0.1, 0.03],
    };
  return {
    ...given,
    fallback: given.fallback ?? false,
    activePairs: given.activePairs ?? 4,
    temperature: given.temperature ?? 0.6,
    tau: given.tau ?? "per-persona",
    penalties: given.penalties ?? [0],
  };
}
