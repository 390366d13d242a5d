import { z } from "zod";
import { TOKENIZERS } from "../text/tokenizer.ts";
import { pathText, seedNumber, shortText, temperatureNumber, templateText } from "./bounds.ts";
import { DEFAULT_METRICS } from "./default-metrics.ts";
import { renamed } from "./renamed.ts";

/** Data sets, models, methods, encoders, metrics, plug-ins of one config at most: each is met with all others. */
const MOST_NAMED = 1000;

/** A dataset, model, encoder or method as a config names it: `name`, `provider:text`, or `{name: options}`. */
const named = z.union([pathText, z.record(z.string(), z.unknown())], {
  error: "a name, `provider:text`, or a mapping of one name to its options",
});

const list = z.array(named).min(1).max(MOST_NAMED);

/** How models are asked to draw. */
export const decodingSchema = z.strictObject({
  temperature: temperatureNumber.default(1).describe("Sampling temperature; 1 is the model's own distribution."),
  topP: z.number().gt(0).max(1).default(1).describe("Nucleus: the share of probability kept; 1 keeps all."),
  maxTokens: z.int().min(1).max(100_000).default(120).describe("Upper bound of new tokens of one answer."),
});

/** Where the options of `metricOptions` went, by their names there: a metric, and its option. */
const METRIC_OPTIONS: ReadonlyMap<string, readonly [metric: string, option: string]> = new Map([
  ["mauveSeed", ["mauve", "seed"]],
  ["neighbors", ["precision", "neighbors"]],
  ["neighbours", ["precision", "neighbors"]],
  ["shareClusters", ["share-js", "clusters"]],
]);

/** What to write in place of `metricOptions`. */
function metricOptions(written: unknown): string {
  const given = typeof written === "object" && written !== null ? Object.entries(written) : [];
  const metrics = given.flatMap(([key, value]) => {
    const [metric, option] = METRIC_OPTIONS.get(key) ?? [];
    return metric === undefined ? [] : [`{${metric}: {${option}: ${JSON.stringify(value)}}}`];
  });
  const example = metrics.length === 0 ? ["{mauve: {seed: 25}}"] : metrics;
  return `a metric has its options where it is named now: write \`metrics: [${example.join(", ")}]\`, and so for every metric that is to have them.`;
}

/** The whole config: strict, every field described; also written to configs/schema.json. */
export const configSchema = z
  .strictObject({
    $schema: pathText.optional().describe("The path of configs/schema.json, for editors."),
    name: shortText.optional().describe("Names the run and its folder; the config's file name unless given."),
    seed: seedNumber.default(0).describe("Seed of everything random in the run."),
    datasets: list.describe("What people wrote: names of the registry or `{file: {path, text, context, label}}`."),
    models: z
      .array(named)
      .max(MOST_NAMED)
      .default([])
      .describe("Base models; may be empty when every method is `texts`."),
    methods: list.describe("Ways of prompting a population, and sets made elsewhere (`texts`)."),
    samples: z.int().min(1).max(10_000_000).default(400).describe("Answers asked for in each cell."),
    repeats: z
      .int()
      .min(1)
      .max(1000)
      .default(3)
      .describe("Cells a (dataset, model, method); intervals need at least 2."),
    encoder: named.optional().describe("The sentence encoder that judges; `embedded:lsa` unless given."),
    encoders: list
      .optional()
      .describe("Several encoders: each judges; the first fits the gates, or the one that a method's `encoder` names."),
    metrics: z
      .array(named)
      .min(1)
      .max(MOST_NAMED)
      .default([...DEFAULT_METRICS])
      .describe("Metrics by id, `{mauve: {seed: 3}, as: mauve-3}`, or groups (all, alignment, diversity, honesty)."),
    tokenizer: z
      .enum(TOKENIZERS)
      .default("whitespace")
      .describe(
        "What metrics of words count: what stands between white space, as the reference packages do, or Unicode's words, for languages without spaces.",
      ),
    primary: shortText.optional().describe("The metric the headline is about; the first of `metrics` unless given."),
    decoding: decodingSchema.prefault({}).describe("One setting for all methods of the table."),
    prompts: z
      .strictObject({
        instruction: templateText.optional().describe("What the model is to do. Sees {{context}} and {{label}}."),
        persona: templateText.optional().describe("Who it is. Sees {{persona}}."),
        example: templateText.optional().describe("What that person wrote. Sees {{exemplars}}."),
        task: templateText.optional().describe("The task for one context. Sees {{context}} and {{label}}."),
      })
      .prefault({})
      .describe("Handlebars templates that replace the dataset card's."),
    maxErrorRate: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe("Share of failed calls of a cell above which the run fails."),
    concurrency: z.int().min(1).max(10_000).default(8).describe("Calls in flight at once."),
    attempts: z.int().min(1).max(100).default(8).describe("Attempts a call, the first one counted."),
    budget: z
      .strictObject({
        calls: z.int().min(1).max(1e12).optional().describe("Calls to models, retries counted."),
        tokens: z.int().min(1).max(1e15).optional().describe("Tokens in and out."),
        usd: z.number().gt(0).max(1e9).optional().describe("Dollars; every model needs a known price."),
      })
      .prefault({})
      .describe("The run stops before it exceeds any of these (exit 3)."),
    redact: z
      .union([
        z.boolean(),
        z.strictObject({
          countries: z
            .array(
              z
                .string()
                .max(2)
                .regex(/^[A-Z]{2}$/, "a country's code such as US"),
            )
            .min(1)
            .max(300)
            .describe("Countries whose national phone numbers are recognized; US and GB unless given."),
        }),
      ])
      .default(false)
      .describe("Replace emails, phone, card and id numbers and handles before a prompt leaves this process."),
    cache: z
      .strictObject({
        mode: z
          .enum(["use", "refresh", "off"])
          .default("use")
          .describe("Cached answers and embeddings: use them, ask again and cache the new ones, or cache none."),
      })
      .prefault({})
      .describe("What is cached between runs."),
    plugins: z
      .array(pathText)
      .max(MOST_NAMED)
      .default([])
      .describe("Files (`./my-metric.ts`) or packages that add metrics, methods, models, encoders or data sets."),
    metricOptions: renamed(metricOptions),
  })
  .refine((config) => config.encoder === undefined || config.encoders === undefined, {
    error: "`encoder` and `encoders` are both given; give one.",
    path: ["encoders"],
  });

export type ConfigFile = z.output<typeof configSchema>;
