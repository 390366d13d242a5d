import { setMaxListeners } from "node:events";
import { homedir } from "node:os";
import path from "node:path";
import { resolveItem } from "../config/named.ts";
import { ConfigSource } from "../config/source.ts";
import { CallError, InputError, InterruptedError, RunFailedError } from "../core/errors.ts";
import type { Io } from "../core/io.ts";
import { inLine } from "../core/printable.ts";
import { RateLimiters } from "../http/rate-limiter.ts";
import { Adaptations } from "../models/adaptations.ts";
import { checkModel, type Finding } from "../models/check.ts";
import { withFallbacks } from "../models/layers/fallback.ts";
import { sendingLayers } from "../models/layers/layered.ts";
import { Meter } from "../models/layers/meter.ts";
import { probing } from "../models/layers/probing.ts";
import { withoutReasoning } from "../models/layers/reasoning.ts";
import { stopped } from "../models/layers/stopping.ts";
import { through } from "../models/layers/through.ts";
import type { BaseModel, ModelEnvironment } from "../models/model.ts";
import type { Registries } from "../plugins/compose.ts";
import { defaultTemplates } from "../prompts/defaults.ts";
import { createRenderer } from "../prompts/render.ts";
import { defaultCacheDir } from "../run/services.ts";
import { registriesOf } from "./plugins.ts";

/** What `mopbench models check` may be told, as parsed from the command line. */
export interface CheckFlags {
  readonly baseUrl?: string;
  readonly apiKeyEnv?: string;
  readonly api?: string;
  readonly offline?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Where the toys learn from when there is no config: the embedded population. */
const BACKGROUND = "townsquare";

/** Attempts a call: a moment's failure is no finding, and who checks a server waits for the answer. */
const ATTEMPTS = 3;

/**
 * Opens the model, asks it and prints what was seen. Its calls have the limits, the clock and the retries of a run's.
 * @throws InputError; RunFailedError when it cannot be reached; InterruptedError on Ctrl-C
 */
export async function checkCommand(spec: string, flags: CheckFlags, io: Io): Promise<void> {
  const source = new ConfigSource("MODEL", `model: ${spec}`, io.env);
  const written = asMapping(source.value);
  const { registries } = await registriesOf(io);
  const item = await resolveItem(source, registries.models, withFlags(written.model, flags), ["model"]);
  const offline = flags.offline ?? false;
  const adaptations = new Adaptations({ lenient: true });
  setMaxListeners(0, io.signal); // one listener a call in flight
  const services = { meter: new Meter(), limiters: new RateLimiters(), attempts: ATTEMPTS };
  const layers = [withFallbacks, withoutReasoning, stopped(io.signal), ...sendingLayers(services)];
  const environment: ModelEnvironment & { readonly id: string } = {
    id: item.id,
    dataset: BACKGROUND,
    background: item.name === "embedded" ? await background(registries, io, offline) : [],
    env: io.env,
    baseDir: io.cwd,
    offline,
    probe: probing(services, io.signal),
    adaptations,
    warn: (message) => io.stderr(`warning: ${inLine(message)}\n`),
  };
  let model: BaseModel | null = null;
  try {
    model = await item.bound.create(environment);
    if (offline && model.profile?.account != null) {
      throw new InputError(`Model \`${item.id}\` calls a server, and --offline refuses that.`);
    }
    const renderer = await createRenderer(defaultTemplates);
    const findings = await checkModel(through(model, layers), renderer, adaptations);
    print(model, findings, flags, io);
  } catch (error) {
    if (io.signal.aborted) throw new InterruptedError("Stopped.", { cause: error });
    if (error instanceof CallError) {
      const named = error.message.startsWith(`${item.id}: `);
      throw new RunFailedError(named ? error.message : `${item.id}: ${error.message}`, { cause: error });
    }
    throw error;
  } finally {
    await model?.close?.();
  }
}

function print(model: BaseModel, findings: readonly Finding[], flags: CheckFlags, io: Io): void {
  if (flags.json) {
    io.stdout(`${JSON.stringify({ model: model.id, description: model.description, findings }, null, 2)}\n`);
    return;
  }
  const width = Math.max(...findings.map(({ capability }) => capability.length));
  io.stdout(`${model.id}\n`);
  for (const { capability, works, seen } of findings) {
    io.stdout(`  ${works ? "yes" : "no "}  ${capability.padEnd(width)}  ${seen}\n`);
  }
  if (!findings.some(({ capability, works }) => capability === "promptLogprobs" && works)) {
    io.stdout(
      "Without prompt log-probabilities mop cannot be fitted on it: fit on another model and use the artifact ({mop: {artifact: ...}}), or use methods that only generate.\n",
    );
  }
}

/** Options from flags stand in for a config's mapping. */
function withFlags(model: unknown, flags: CheckFlags): unknown {
  const extra = {
    ...(flags.baseUrl === undefined ? {} : { baseUrl: flags.baseUrl }),
    ...(flags.apiKeyEnv === undefined ? {} : { apiKeyEnv: flags.apiKeyEnv }),
    ...(flags.api === undefined ? {} : { api: flags.api }),
  };
  if (Object.keys(extra).length === 0) return model;
  if (typeof model !== "string" || !model.includes(":")) {
    throw new InputError("--base-url, --api-key-env and --api go with a model written as provider:name.");
  }
  const colon = model.indexOf(":");
  return { [model.slice(0, colon)]: { model: model.slice(colon + 1), ...extra } };
}

async function background(registries: Registries, io: Io, offline: boolean) {
  const cacheDir = path.join(defaultCacheDir(io.env, homedir()), "datasets");
  const bound = (await registries.datasets.load(BACKGROUND)).bind({});
  const dataset = await bound.create({ id: BACKGROUND, env: io.env, baseDir: io.cwd, offline, cacheDir });
  return dataset.parts.background;
}

function asMapping(value: unknown): { readonly model?: unknown } {
  return typeof value === "object" && value !== null ? value : {};
}
