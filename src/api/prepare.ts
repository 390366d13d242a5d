import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { checkConfig, type LoadedConfig, loadConfig } from "../config/load.ts";
import { ConfigSource } from "../config/source.ts";
import { InputError } from "../core/errors.ts";
import { eventProgress, type RunListener } from "../core/events.ts";
import type { Registries } from "../plugins/compose.ts";
import { loadRegistries } from "../plugins/load-registries.ts";
import type { Plugin } from "../plugins/plugin.ts";
import type { Experiment, Overrides } from "../run/experiment.ts";
import { resolveExperiment } from "../run/resolve-experiment.ts";
import { defaultCacheDir, type RunEnvironment } from "../run/services.ts";
import { packageVersion } from "../storage/package-root.ts";

/** How an experiment differs from what its config says, and what it uses of its environment. Every member may be left out. */
export interface ExperimentOptions extends Omit<Overrides, "noCache"> {
  /** Use and keep answers and embeddings of other runs, as the config says. @default true */
  readonly cache?: boolean | undefined;
  /** Plug-ins beside those that the config names: as they are, files, or packages. */
  readonly plugins?: readonly (Plugin | string)[] | undefined;
  /** Is told of everything that happens, at once. */
  readonly on?: RunListener | undefined;
  /** Stops what is going on; what is finished is kept. */
  readonly signal?: AbortSignal | undefined;
  /** Environment variables: keys of models, `MOPBENCH_CACHE`. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Relative paths, also those of a config that is an object, start here. @default process.cwd() */
  readonly cwd?: string | undefined;
}

/** An experiment and all that running it takes. */
export interface PreparedExperiment {
  readonly experiment: Experiment;
  readonly registries: Registries;
  readonly environment: RunEnvironment;
  readonly version: string;
}

/**
 * Reads a config, loads its plug-ins and resolves every name: what `run` and `plan` begin with.
 * @param config a YAML or JSON file, or what one would hold
 * @throws InputError with file, line and path
 */
export async function prepareExperiment(
  config: string | URL | object,
  options: ExperimentOptions = {},
): Promise<PreparedExperiment> {
  const { on = () => {}, signal = new AbortController().signal, env = process.env, cwd = process.cwd() } = options;
  const loaded = await load(config, cwd, env);
  const { registries, plugins } = await loadRegistries([
    ...(options.plugins ?? []).map((spec) => ({ spec, baseDir: cwd })),
    ...loaded.config.plugins.map((spec) => ({ spec, baseDir: loaded.baseDir })),
  ]);
  const version = packageVersion();
  const overrides = { ...options, noCache: options.cache === false };
  const experiment = await resolveExperiment(loaded, registries, overrides, version, plugins);
  const cacheDir = defaultCacheDir(env, homedir());
  const environment = { env, cacheDir, progress: eventProgress(on), signal, now: Date.now };
  return { experiment, registries, environment, version };
}

async function load(
  config: string | URL | object,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LoadedConfig> {
  if (typeof config === "string") return loadConfig(config, cwd, env);
  if (config instanceof URL) return loadConfig(pathOf(config), cwd, env);
  return checkConfig(new ConfigSource("config", jsonOf(config), env), "run", path.resolve(cwd));
}

function pathOf(url: URL): string {
  if (url.protocol !== "file:") throw new InputError(`The config ${url.href} is no file: give a path or a file: URL.`);
  return fileURLToPath(url);
}

function jsonOf(config: unknown): string {
  if (typeof config !== "object" || config === null)
    throw new InputError(`The config is ${String(config)}: give a file's path, or an object with what one would hold.`);
  try {
    return JSON.stringify(config);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`The config cannot be written as JSON: ${why}`, { cause: error });
  }
}
