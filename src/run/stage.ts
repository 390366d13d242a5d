import path from "node:path";
import { InputError } from "../core/errors.ts";
import type { Progress } from "../core/progress.ts";
import { unknownName } from "../core/registry.ts";
import { type SharedContexts, sharedContexts } from "../data/contexts.ts";
import type { Dataset } from "../data/dataset.ts";
import { checked } from "../encoders/checked.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { MadeText, Method } from "../methods/method.ts";
import type { BaseModel } from "../models/model.ts";
import type { PromptRenderer } from "../prompts/prompt.ts";
import { createRenderer } from "../prompts/render.ts";
import { evidenceOfDataset, knowable } from "../scoring/dataset-evidence.ts";
import type { ScoringContext } from "../scoring/score-cell.ts";
import { CellMemory } from "../scoring/scored-cell.ts";
import { GoldSide } from "../scoring/scored-set.ts";
import { type Tokenizer, whitespace } from "../text/tokenizer.ts";
import { lackSpaces, spacesWarning } from "../text/unspaced.ts";
import type { Experiment } from "./experiment.ts";
import type { ModelLayers, RunEnvironment } from "./services.ts";

/** A method of the config, made; its fit comes later. */
export interface NamedMethod {
  readonly id: string;
  readonly method: Method;
  /** A set made elsewhere, read; null for a method that prompts a model. */
  readonly made: { readonly model: string | null; readonly texts: readonly MadeText[] } | null;
}

/** Everything the cells of one dataset share. */
export interface Stage extends SharedContexts {
  readonly dataset: Dataset;
  readonly prompts: PromptRenderer;
  readonly models: readonly BaseModel[];
  readonly encoders: readonly Encoder[];
  readonly scoring: ScoringContext;
  readonly memory: CellMemory;
  close(): Promise<void>;
}

/** Loads every dataset, so that wrong data stop a run before anything is spent. @throws InputError */
export async function loadDatasets(experiment: Experiment, environment: RunEnvironment): Promise<Dataset[]> {
  const datasets: Dataset[] = [];
  for (const item of experiment.datasets) {
    environment.signal.throwIfAborted();
    const dataset = await item.bound.create({
      id: item.id,
      env: environment.env,
      baseDir: experiment.baseDir,
      offline: experiment.offline,
      cacheDir: path.join(environment.cacheDir, "datasets"),
    });
    if (dataset.parts.gold.length === 0)
      throw new InputError(`The dataset \`${item.id}\` has no gold texts to score against; it needs more records.`);
    for (const note of dataset.notes ?? []) environment.progress.note(note);
    datasets.push(dataset);
  }
  return datasets;
}

/** Warns of a dataset whose texts have no spaces, where metrics of words cut at spaces. */
export function warnOfSpaces({ id, parts }: Dataset, tokenizer: Tokenizer, progress: Progress): void {
  if (tokenizer === whitespace && lackSpaces(parts.gold.map((record) => record.text)))
    progress.warn(spacesWarning(id, "`tokenizer: words` in the config"));
}

/**
 * The methods of the config; sets made elsewhere are read.
 * @throws InputError for wrong options, files that cannot be read, and an encoder that is not the run's
 */
export async function makeMethods(experiment: Experiment, { progress }: RunEnvironment): Promise<NamedMethod[]> {
  const methods: NamedMethod[] = [];
  for (const { id, bound } of experiment.methods) {
    const method = await bound.create({ id, baseDir: experiment.baseDir });
    const { encoder, madeElsewhere } = method;
    const known = experiment.encoders.map((item) => item.id);
    if (encoder !== undefined && !known.includes(encoder))
      throw new InputError(`The method \`${id}\`: ${unknownName("encoder", encoder, known)} Name it in \`encoders\`.`);
    const made = madeElsewhere && {
      model: madeElsewhere.model,
      texts: await madeElsewhere.load((note) => progress.note(note)),
    };
    methods.push({ id, method, made: made ?? null });
  }
  return methods;
}

/**
 * Makes the models and encoders of a dataset and its gold side. Calls no model but for one probe of a server whose prompt
 * log-probabilities some method needs.
 * @param planning nothing at all is asked of a server
 * @throws InputError; CallError when the probe cannot reach the server
 */
export async function openStage(
  experiment: Experiment,
  dataset: Dataset,
  methods: readonly NamedMethod[],
  layers: ModelLayers,
  environment: RunEnvironment,
  { planning = false }: { readonly planning?: boolean } = {},
): Promise<Stage> {
  const { env } = environment;
  const { baseDir, offline, samples, seed } = experiment;
  const { background } = dataset.parts;
  const prompts = await createRenderer({ ...dataset.card.prompts, ...experiment.prompts });
  const scored = methods.some(({ method }) => method.needs.includes("promptLogprobs"));
  const probe = scored ? layers.probe(environment.signal) : undefined;
  const models: BaseModel[] = [];
  const warn = layers.warnerOf(environment.progress);
  for (const item of experiment.models) {
    const environment = {
      id: item.id,
      dataset: dataset.id,
      background,
      env,
      baseDir,
      offline,
      probe,
      replay: layers.replays,
      adaptations: layers.adaptationsOf(item.id),
      warn,
    };
    models.push(await layers.wrap(await item.bound.create(environment)));
  }
  const encoders: Encoder[] = [];
  const storeDir = experiment.cacheMode === "off" ? null : path.join(environment.cacheDir, "embeddings");
  for (const item of experiment.encoders)
    encoders.push(
      checked(
        await item.bound.create({
          id: item.id,
          background,
          env,
          baseDir,
          offline,
          storeDir,
          signal: environment.signal,
          planning,
          warn,
        }),
      ),
    );
  const leaking = experiment.redact === null ? undefined : encoders.find((encoder) => encoder.callsOut);
  if (leaking !== undefined)
    throw new InputError(
      `The config says \`redact\`, and the encoder \`${leaking.id}\` sends texts to a server as they are. Use an encoder in process (embedded:lsa, transformers:).`,
    );
  const shared = sharedContexts(dataset.parts.gold, samples);
  const known = knowable(dataset);
  const added = experiment.whereKnown.filter(({ needs }) => needs.evidence?.every((name) => known.has(name)));
  return {
    dataset,
    prompts,
    ...shared,
    models,
    encoders,
    memory: new CellMemory(),
    scoring: {
      dataset: dataset.id,
      gold: new GoldSide(shared.gold.slice(0, shared.scorable), experiment.tokenizer),
      encoders,
      metrics: [...experiment.metrics, ...added],
      evidence: evidenceOfDataset(dataset),
      seed,
    },
    async close() {
      for (const thing of [...models, ...encoders]) await thing.close?.();
    },
  };
}
