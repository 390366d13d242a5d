/** A small experiment for the engine's tests: a dataset, models that do what a test says, plain methods, metrics of a line. */
import path from "node:path";
import { z } from "zod";
import { configSchema } from "../config/schema.ts";
import { ConfigSource } from "../config/source.ts";
import type { Definition } from "../core/definition.ts";
import { eventProgress } from "../core/events.ts";
import { eager, type Lazy, LazyRegistry } from "../core/lazy-registry.ts";
import type { PopulationRecord } from "../core/record.ts";
import { type Dataset, type DatasetEnvironment, defineDataset } from "../data/dataset.ts";
import { fileDataset } from "../data/file.ts";
import { defineEncoder, type Encoder, type EncoderEnvironment } from "../encoders/encoder.ts";
import { oneCallEach } from "../methods/fill.ts";
import { defineMethod, type FittedMethod, type Method, type MethodEnvironment } from "../methods/method.ts";
import { isMissing } from "../metrics/evidence.ts";
import type { AboutMetric, MetricDefinition, MetricInput } from "../metrics/metric.ts";
import {
  type BaseModel,
  type CallProfile,
  type Completion,
  defineModel,
  type GenerateRequest,
  type ModelEnvironment,
} from "../models/model.ts";
import type { FitContext } from "../mop/fit-context.ts";
import { totalVariation } from "../numerics/divergence.ts";
import type { Registries } from "../plugins/compose.ts";
import { defaultTemplates } from "../prompts/defaults.ts";
import type { Experiment, Overrides } from "../run/experiment.ts";
import { resolveExperiment } from "../run/resolve-experiment.ts";
import { type RunOptions, type RunOutcome, runExperiment } from "../run/run.ts";
import type { RunEnvironment } from "../run/services.ts";
import { fakeMetric } from "./metrics/fake.ts";
import { testFolder } from "./test-folder.ts";

/** What a scripted model answers. */
export type Answer = (request: GenerateRequest) => Completion | Promise<Completion>;

export interface World {
  /** Records of gold; the other parts have 40. */
  readonly gold?: number;
  readonly answer?: Answer;
  /** Called once a fit. */
  readonly onFit?: (context: FitContext) => void;
  readonly needs?: Method["needs"];
  /** Called with the texts of each call of the encoder. */
  readonly onEncode?: (texts: readonly string[]) => void;
  /** The encoder that `shots` names. */
  readonly encoder?: string;
  /** Methods beside `plain`, `shots` and `texts`. */
  readonly methods?: Readonly<Record<string, Definition<MethodEnvironment & { readonly id: string }, Method>>>;
  /** What the model's layers read; absent: nothing is kept, limited or paid. */
  readonly profile?: CallProfile;
}

const WORDS = ["bread", "harbour", "rain", "quiet", "market", "tea", "late", "kind", "stairs", "window"];

/** An answer that depends on the request's seed alone. */
export const seeded: Answer = ({ seed }) => ({
  text: Array.from({ length: 3 + (seed % 5) }, (_, i) => WORDS[(seed >>> (i * 3)) % WORDS.length]).join(" "),
  tokensIn: 5,
  tokensOut: 4,
  finish: "stop",
});

function records(part: string, n: number): PopulationRecord[] {
  return Array.from({ length: n }, (_, i) => ({
    id: `${part}-${i}`,
    context: { text: `place ${i % 7}`, label: i % 2 === 0 ? "good" : "bad" },
    text: `${WORDS[i % 10]} ${WORDS[(i * 3) % 10]} ${WORDS[(i * 7 + 1) % 10]} ${part} ${i}`,
  }));
}

