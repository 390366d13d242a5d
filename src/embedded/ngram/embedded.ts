import { z } from "zod";
import { type BaseModel, defineModel, type ModelEnvironment } from "../ports.ts";
import { EmbeddedModel } from "./embedded-model.ts";
import { SIZES } from "./settings.ts";

const options = z.strictObject({
  size: z
    .enum(["small", "large"])
    .default("small")
    .describe(
      "small: trigrams, half of the background, coarse facets and manners; large: 4-grams, all of it, finer ones.",
    ),
  collapse: z
    .number()
    .min(0)
    .max(0.95)
    .default(0.5)
    .describe(
      "Weight of the polite mainstream where the prompt tells nothing about who writes; persona and exemplars each halve it at most, the less they tell the less. 0: none.",
    ),
  order: z.number().int().min(2).max(5).nullable().default(null).describe("Longest n-gram; null: the size's."),
  topics: z
    .number()
    .int()
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe("Most facets of contexts, or topics where contexts have none; null: the size's."),
  manners: z.number().int().min(1).max(200).nullable().default(null).describe("Manners of writing; null: the size's."),
  share: z.number().gt(0).max(1).nullable().default(null).describe("Share of the background read; null: the size's."),
});

export type EmbeddedOptions = z.infer<typeof options>;

/** Trains the model the options describe on the environment's background. @throws InputError when it has fewer than two texts. */
export function createEmbedded(
  o: EmbeddedOptions,
  environment: Pick<ModelEnvironment, "background">,
  id: string,
): BaseModel {
  const size = SIZES[o.size];
  return new EmbeddedModel(id, environment.background, {
    collapse: o.collapse,
    order: o.order ?? size.order,
    topics: o.topics ?? size.topics,
    manners: o.manners ?? size.manners,
    classes: size.classes,
    share: o.share ?? size.share,
  });
}

/** `embedded:small` and `embedded:large`: toy language models in process (docs/embedded-models.md). */
export const embedded = defineModel<EmbeddedOptions>({
  summary:
    "A toy n-gram model learned from the dataset's background part; exact log-probabilities, no network, no key.",
  notes: {
    runs: "in process, nothing installed",
    key: "none",
    "draws by seed": "yes",
    "prompt log-probabilities": "exact",
    page: "[embedded models](../embedded-models.md)",
  },
  options,
  shorthand: (text) => ({ size: text }),
  id: ({ size }) => `embedded:${size}`,
  create: createEmbedded,
});
