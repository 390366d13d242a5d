import type { LoadedConfig } from "../config/load.ts";
import type { Item } from "../config/named.ts";
import type { ConfigFile } from "../config/schema.ts";
import { InputError } from "../core/errors.ts";
import { hashOf, type Json } from "../core/hash.ts";
import { unknownName } from "../core/registry.ts";
import { writtenMetric } from "../metrics/resolve.ts";
import type { Registries } from "../plugins/compose.ts";
import type { LoadedPlugin } from "../plugins/load.ts";
import { tokenizerNamed, whitespace } from "../text/tokenizer.ts";
import { checkCountries } from "./check-countries.ts";
import { checkPrompts } from "./check-prompts.ts";
import type { Experiment, Overrides } from "./experiment.ts";
import { type Only, parseOnly } from "./only.ts";
import { resolveNames } from "./resolve-names.ts";

/**
 * Resolves a loaded config against the registries and applies what overrides it.
 * @throws InputError as `resolveNames`, for a prompt template that does more than place text, and for an `only` that matches nothing
 */
export async function resolveExperiment(
  loaded: LoadedConfig,
  registries: Registries,
  overrides: Overrides,
  version: string,
  plugins: readonly LoadedPlugin[] = [],
): Promise<Experiment> {
  const { config, name, baseDir } = loaded;
  const names = await resolveNames(loaded, registries);
  await checkPrompts(loaded.source, config.prompts, ["prompts"]);
  for (const { bound, path, name } of names.datasets)
    await checkPrompts(loaded.source, bound.options.prompts, [...path, name, "prompts"]);
  await checkCountries(loaded.source, config.redact);
  const named = withOnly(names, overrides.only);
  const settings = settingsOf(config, overrides);
  const { tokenizer, samples, concurrency, cacheMode } = settings;
  const defaults = await registries.metrics.loaded();
  /** What decides the results, as run.json says it. */
  const deciding = {
    seed: settings.seed,
    datasets: named.datasets.map(written),
    models: named.models.map(written),
    encoders: named.encoders.map(written),
    methods: named.methods.map(written),
    metrics: named.metrics.map((metric) => writtenMetric(metric, defaults)),
    primary: named.primary.id,
    ...(tokenizer === whitespace ? {} : { tokenizer: tokenizer.name }),
    samples,
    repeats: config.repeats,
    decoding: { ...config.decoding },
    prompts: settings.prompts,
    ...(plugins.length === 0 ? {} : { plugins: plugins.map(({ plugin }) => `${plugin.name}@${plugin.version}`) }),
    ...(config.redact === false ? {} : { redact: typeof config.redact === "boolean" ? true : { ...config.redact } }),
  };
  const { maxErrorRate, attempts, budget } = config;
  return {
    name,
    baseDir,
    ...named,
    ...settings,
    resolved: {
      name,
      ...deciding,
      maxErrorRate,
      concurrency,
      attempts,
      budget: definedOnly(budget),
      cache: { mode: cacheMode },
    },
    configHash: hashOf({ version, ...deciding, ...(tokenizer.icu === null ? {} : { icu: tokenizer.icu }) }),
  };
}

/** What a config says beside names, with what overrides it. */
function settingsOf(config: ConfigFile, overrides: Overrides) {
  const { repeats, decoding, maxErrorRate, attempts, budget, redact } = config;
  const samples = Math.min(overrides.limit ?? config.samples, config.samples);
  const fewer = samples < config.samples ? samples : null;
  const cacheMode: Experiment["cacheMode"] = overrides.noCache === true ? "off" : config.cache.mode;
  return {
    seed: overrides.seed ?? config.seed,
    samples,
    repeats,
    tokenizer: tokenizerNamed(config.tokenizer),
    decoding,
    prompts: definedOnly(config.prompts),
    maxErrorRate,
    concurrency: overrides.concurrency ?? config.concurrency,
    offline: overrides.offline ?? false,
    attempts,
    budget,
    redact: redact === false ? null : redact === true ? {} : redact,
    cacheMode,
    limited: fewer === null && overrides.only === undefined ? null : { samples: fewer, only: overrides.only ?? null },
  };
}

/** Leaves the cells that `--only` names. */
function withOnly<T extends Pick<Experiment, "datasets" | "models" | "methods">>(
  named: T,
  only: string | undefined,
): T {
  if (only === undefined) return named;
  const { dataset, model, method } = parseOnly(only);
  return {
    ...named,
    datasets: keep("dataset", named.datasets, dataset),
    models: keep("model", named.models, model),
    methods: keep("method", named.methods, method),
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
