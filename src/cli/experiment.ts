import { homedir } from "node:os";
import { loadConfig } from "../config/load.ts";
import type { Progress } from "../core/progress.ts";
import { type Experiment, type Registries, resolveExperiment } from "../run/experiment.ts";
import { registries } from "../run/registries.ts";
import { defaultCacheDir, type RunEnvironment } from "../run/services.ts";
import { packageVersion } from "../storage/package-root.ts";
import type { Io } from "./io.ts";
import type { ExperimentFlags } from "./options.ts";

/** A config with its flags, and what the engine needs of the environment: what `run` and `plan` begin with. */
export async function readExperiment(
  file: string,
  flags: ExperimentFlags,
  io: Io,
  progress: Progress,
): Promise<{
  readonly experiment: Experiment;
  readonly registries: Registries;
  readonly environment: RunEnvironment;
  readonly version: string;
}> {
  const version = packageVersion();
  const { cache, ...overrides } = flags;
  const loaded = await loadConfig(file, io.cwd, io.env);
  const experiment = resolveExperiment(loaded, registries, { ...overrides, noCache: !cache }, version);
  const environment = {
    env: io.env,
    cacheDir: defaultCacheDir(io.env, homedir()),
    progress,
    signal: io.signal,
    now: Date.now,
  };
  return { experiment, registries, environment, version };
}