function dataset(id: string, gold: number): Dataset {
  const parts = {
    train: records("train", 40),
    background: records("background", 40),
    gold: records("gold", gold),
    reserve: records("reserve", 40),
  };
  return {
    id,
    card: {
      name: id,
      title: "A town",
      summary: "Made for tests.",
      source: "here",
      revision: null,
      license: "none",
      language: "en",
      prompts: defaultTemplates,
    },
    parts,
    pool: (size) => parts.train.slice(0, size),
    truth: {
      owners: ["a", "b"],
      weights: () => Float64Array.of(0.5, 0.5),
      ownerOf: (record) => Number(record.split("-")[1]) % 2,
    },
    locator: { source: "test" },
    nearCopies: null,
  };
}

function fitted(context: Parameters<Method["fit"]>[0], shots: boolean): FittedMethod {
  const pool = shots ? context.pool(4) : [];
  return {
    realTextsSeen: pool.length,
    summary: shots ? "4 texts" : "no text",
    exemplars: pool,
    ...(shots ? { exemplarWeights: () => Float64Array.of(0.25, 0.25, 0.25, 0.25) } : {}),
    fill: oneCallEach((asked, random) => {
      const exemplars = shots ? [random.pick(pool)] : [];
      const prompt = context.prompts.render({ context: asked, persona: null, exemplars });
      return { prompt, persona: null, exemplars: exemplars.map((record) => record.id) };
    }),
  };
}

function metric(id: string, compute: (input: MetricInput) => number, about: Partial<AboutMetric>): MetricDefinition {
  const own = (input: MetricInput) => ({ value: compute(input), ...(about.better === "gold" ? { gold: 1 } : {}) });
  return fakeMetric(id, own, { range: [0, 1], floor: about.needs?.embeddings === true, ...about });
}

const letters = (text: string) => [..."aeiorst"].map((letter) => text.split(letter).length - 1);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const meanOf = (data: Float32Array) => mean([...data]);
const lengths = (texts: readonly string[] | null) => mean((texts ?? []).map((text) => text.length));

const texts = { needs: { texts: true } };
const embeddings = { needs: { embeddings: true } };
const always = { always: "everywhere" } as const;

const metrics: readonly MetricDefinition[] = [
  metric(
    "gap",
    ({ synthetic, gold }) => Math.abs(meanOf(synthetic.embeddings!.data) - meanOf(gold.embeddings!.data)),
    embeddings,
  ),
  metric("words", ({ synthetic }) => lengths(synthetic.texts), { ...texts, better: "gold" }),
  metric("duplicate-rate", ({ synthetic }) => 1 - new Set(synthetic.texts).size / synthetic.size, {
    ...texts,
    ...always,
  }),
  metric("length-gap", ({ synthetic, gold }) => Math.abs(lengths(synthetic.texts) - lengths(gold.texts)), {
    ...texts,
    ...always,
  }),
  metric("share-js", ({ synthetic }) => meanOf(synthetic.embeddings!.data), { ...embeddings, ...always }),
  metric(
    "owner-tv",
    ({ evidence }) => {
      const found = evidence("owner-shares");
      return isMissing(found) ? -1 : mean(found.map(({ shown, population }) => totalVariation(shown, population)));
    },
    { needs: { evidence: ["owner-shares"] }, always: "where known", noInterval: "it is exact" },
  ),
];

function registry<T>(kind: string, things: Readonly<Record<string, T>>): LazyRegistry<T> {
  const entries = Object.entries(things).map(([id, thing]): Lazy<T> => eager(id, thing));
  return new LazyRegistry(kind, entries);
}

