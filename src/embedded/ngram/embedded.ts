import { z } from "zod";
import { type BaseModel, defineModel, type ModelEnvironment } from "../ports.ts";
import { EmbeddedModel } from "./embedded-model.ts";
import { SIZES, type Size } from "./settings.ts";

const sizeText = ({ share, order, topics, manners, classes }: (typeof SIZES)[Size]) =>
  `${100 * share} % of the background, n-grams up to ${order}, at most ${topics} facets and ${manners} manners, ${classes} clusters of words`;

const options = z.strictObject({
  size: z
    .enum(["small", "large"])
    .default("small")
    .describe(
      `How much it reads and how finely it tells apart. \`small\`: ${sizeText(SIZES.small)}. \`large\`: ${sizeText(SIZES.large)}.`,
    ),
  collapse: z
    .number()
    .min(0)
    .max(0.95)
    .default(0.5)
    .describe(
      "Weight of the polite mainstream where the prompt tells nothing about who writes, 0 (none) to 0.95; persona and exemplars each halve it at most, the less they tell the less.",
    ),
  order: z
    .number()
    .int()
    .min(2)
    .max(5)
    .nullable()
    .default(null)
    .describe("Longest n-gram, for ablations. null: the size's."),
  topics: z
    .number()
    .int()
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe("Most facets of contexts, or topics where contexts have none, for ablations. null: the size's."),
  manners: z
    .number()
    .int()
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe("Most manners of writing, for ablations. null: the size's."),
  share: z
    .number()
    .gt(0)
    .max(1)
    .nullable()
    .default(null)
    .describe("Share of the background read, for ablations. null: the size's."),
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
  summary: "A toy: an n-gram model that learns from the dataset's background part.",
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
