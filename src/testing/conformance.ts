import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { givenData, givenModel } from "../api/given.ts";
import { run } from "../api/run.ts";
import type { Definition } from "../core/definition.ts";
import { MopbenchError } from "../core/errors.ts";
import type { Lazy } from "../core/lazy-registry.ts";
import { Stream } from "../core/stream.ts";
import { datasetOf, type Records } from "../data/dataset-of.ts";
import { evidenceOf } from "../metrics/evidence.ts";
import type { MetricDefinition, MetricValue } from "../metrics/metric.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { scriptedModel } from "./scripted-model.ts";

/** Options for things that cannot do without, by kind and id: `{ datasets: { folder: { path: "notes" } } }`. */
export type ConformanceOptions = {
  readonly [Kind in "metrics" | "methods" | "models" | "encoders" | "datasets"]?: Readonly<Record<string, object>>;
} & {
  /** Paths in options are relative to it. @default process.cwd() */
  readonly baseDir?: string;
};

/**
 * Tries everything that a plug-in brings, as a run would use it, and says what is wrong with it in sentences; none: it holds. Definitions
 * have a summary, strict options and a description for each; a metric gives a finite value or a reason, the same again from the same
 * stream, and takes one text, equal texts and empty ones; the others go through a small run twice, which must give the same bytes.
 * Nothing is sent anywhere but by the plug-in itself.
 * @example
 * expect(await problemsOf(plugin)).toEqual([]);
 */
export async function problemsOf(plugin: Plugin, options: ConformanceOptions = {}): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const entry of plugin.metrics ?? []) problems.push(...(await problemsOfMetric(entry)));
  const kinds = ["datasets", "models", "encoders", "methods"] as const;
  for (const kind of kinds)
    for (const entry of plugin[kind] ?? []) {
      const named = `${kind.slice(0, -1)} ${entry.id}`;
      const definition = await entry.load();
      problems.push(...problemsOfDefinition(definition).map((problem) => `${named}: ${problem}`));
      const written = { [entry.id]: options[kind]?.[entry.id] ?? {} };
      problems.push(
        ...(await problemsInRuns(plugin, kind, written, options.baseDir)).map((problem) => `${named}: ${problem}`),
      );
    }
  return problems;
}

function problemsOfDefinition({ summary, options }: Definition<never, unknown>): string[] {
  const problems: string[] = [];
  if (summary.trim() === "") problems.push("it has no summary.");
  const { properties = {} } = z
    .object({ properties: z.record(z.string(), z.object({ description: z.string().optional() })).optional() })
    .parse(z.toJSONSchema(options, { io: "input", unrepresentable: "any" }));
  for (const [name, { description }] of Object.entries(properties))
    if (description === undefined) problems.push(`its option \`${name}\` has no description.`);
  const strange = options.safeParse({ "no such option": 1 });
  if (strange.success) problems.push("it takes options that it does not have: make them with z.strictObject.");
  return problems;
}

async function problemsOfMetric(entry: Lazy<MetricDefinition>): Promise<string[]> {
  const metric = await entry.load();
  const problems = problemsOfDefinition(metric);
  if (metric.id !== entry.id) problems.push(`it is registered as \`${entry.id}\`, and its id is \`${metric.id}\`.`);
  if (!/\.$/.test(metric.meaning)) problems.push("its meaning is no sentence.");
  const some = Array.from(
    { length: 30 },
    (_, i) => `One plain text about bread, number ${i}${i % 3 === 0 ? "?" : "."}`,
  );
  const sets: Readonly<Record<string, readonly string[]>> = {
    "thirty texts": some,
    "one text": some.slice(0, 1),
    "equal texts": some.map(() => "the same"),
    "empty texts": some.map(() => ""),
  };
  for (const [what, texts] of Object.entries(sets)) {
    const compute = async (): Promise<MetricValue> =>
      metric.compute(
        { synthetic: setOf(texts), gold: setOf(some.slice(0, texts.length)), evidence: evidenceOf({}) },
        Stream.root(1).derive("conformance"),
      );
    try {
      const value = await compute();
      problems.push(...problemsOfValue(value, metric.range).map((problem) => `${what}: ${problem}`));
      if (JSON.stringify(await compute()) !== JSON.stringify(value))
        problems.push(`${what}: the same stream gives another value.`);
    } catch (error) {
      problems.push(`${what}: it throws (${messageOf(error)}) where it should give \`value: null\` with a reason.`);
    }
  }
  return problems.map((problem) => `metric ${entry.id}: ${problem}`);
}

/** Texts with embeddings that tell them apart. */
function setOf(texts: readonly string[]): SampleSet {
  const width = 8;
  const data = Float32Array.from(
    texts.flatMap((text) =>
      Array.from({ length: width }, (_, j) => Math.sin(1 + j * (1 + text.length) + (text.codePointAt(j + 12) ?? 7))),
    ),
  );
  return new SampleSet({ texts, embeddings: { data, rows: texts.length, cols: width } });
}

function problemsOfValue({ value, reason }: MetricValue, [low, high]: readonly [number, number]): string[] {
  if (value === null) return reason === undefined ? ["it has no value and gives no reason."] : [];
  if (!Number.isFinite(value)) return [`its value is ${value}: give null with a reason.`];
  return value < low || value > high ? [`its value ${value} lies outside its range.`] : [];
}

const RECORDS: Records = {
  id: "people",
  records: Array.from({ length: 60 }, (_, i) => ({
    id: String(i),
    context: { text: i % 2 === 0 ? "the bakery" : "the market", label: null },
    text: `Somebody wrote text ${i} about ${["bread", "tea", "rain"][i % 3]} and ${["salt", "lamps"][i % 2]}.`,
  })),
};

/** Runs the thing twice with plain ones of the other kinds. */
async function problemsInRuns(
  plugin: Plugin,
  kind: "datasets" | "models" | "encoders" | "methods",
  written: object,
  baseDir: string = process.cwd(),
): Promise<string[]> {
  const model = scriptedModel({
    can: { instructions: true },
    generate: ({ seed }) => `An answer of ${seed % 97} words about bread ${seed % 11}.`,
    score: ({ continuation }) => continuation.split(" ").map((word) => -1 - word.length / 4),
  });
  const [data, scripted] = [givenData(datasetOf(RECORDS)), givenModel(model)];
  const config = {
    datasets: [data.written],
    models: [scripted.written],
    methods: ["zero-shot"],
    encoders: ["embedded:lsa"],
    metrics: ["fid", "distinct"],
    samples: 8,
    repeats: 2,
    decoding: { maxTokens: 30 },
    [kind]: [written],
  };
  const plugins = [plugin, data.plugin, scripted.plugin].filter((one) => one !== null);
  const folder = await mkdtemp(path.join(os.tmpdir(), "mopbench-conformance-"));
  try {
    const texts: string[] = [];
    for (const out of ["first", "second"]) {
      const dir = path.join(folder, out);
      await run(config, { out: dir, plugins, cwd: baseDir, cache: false, formats: [], env: process.env });
      texts.push(await readFile(path.join(dir, "results.json"), "utf8"));
    }
    return texts[0] === texts[1] ? [] : ["two runs with the same seed give different results."];
  } catch (error) {
    const bug = error instanceof MopbenchError ? "" : " (no MopbenchError: a user would see a stack trace)";
    return [`a small run fails: ${messageOf(error)}${bug}`];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