/** Registries whose plug-ins do what `world` says. */
export function testRegistries(world: World = {}): Registries {
  const none = z.strictObject({});
  const method = (name: string, shots: boolean) =>
    defineMethod({
      summary: "A fake.",
      options: none,
      id: () => name,
      create: (_options, _environment: MethodEnvironment): Method => ({
        name,
        needs: shots ? (world.needs ?? []) : [],
        encoder: shots ? world.encoder : undefined,
        sees: "0",
        async fit(context) {
          world.onFit?.(context);
          return fitted(context, shots);
        },
      }),
    });
  const madeElsewhere = defineMethod({
    summary: "A fake of texts made elsewhere.",
    options: z.strictObject({ n: z.int() }),
    id: () => "texts",
    create: ({ n }, _environment: MethodEnvironment): Method => ({
      name: "texts",
      needs: [],
      sees: "unknown",
      madeElsewhere: {
        model: null,
        load: async () => records("made", n).map(({ text }) => ({ text, context: null, label: null })),
      },
      fit: async () => {
        throw new Error("Texts made elsewhere are not fitted.");
      },
    }),
  });
  return {
    datasets: registry("dataset", {
      town: defineDataset({
        summary: "A fake.",
        options: none,
        id: () => "town",
        create: (_options, _environment: DatasetEnvironment, id) => dataset(id, world.gold ?? 40),
      }),
      file: fileDataset,
    }),
    models: registry("model", {
      scripted: defineModel({
        summary: "A fake.",
        options: none,
        id: () => "scripted",
        create: (_options, _environment: ModelEnvironment, id): BaseModel => ({
          id,
          can: {
            chat: true,
            completion: true,
            promptLogprobs: false,
            endLogprobs: false,
            seed: true,
            instructions: false,
          },
          remark: null,
          description: { kind: "test" },
          ...(world.profile === undefined ? {} : { profile: world.profile }),
          generate: async (request) => (world.answer ?? seeded)(request),
        }),
      }),
    }),
    encoders: registry("encoder", {
      letters: defineEncoder({
        summary: "A fake.",
        options: none,
        id: () => "letters",
        create: (_options, _environment: EncoderEnvironment, id): Encoder => ({
          id,
          width: 7,
          normalized: false,
          fingerprint: "letters",
          description: {},
          encode: async (texts) => {
            world.onEncode?.(texts);
            return { data: Float32Array.from(texts.flatMap(letters)), rows: texts.length, cols: 7 };
          },
        }),
      }),
    }),
    methods: registry("method", {
      plain: method("plain", false),
      shots: method("shots", true),
      texts: madeElsewhere,
      ...world.methods,
    }),
    formats: registry("format", {}),
    metrics: registry("metric", Object.fromEntries(metrics.map((entry) => [entry.id, entry]))),
  };
}

const CONFIG = {
  datasets: ["town"],
  models: ["scripted"],
  methods: ["plain", "shots"],
  encoder: "letters",
  metrics: ["gap", "words"],
  samples: 20,
  repeats: 2,
};

/** The experiment of a config that differs from the small one by `changes`. */
export function testExperiment(
  changes: { readonly [key: string]: unknown } = {},
  registries: Registries = testRegistries(),
  overrides: Overrides = {},
): Promise<Experiment> {
  const source = new ConfigSource("test.yaml", JSON.stringify({ ...CONFIG, ...changes }), {});
  const config = configSchema.parse(source.value);
  return resolveExperiment({ source, config, name: "test", baseDir: "/" }, registries, overrides, "0");
}

/** The environment of a test: nothing kept, nothing said. */
export function testEnvironment(changes: Partial<RunEnvironment> = {}): RunEnvironment {
  return {
    env: {},
    cacheDir: path.join(testFolder(), "cache"),
    progress: eventProgress(() => {}),
    signal: new AbortController().signal,
    now: Date.now,
    ...changes,
  };
}

/** Runs the small experiment with changes. */
export async function testRun(options: {
  readonly world?: World;
  readonly config?: { readonly [key: string]: unknown };
  readonly overrides?: Overrides;
  readonly environment?: Partial<RunEnvironment>;
  readonly run: Partial<RunOptions>;
}): Promise<RunOutcome> {
  const registries = testRegistries(options.world);
  const experiment = await testExperiment({ cache: { mode: "off" }, ...options.config }, registries, options.overrides);
  return runExperiment(experiment, registries, testEnvironment(options.environment), {
    cwd: "/",
    version: "0",
    ...options.run,
  });
}
