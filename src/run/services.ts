import path from "node:path";
import type { EventProgress } from "../core/events.ts";
import { RateLimiters } from "../http/rate-limiter.ts";
import { Adaptations } from "../models/adaptations.ts";
import type { Ledger } from "../models/layers/budget.ts";
import { CallCache } from "../models/layers/cache.ts";
import { type CallServices, layered } from "../models/layers/layered.ts";
import { Meter, type Spent } from "../models/layers/meter.ts";
import { probing } from "../models/layers/probing.ts";
import type { Recording } from "../models/layers/recording.ts";
import type { LayeredModel } from "../models/layers/through.ts";
import { type BaseModel, type Probe, scoringOf } from "../models/model.ts";
import { openRedactor, type Redactor } from "../prompts/redact.ts";
import type { Experiment } from "./experiment.ts";
import { Halt } from "./halt.ts";

/** What the engine uses of the environment. */
export interface RunEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of what is cached between runs: downloads, answers, embeddings. */
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
  /** Ends the asking of all its models. */
  readonly halt = new Halt();
  readonly #services: Omit<CallServices, "cache" | "redact">;
  readonly #meter: Meter;
  readonly #cacheDir: string | null;
  readonly #progress: EventProgress;
  readonly #redact: Experiment["redact"];
  readonly #adaptations = new Map<string, Adaptations>();
  readonly #said = new Set<string>();
  #cache: Promise<CallCache> | null = null;
  #redactor: Promise<Redactor> | null = null;

  /**
   * @param earlier what a resumed run spent before: the budget counts it
   * @param ledger keeps what the budget is held against; null: run.json alone does
   */
  constructor(
    experiment: Experiment,
    environment: RunEnvironment,
    earlier: Partial<Spent> = {},
    recording: Recording | null = null,
    ledger: Ledger | null = null,
  ) {
    this.#meter = new Meter(experiment.budget, earlier, ledger);
    this.#redact = experiment.redact;
    this.#cacheDir = experiment.cacheMode === "off" ? null : environment.cacheDir;
    this.#progress = environment.progress;
    this.#services = {
      meter: this.#meter,
      limiters: new RateLimiters(),
      attempts: experiment.attempts,
      cacheMode: experiment.cacheMode === "refresh" ? "refresh" : "use",
      recording,
      offline: experiment.offline,
      now: environment.now,
      mayAsk: () => this.halt.check(),
      onCall: (call) => environment.progress.emit({ type: "call", ...call }),
    };
  }

  /** The model with the run's layers around it. The cache is opened for the first model whose answers are cached. */
  async wrap(model: BaseModel): Promise<LayeredModel> {
    const { profile } = model;
    const { recording } = this.#services;
    if (profile !== undefined && this.#cacheDir !== null)
      this.#cache ??= CallCache.open(this.#cacheDir, this.#progress);
    if (this.#redact !== null && profile?.account != null) this.#redactor ??= openRedactor(this.#redact.countries);
    const found = scoringOf(model);
    const scoring = recording === null ? found : await recording.settleScoring(model.id, found);
    const services = { ...this.#services, cache: await this.#cache, redact: await this.#redactor };
    return layered(model, services, scoring);
  }

  /** What becomes of a text before a model is sent it: it loses personal data where the run redacts and calls leave the process. */
  async redactionOf({ profile }: Pick<BaseModel, "profile">): Promise<(text: string) => string> {
    if (this.#redact === null || profile?.account == null) return (text) => text;
    this.#redactor ??= openRedactor(this.#redact.countries);
    const redact = await this.#redactor;
    return (text) => redact(text).text;
  }

  /** How servers are asked what they can do in this run. */
  probe(signal: AbortSignal): Probe {
    return probing(this.#services, signal);
  }

  /** How a model's server is asked otherwise in this run; empty at first. */
  adaptationsOf(model: string): Adaptations {
    const known = this.#adaptations.get(model) ?? new Adaptations();
    this.#adaptations.set(model, known);
    return known;
  }

  /** A way to warn that says the same once, though the models are opened for each dataset anew. */
  warnerOf(progress: EventProgress): (message: string) => void {
    return (message) => {
      if (this.#said.has(message)) return;
      this.#said.add(message);
      progress.warn(message);
    };
  }

  /** Whether every answer comes from a recording. */
  get replays(): boolean {
    return this.#services.recording?.replays ?? false;
  }

  get spent(): Spent {
    return this.#meter.spent;
  }

  async close(): Promise<void> {
    (await this.#cache)?.close();
  }
}
