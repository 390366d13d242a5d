import type { LoadedConfig } from "../config/load.ts";
import { type Item, resolveItem, resolveList } from "../config/named.ts";
import type { Named } from "../core/definition.ts";
import { InputError } from "../core/errors.ts";
import { hashOf, type Json, type JsonObject } from "../core/hash.ts";
import { nearestName, unknownName } from "../core/registry.ts";
import type { Decoding } from "../core/sample.ts";
import type { Dataset, DatasetEnvironment } from "../data/dataset.ts";
import type { Encoder, EncoderEnvironment } from "../encoders/encoder.ts";
import type { Method, MethodEnvironment } from "../methods/method.ts";
import type { Metric } from "../metrics/metric.ts";
import { resolveMetrics, writtenMetric } from "../metrics/resolve.ts";
import type { Budget } from "../models/layers/meter.ts";
import type { BaseModel, ModelEnvironment } from "../models/model.ts";
import type { Registries } from "../plugins/compose.ts";
import type { LoadedPlugin } from "../plugins/load.ts";
import type { PromptTemplates } from "../prompts/prompt.ts";
import { type Tokenizer, tokenizerNamed, whitespace } from "../text/tokenizer.ts";
import { type Only, parseOnly } from "./only.ts";

/** How an experiment differs from what its config says. Every member may be left out. */
export interface Overrides {
  /** At most so many samples a cell. */
  readonly limit?: number | undefined;
  /** Only these cells, as `method=mop,model=x`. */
  readonly only?: string | undefined;
  /** Instead of the config's. */
  readonly seed?: number | undefined;
  readonly concurrency?: number | undefined;
  /** Refuse every call out. @default false */
  readonly offline?: boolean | undefined;
  /** Use and keep no answers and no embeddings of other runs. @default false */
  readonly noCache?: boolean | undefined;
}

/** Method names of the reference rows. */
const RESERVED = ["real", "shuffled"];

/** A config with every name resolved and flags applied: what the engine runs. */
export interface Experiment {
  readonly name: string;
  readonly baseDir: string;
  readonly seed: number;
  readonly samples: number;
  readonly repeats: number;
  readonly datasets: readonly Item<Named<DatasetEnvironment>, Dataset>[];
  readonly models: readonly Item<Named<ModelEnvironment>, BaseModel>[];
  readonly encoders: readonly Item<Named<EncoderEnvironment>, Encoder>[];
  readonly methods: readonly Item<Named<MethodEnvironment>, Method>[];
  /** In the order asked for, then those always added. */
  readonly metrics: readonly Metric[];
  /** Added for datasets that know the evidence they need, unless asked for. */
  readonly whereKnown: readonly Metric[];
  readonly primary: Metric;
  /** What metrics of words cut texts with. */
  readonly tokenizer: Tokenizer;
  readonly decoding: Decoding;
  readonly prompts: Partial<PromptTemplates>;
  readonly maxErrorRate: number;
  readonly concurrency: number;
  readonly offline: boolean;
  readonly attempts: number;
  readonly budget: Budget;
  /** Replace personal data before prompts leave the process, with the national phone numbers of these countries; null: no. */
  readonly redact: { readonly countries?: readonly string[] } | null;
  readonly cacheMode: "use" | "refresh" | "off";
  readonly limited: { readonly samples: number | null; readonly only: string | null } | null;
  /** As resolved, for run.json. */
  readonly resolved: JsonObject;
  /** Hash of what decides the results. */
  readonly configHash: string;
}

/**
 * Resolves a loaded config against the registries.
 * @throws InputError with file, line and path for unknown names, wrong options, equal ids, a `primary` that is not among the
 * metrics, and an `--only` that matches nothing
 */
