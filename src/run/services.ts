import path from "node:path";
import type { EventProgress } from "../core/events.ts";
import { RateLimiters } from "../http/rate-limiter.ts";
import { Adaptations } from "../models/adaptations.ts";
import { CallCache } from "../models/layers/cache.ts";
import { type CallServices, layered } from "../models/layers/layered.ts";
import { Meter, type Spent } from "../models/layers/meter.ts";
import { cuttingReasoning } from "../models/layers/reasoning.ts";
import type { Recording } from "../models/layers/recording.ts";
import { redacting } from "../models/layers/redacting.ts";
import { type BaseModel, scoringOf } from "../models/model.ts";
import { openRedactor, type Redactor } from "../prompts/redact.ts";
import type { Experiment } from "./experiment.ts";

/** What the engine uses of the environment. */
export interface RunEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of what is kept between runs: downloads, answers, embeddings. */
  readonly cacheDir: string;
  readonly progress: EventProgress;
  /** Fires when the user asks to stop. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** `$MOPBENCH_CACHE`, or `mopbench` in the user's cache folder. */
export function defaultCacheDir(env: RunEnvironment["env"], home: string): string {
  if (env.MOPBENCH_CACHE) return env.MOPBENCH_CACHE;
  return path.join(env.XDG_CACHE_HOME || path.join(home, ".cache"), "mopbench");
}

/** The layers that all models of a run share. */
export class ModelLayers {
  readonly #services: Omit<CallServices, "cache">;
  readonly #meter: Meter;
  readonly #cacheDir: string | null;
  readonly #redact: Experiment["redact"];
  readonly #adaptations = new Map<string, Adaptations>();
  #cache: Promise<CallCache> | null = null;
  #redactor: Promise<Redactor> | null = null;

  /** @param earlier what a resumed run spent before: the budget counts it */
  constructor(
    experiment: Experiment,
    environment: RunEnvironment,
    earlier: Partial<Spent> = {},
    recording: Recording | null = null,
  ) {
    this.#meter = new Meter(experiment.budget, earlier);
    this.#redact = experiment.redact;
    this.#cacheDir = experiment.cacheMode === "off" ? null : environment.cacheDir;
    this.#services = {
      meter: this.#meter,
      limiters: new RateLimiters(),
      attempts: experiment.attempts,
      cacheMode: experiment.cacheMode === "refresh" ? "refresh" : "use",
      recording,
      offline: experiment.offline,
      now: environment.now,
    };
  }

  /** One layer each of redaction, reasoning, cache, meter, retry and limiter. The cache is opened for the first model whose answers are kept. */
  async wrap(model: BaseModel): Promise<BaseModel> {
    if (model.profile !== undefined && this.#cacheDir !== null) this.#cache ??= CallCache.open(this.#cacheDir);
    const { recording } = this.#services;
    const found = scoringOf(model);
    const scoring = recording === null ? found : await recording.settleScoring(model.id, found);
    const counted = layered(model, { ...this.#services, cache: await this.#cache }, scoring);
    const wrapped = await this.#redacted(cuttingReasoning(counted));
    const can = {
      ...wrapped.can,
      promptLogprobs: scoring !== null,
      endLogprobs: scoring !== null && scoring.end !== null,
    };
    return { ...wrapped, can };
  }

  async #redacted(model: BaseModel): Promise<BaseModel> {
    if (this.#redact === null || model.profile?.account == null) return model;
    this.#redactor ??= openRedactor(this.#redact.countries);
    return redacting(model, await this.#redactor, (count) => this.#meter.replaced(count));
  }

  /** How a model's server is asked otherwise in this run; empty at first. */
  adaptationsOf(model: string): Adaptations {
    const known = this.#adaptations.get(model) ?? new Adaptations();
    this.#adaptations.set(model, known);
    return known;
  }

  /** Whether every answer comes from a recording. */
  get replays(): boolean {
    return this.#services.recording?.replays ?? false;
  }

  get spent(): Spent {
    return this.#meter.spent;
  }

  async close(): Promise<void> {
    await (await this.#cache)?.close();
  }
}
