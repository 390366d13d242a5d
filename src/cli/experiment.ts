import { homedir } from "node:os";
import { loadConfig } from "../config/load.ts";
import type { Io } from "../core/io.ts";
import type { Progress } from "../core/progress.ts";
import type { Registries } from "../plugins/compose.ts";
import { type Experiment, resolveExperiment } from "../run/experiment.ts";
import { defaultCacheDir, type RunEnvironment } from "../run/services.ts";
import { packageVersion } from "../storage/package-root.ts";
import type { ExperimentFlags } from "./options.ts";
import { registriesOf } from "./plugins.ts";

/** A config with its flags and its plug-ins, and what the run uses of its environment: what `run` and `plan` begin with. */
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
  const { registries, plugins } = await registriesOf(io, loaded.config.plugins, loaded.baseDir);
  const experiment = await resolveExperiment(loaded, registries, { ...overrides, noCache: !cache }, version, plugins);
  const environment = {
    env: io.env,
    cacheDir: defaultCacheDir(io.env, homedir()),
    progress,
    signal: io.signal,
    now: Date.now,
  };
  return { experiment, registries, environment, version };
}
