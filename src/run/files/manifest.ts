import { availableParallelism, totalmem } from "node:os";
import path from "node:path";
import type { RunManifest } from "../../analysis/run-manifest.ts";
import type { JsonObject } from "../../core/hash.ts";
import { contextKey } from "../../core/record.ts";
import { sharedChecksums, sharedContexts } from "../../data/contexts.ts";
import type { Dataset } from "../../data/dataset.ts";
import { partChecksums } from "../../data/parts.ts";
import { describeMetric } from "../../metrics/describe.ts";
import type { Spent } from "../../models/layers/meter.ts";
import { writeSealed } from "../../storage/sealed.ts";
import { CellTally } from "../cell-calls.ts";
import type { Experiment } from "../experiment.ts";
import type { MethodResult } from "../run-method.ts";
import type { ModelLayers } from "../services.ts";
import type { NamedMethod, Stage } from "../stage.ts";
import type { FitRecord } from "./cell-files.ts";
import type { RunFiles } from "./run-files.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A run's manifest as it grows: written at the start, after every dataset, and at the end. */
export class ManifestFile {
  readonly #file: string;
  readonly #files: RunFiles;
  readonly #state: Writable<RunManifest>;
  readonly #now: () => number;
  readonly #beganAt: number;
  readonly #earlierSeconds: RunManifest["seconds"];
  readonly #earlierModels: RunManifest["models"];
  readonly #seconds = new Map<string, number>();
  /** Counts the calls of cells, those of the run it resumes included. */
  readonly tally: CellTally;
  #writing: Promise<void> = Promise.resolve();
  /** A write that waits for the one before it: what is noted until then is in it too. */
  #next: Promise<void> | null = null;

  constructor(options: {
    /** What the run wrote: their checksums stand in the manifest. */
    readonly files: RunFiles;
    readonly experiment: Experiment;
    readonly version: string;
    readonly datasets: readonly Dataset[];
    readonly methods: readonly NamedMethod[];
    readonly previous: RunManifest | null;
    readonly now: () => number;
  }) {
    const { experiment, previous, now } = options;
    this.#file = path.join(options.files.dir, "run.json");
    this.#files = options.files;
    this.#now = now;
    this.#beganAt = now();
    this.tally = new CellTally(previous?.cells);
    this.#earlierSeconds = previous?.seconds ?? {};
    this.#earlierModels = previous?.models ?? [];
    this.#state = {
      schema: 1,
      id: this.#files.runId,
      name: experiment.name,
      version: options.version,
      config: experiment.resolved,
      configHash: experiment.configHash,
      seed: experiment.seed,
      limited: experiment.limited,
      datasets: options.datasets.map((dataset) => describeDataset(dataset, experiment.samples)),
      models: [],
      encoders: [],
      methods: experiment.methods.map(({ id, name, bound }) => ({
        id,
        name,
        options: asObject(bound.options),
        fits: [],
      })),
      metrics: [...experiment.metrics, ...experiment.whereKnown].map(describeMetric),
      host: host(),
      startedAt: previous?.startedAt ?? new Date(this.#beganAt).toISOString(),
      finishedAt: null,
      seconds: {},
      calls: previous?.calls ?? NOTHING,
      cells: previous?.cells ?? [],
      warnings: previous?.warnings ?? [],
      exit: null,
      files: this.#files.sums,
    };
  }

  /** The manifest as it stands. */
  get value(): RunManifest {
    return this.#state;
  }

  /** Notes a dataset's models and encoders. */
  addStage({ dataset, models, encoders }: Stage): void {
    const seen = <T extends { readonly id: string; readonly description: JsonObject }>(thing: T) => ({
      [dataset.id]: thing.description,
    });
    this.#state.models = models.map((model) => ({
      id: model.id,
      remark: model.remark,
      caveat: model.caveat,
      can: model.can,
      description: { ...this.#state.models.find(({ id }) => id === model.id)?.description, ...seen(model) },
    }));
    this.#state.encoders = encoders.map((encoder) => ({
      id: encoder.id,
      description: { ...this.#state.encoders.find(({ id }) => id === encoder.id)?.description, ...seen(encoder) },
    }));
  }

  addFit(dataset: string, { model, method, fit }: MethodResult): void {
    const entry: FitRecord & { dataset: string; model: string | null } = { dataset, model, ...fit };
    this.#state.methods = this.#state.methods.map((known) =>
      known.id === method ? { ...known, fits: [...known.fits, entry] } : known,
    );
  }

  /** Something the user should look at, once. @returns whether it is new */
  addWarning(message: string): boolean {
    if (this.#state.warnings.includes(message)) return false;
    this.#state.warnings = [...this.#state.warnings, message];
    return true;
  }

  /** Runs a step and adds its time to the stage's seconds. */
  async timed<T>(stage: string, step: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await step();
    } finally {
      this.#seconds.set(stage, (this.#seconds.get(stage) ?? 0) + (performance.now() - start) / 1000);
    }
  }

  /** Writes run.json. @param exit null while the run goes on */
  async write(layers: Pick<ModelLayers, "spent" | "adaptationsOf">, exit: number | null): Promise<void> {
    this.#state.calls = layers.spent;
    this.#state.models = this.#state.models.map((model) => {
      const earlier = this.#earlierModels.find(({ id }) => id === model.id)?.adapted ?? [];
      const adapted = [...new Set([...earlier, ...layers.adaptationsOf(model.id).sentences])];
      return adapted.length === 0 ? model : { ...model, adapted };
    });
    this.#state.cells = this.tally.cells;
    this.#state.exit = exit;
    this.#state.files = this.#files.sums;
    this.#state.finishedAt = exit === null ? null : new Date(this.#now()).toISOString();
    const seconds: { [stage: string]: number } = { ...this.#earlierSeconds };
    for (const [stage, time] of this.#seconds) seconds[stage] = round((this.#earlierSeconds[stage] ?? 0) + time);
    this.#state.seconds = seconds;
    const next = () => {
      this.#next = null;
      return writeSealed(this.#file, JSON.stringify(this.#state, null, 2));
    };
    this.#next ??= this.#writing.then(next, next);
    this.#writing = this.#next;
    await this.#next;
  }
}

const NOTHING: Spent = {
  generated: 0,
  scored: 0,
  chosen: 0,
  retries: 0,
  errors: 0,
  cached: 0,
  oldestCachedAt: null,
  tokensIn: 0,
  tokensOut: 0,
  usd: 0,
  redacted: 0,
};

function describeDataset(dataset: Dataset, samples: number): RunManifest["datasets"][number] {
  const checksums = partChecksums(dataset.parts);
  const part = (name: keyof typeof checksums) => ({ n: dataset.parts[name].length, checksum: checksums[name] });
  return {
    id: dataset.id,
    title: dataset.card.title,
    license: dataset.card.license,
    locator: dataset.locator,
    parts: { train: part("train"), background: part("background"), gold: part("gold"), reserve: part("reserve") },
    nearCopies: dataset.nearCopies,
    contexts: new Set(dataset.parts.gold.map((record) => contextKey(record.context))).size,
    ...sharedChecksums(sharedContexts(dataset.parts.gold, samples)),
    truth: dataset.truth !== null,
  };
}

function host(): JsonObject {
  const { platform, arch, version } = process;
  return { platform, arch, node: version, cores: availableParallelism(), memoryGB: round(totalmem() / 2 ** 30) };
}

function asObject(options: unknown): JsonObject {
  return typeof options === "object" && options !== null && !Array.isArray(options) ? { ...options } : {};
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