export async function resolveExperiment(
  { source, config, name, baseDir }: LoadedConfig,
  registries: Registries,
  overrides: Overrides,
  version: string,
  plugins: readonly LoadedPlugin[] = [],
): Promise<Experiment> {
  const datasets = await resolveList(source, registries.datasets, config.datasets, ["datasets"]);
  const models = await resolveList(source, registries.models, config.models, ["models"]);
  const methods = await resolveList(source, registries.methods, config.methods, ["methods"]);
  const encoders =
    config.encoders !== undefined
      ? await resolveList(source, registries.encoders, config.encoders, ["encoders"])
      : [await resolveItem(source, registries.encoders, config.encoder ?? "embedded:lsa", ["encoder"])];
  for (const method of methods) {
    if (RESERVED.includes(method.id))
      throw source.error(method.path, `the id \`${method.id}\` is a reference row's; give another with \`as: NAME\`.`);
  }
  const { asked, everywhere, whereKnown } = await resolveMetrics(source, registries.metrics, config.metrics, [
    "metrics",
  ]);
  const primaryId = config.primary ?? asked[0]?.id ?? "";
  const primary = asked.find(({ id }) => id === primaryId);
  if (primary === undefined) {
    const ids = asked.map((metric) => metric.id);
    const near = nearestName(primaryId, ids);
    const hint = near === null ? "" : ` Did you mean \`${near}\`?`;
    throw source.error(["primary"], `\`${primaryId}\` is not among the metrics.${hint} Allowed: ${ids.join(", ")}.`);
  }
  const metrics = [...asked, ...everywhere];
  const defaults = await registries.metrics.loaded();

  const only = overrides.only === undefined ? null : parseOnly(overrides.only);
  const kept = {
    datasets: keep("dataset", datasets, only?.dataset),
    models: keep("model", models, only?.model),
    methods: keep("method", methods, only?.method),
  };
  const samples = Math.min(overrides.limit ?? config.samples, config.samples);
  const seed = overrides.seed ?? config.seed;
  const tokenizer = tokenizerNamed(config.tokenizer);
  const deciding = {
    seed,
    datasets: kept.datasets.map(written),
    models: kept.models.map(written),
    encoders: encoders.map(written),
    methods: kept.methods.map(written),
    metrics: metrics.map((metric) => writtenMetric(metric, defaults)),
    primary: primary.id,
    ...(tokenizer === whitespace ? {} : { tokenizer: tokenizer.name }),
    samples,
    repeats: config.repeats,
    decoding: { ...config.decoding },
    prompts: definedOnly(config.prompts),
    ...(plugins.length === 0 ? {} : { plugins: plugins.map(({ plugin }) => `${plugin.name}@${plugin.version}`) }),
    ...(config.redact === false ? {} : { redact: typeof config.redact === "boolean" ? true : { ...config.redact } }),
  };
  const concurrency = overrides.concurrency ?? config.concurrency;
  const cacheMode = overrides.noCache === true ? "off" : config.cache.mode;
  return {
    name,
    baseDir,
    seed,
    samples,
    repeats: config.repeats,
    datasets: kept.datasets,
    models: kept.models,
    encoders,
    methods: kept.methods,
    metrics,
    whereKnown,
    primary,
    tokenizer,
    decoding: config.decoding,
    prompts: definedOnly(config.prompts),
    maxErrorRate: config.maxErrorRate,
    concurrency,
    offline: overrides.offline ?? false,
    attempts: config.attempts,
    budget: config.budget,
    redact: config.redact === false ? null : config.redact === true ? {} : config.redact,
    cacheMode,
    limited:
      samples < config.samples || only !== null
        ? { samples: samples < config.samples ? samples : null, only: overrides.only ?? null }
        : null,
    resolved: {
      name,
      ...deciding,
      maxErrorRate: config.maxErrorRate,
      concurrency,
      attempts: config.attempts,
      budget: definedOnly(config.budget),
      cache: { mode: cacheMode },
    },
    configHash: hashOf({ version, ...deciding, ...(tokenizer.icu === null ? {} : { icu: tokenizer.icu }) }),
  };
}

function keep<T extends { readonly id: string }>(
  kind: keyof Only,
  items: readonly T[],
  ids: readonly string[] | undefined,
): readonly T[] {
  if (ids === undefined) return items;
  const known = items.map((item) => item.id);
  for (const id of ids) {
    if (!known.includes(id)) throw new InputError(`--only ${kind}=${id}: ${unknownName(kind, id, known)}`);
  }
  return items.filter((item) => ids.includes(item.id));
}

function written(item: Item<never, unknown>): { readonly [key: string]: Json } {
  return { id: item.id, name: item.name, options: item.bound.options };
}

function definedOnly<T>(members: { readonly [key: string]: T | undefined }): { readonly [key: string]: T } {
  const defined: { [key: string]: T } = {};
  for (const [key, value] of Object.entries(members)) if (value !== undefined) defined[key] = value;
  return defined;
}
