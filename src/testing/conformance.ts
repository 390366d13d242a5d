import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import type { RunManifest } from "../analysis/run-manifest.ts";
import { givenData, givenModel } from "../api/given.ts";
import { run } from "../api/run.ts";
import type { Definition } from "../core/definition.ts";
import { MopbenchError } from "../core/errors.ts";
import type { Lazy } from "../core/lazy-registry.ts";
import { Stream } from "../core/stream.ts";
import { datasetOf, type Records } from "../data/dataset-of.ts";
import { cellCost } from "../methods/cost.ts";
import { evidenceOf } from "../metrics/evidence.ts";
import type { MetricDefinition, MetricValue } from "../metrics/metric.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import type { GenerateRequest } from "../models/model.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { countNotMade } from "../run/cell-samples.ts";
import { cellDir } from "../run/files/cell-files.ts";
import { RunFiles } from "../run/files/run-files.ts";
import { readSamples } from "../run/files/samples.ts";
import { problemsOfShape } from "./conformance-shape.ts";
import { scriptedModel } from "./scripted-model.ts";

/** Options for things that cannot do without, by kind and id: `{ datasets: { folder: { path: "notes" } } }`. */
export type ConformanceOptions = {
  readonly [Kind in "metrics" | "methods" | "models" | "encoders" | "datasets"]?: Readonly<Record<string, object>>;
} & {
  /** What the model of the small run answers, for methods that read answers. @default a plain sentence */
  readonly answer?: (request: GenerateRequest) => string;
  /** Paths in options are relative to it. @default process.cwd() */
  readonly baseDir?: string;
};

/**
 * Tries everything that a plug-in brings, as a run would use it, and says what is wrong with it in sentences; none: it holds. It has no
 * unknown keys, its things are made as their kind is, under ids that are free; where that is not so, nothing is tried further.
 * Definitions have a summary, strict options and a description for each; a metric gives a finite value or a reason, the same again
 * from the same stream, and takes one text, equal texts and empty ones; the others go through a small run twice, which must give the
 * same bytes; in it a method leaves no slot without a text and makes no more calls than its `cost` says. An encoder gives one row a
 * text, as wide as it says.
 * Nothing is sent anywhere but by the plug-in itself.
 * @example
 * expect(await problemsOf(plugin)).toEqual([]);
 */
export async function problemsOf(plugin: Plugin, options: ConformanceOptions = {}): Promise<readonly string[]> {
  const unsound = await problemsOfShape(plugin);
  if (unsound.length > 0) return unsound;
  const problems: string[] = [];
  for (const entry of plugin.metrics ?? []) problems.push(...(await problemsOfMetric(entry)));
  const kinds = ["datasets", "models", "encoders", "methods"] as const;
  for (const kind of kinds)
    for (const entry of plugin[kind] ?? []) {
      const named = `${kind.slice(0, -1)} ${entry.id}`;
      const definition = await entry.load();
      problems.push(...problemsOfDefinition(definition).map((problem) => `${named}: ${problem}`));
      const written = { [entry.id]: options[kind]?.[entry.id] ?? {} };
      problems.push(...(await problemsInRuns(plugin, kind, written, options)).map((problem) => `${named}: ${problem}`));
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

const DECODING = { temperature: 1, topP: 1, maxTokens: 30 };

/** Runs the thing twice with plain ones of the other kinds. */
async function problemsInRuns(
  plugin: Plugin,
  kind: "datasets" | "models" | "encoders" | "methods",
  written: { readonly [id: string]: object },
  { baseDir = process.cwd(), answer }: ConformanceOptions,
): Promise<string[]> {
  const model = scriptedModel({
    can: { instructions: true },
    generate: answer ?? (({ seed }) => `An answer of ${seed % 97} words about bread ${seed % 11}.`),
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
    decoding: DECODING,
    [kind]: [written],
  };
  const plugins = [plugin, data.plugin, scripted.plugin].filter((one) => one !== null);
  const folder = await mkdtemp(path.join(os.tmpdir(), "mopbench-conformance-"));
  try {
    const problems: string[] = [];
    const texts: string[] = [];
    for (const out of ["first", "second"]) {
      const dir = path.join(folder, out);
      const environment = { plugins, cwd: baseDir, cache: false, env: process.env };
      const { manifest } = await run(config, { ...environment, out: dir, formats: [] });
      texts.push(await readFile(path.join(dir, "results.json"), "utf8"));
      if (out === "first" && kind === "methods")
        problems.push(...(await problemsOfCells(plugin, written, dir, manifest, baseDir)));
    }
    if (kind === "encoders") problems.push(...(await problemsOfRows(plugin, written, baseDir)));
    if (texts[0] !== texts[1]) problems.push("two runs with the same seed give different results.");
    return problems;
  } catch (error) {
    const bug = error instanceof MopbenchError ? "" : " (no MopbenchError: a user would see a stack trace)";
    return [`a small run fails: ${messageOf(error)}${bug}`];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Slots without text, and calls beyond what the method's `cost` says. */
async function problemsOfCells(
  plugin: Plugin,
  written: { readonly [id: string]: object },
  runDir: string,
  { cells, files: sums = {}, id: runId = "" }: RunManifest,
  baseDir: string,
): Promise<string[]> {
  const problems = new Set<string>();
  const files = new RunFiles({ dir: runDir, runId, sums });
  for (const cell of cells ?? []) {
    const samples = (await readSamples(files, cellDir(runDir, cell))) ?? [];
    const left = countNotMade(samples);
    if (left > 0)
      problems.add(`it leaves ${left} of ${samples.length} slots without a text, although its calls succeeded.`);
    const contexts = samples.map(({ context, label }) => ({ text: context, label }));
    const { parts } = datasetOf(RECORDS);
    for (const entry of plugin.methods ?? []) {
      if (written[entry.id] === undefined) continue;
      const method = await (await entry.load()).bind(written[entry.id]).create({ id: entry.id, baseDir });
      const cost = method.cost?.({ datasetId: RECORDS.id, train: parts.train }) ?? null;
      const { generated, chosen } = cellCost(cost, contexts, DECODING);
      if (cell.asked > generated + chosen)
        problems.add(
          `it makes ${cell.asked} calls for ${samples.length} texts; its \`cost\` says ${generated + chosen} at most.`,
        );
    }
  }
  return [...problems];
}

/** Rows of an encoder that do not fit the texts or its width. */
async function problemsOfRows(
  plugin: Plugin,
  written: { readonly [id: string]: object },
  baseDir: string,
): Promise<string[]> {
  const problems: string[] = [];
  const texts = ["one plain text", "", "one plain text", "another, about bread"];
  for (const entry of plugin.encoders ?? []) {
    if (written[entry.id] === undefined) continue;
    const bound = (await entry.load()).bind(written[entry.id]);
    const environment = { background: RECORDS.records, env: process.env, baseDir, offline: false, storeDir: null };
    const encoder = await bound.create({ ...environment, id: entry.id });
    try {
      const { data, rows, cols } = await encoder.encode(texts);
      if (rows !== texts.length) problems.push(`it gives ${rows} rows for ${texts.length} texts.`);
      if (cols !== encoder.width)
        problems.push(`its rows have ${cols} columns, and its \`width\` is ${encoder.width}.`);
      if (data.length !== rows * cols) problems.push(`its ${data.length} numbers do not fill ${rows} x ${cols}.`);
    } finally {
      await encoder.close?.();
    }
  }
  return problems;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
