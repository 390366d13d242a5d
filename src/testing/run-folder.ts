import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { RunManifest } from "../analysis/run-manifest.ts";
import { summarize } from "../analysis/summary.ts";
import type { Better, ComparisonRow, ResultRow } from "../core/result.ts";
import type { Sample } from "../core/sample.ts";
import { Stream } from "../core/stream.ts";
import { describeMetric } from "../metrics/describe.ts";
import { metrics } from "../metrics/registry.ts";
import { artifactDir, cellDir } from "../run/files/cell-files.ts";
import { RunFiles } from "../run/files/run-files.ts";
import { writeSamples } from "../run/files/samples.ts";
import { fileChecksum } from "../storage/checksum.ts";
import { writeSealed } from "../storage/sealed.ts";

/** A text that breaks whatever does not escape it. */
export const HOSTILE =
  "<script>alert(1)</script> | `code` {{constructor}} {{{raw}}} =cmd|'/c calc'!A1 \\input{x} $x_1$ [link](javascript:x) \u0007 & ]]>";

const DATASET = "townsquare";
const ENCODERS = ["embedded:lsa", "transformers:all-MiniLM-L6-v2"] as const;
const MODELS = ["embedded:small", "embedded:large"] as const;
const SEEN: Readonly<Record<string, number>> = {
  "zero-shot": 0,
  persona: 0,
  "few-shot": 960,
  "mop-uniform": 960,
  mop: 960,
};
const METHODS = Object.keys(SEEN);

interface Shape {
  readonly id: string;
  readonly better: Better;
  readonly judged: boolean;
  /** Value of each method, then of `real` and of `shuffled` (null: no such row). */
  readonly values: readonly (number | null)[];
  readonly gold: number | null;
}

const SHAPES: readonly Shape[] = [
  { id: "fid", better: "lower", judged: true, values: [0.452, 0.224, 0.131, 0.12, 0.112, 0.05, 1.21], gold: null },
  { id: "mauve", better: "higher", judged: true, values: [0.21, 0.62, 0.86, 0.87, 0.89, 0.97, 0.02], gold: null },
  { id: "mauve-c5", better: "higher", judged: true, values: [0.02, 0.21, 0.64, 0.66, 0.7, 0.91, 0.004], gold: null },
  { id: "kl-cosine", better: "lower", judged: true, values: [0.9, 0.4, 0.05, 0.06, 0.04, 0.01, null], gold: null },
  { id: "self-bleu-4", better: "gold", judged: false, values: [0.62, 0.5, 0.36, 0.35, 0.34, 0.31, null], gold: 0.312 },
  { id: "distinct-2", better: "gold", judged: false, values: [0.31, 0.4, 0.55, 0.56, 0.57, 0.6, null], gold: 0.6 },
  { id: "vendi", better: "gold", judged: true, values: [21, 38.2, 60.3, 61, 63.9, 66.2, null], gold: 66.1 },
  { id: "duplicate-rate", better: "lower", judged: false, values: [0.04, 0.01, 0, 0, 0, 0, null], gold: null },
  { id: "length-gap", better: "lower", judged: false, values: [0.22, 0.11, 0.03, 0.02, 0.02, 0.01, null], gold: null },
  { id: "share-js", better: "lower", judged: true, values: [0.2, 0.12, 0.04, 0.03, 0.02, 0.01, null], gold: null },
  { id: "owner-tv", better: "lower", judged: false, values: [null, null, 0.3, 0.3, 0.18, null, null], gold: null },
];

/**
 * A run's folder as the engine leaves it, with made-up numbers and hostile texts; deterministic.
 * @param options.lowFloor shuffled words score nearer by FID than the methods that show no real text
 */
export async function writeTestRun(
  dir: string,
  options: { limited?: boolean; hostileId?: string; lowFloor?: boolean } = {},
): Promise<void> {
  const methods = options.hostileId === undefined ? METHODS : [...METHODS, options.hostileId];
  const random = Stream.root(4);
  const rows = repeatRows(random, methods, options.lowFloor ?? false);
  const summary = await summarize(
    rows,
    metrics.names.map((id) => metrics.get(id)),
  );
  const results = { schema: 1, rows: [...rows, ...summary], comparisons: comparisons(summary) };
  const files = new RunFiles({ dir, runId: "a1", sums: {} });
  const put = async (file: string, value: unknown) => {
    await mkdir(path.dirname(file), { recursive: true });
    await files.put(file, JSON.stringify(value));
  };
  await put(path.join(dir, "results.json"), results);
  await put(path.join(dir, "maps.json"), { schema: 1, maps: ENCODERS.map((encoder) => map(encoder, random, methods)) });
  for (const model of MODELS) {
    for (const method of methods) {
      const cell = { dataset: DATASET, model, method, repeat: 0 };
      await mkdir(cellDir(dir, cell), { recursive: true });
      await writeSamples(files, cellDir(dir, cell), samples(model, method));
    }
    const curve = Array.from({ length: 40 }, (_, i) => ({
      step: 10 * i,
      train: 64 + 9 * Math.exp(-i / 6) - 0.01 * i,
      heldOut: 65 + 9 * Math.exp(-i / 6) + 0.0008 * i * i,
    }));
    const artifact = path.join(artifactDir(dir, DATASET, model, "mop"), "mop.json");
    await put(artifact, { schema: 1, fit: { curve } });
  }
  const written = { ...manifest(methods, options.limited ?? false), id: files.runId, files: files.sums };
  await writeSealed(path.join(dir, "run.json"), JSON.stringify(written));
}

/** Makes a run's folder vouch for its files as a test left them. */
export async function resealTestRun(dir: string): Promise<void> {
  const file = path.join(dir, "run.json");
  const { checksum: _, ...written }: RunManifest & { checksum?: string } = JSON.parse(await readFile(file, "utf8"));
  const names = Object.keys(written.files ?? {});
  const sums = names.map(async (name) => [name, await fileChecksum(path.join(dir, name))] as const);
  await writeSealed(file, JSON.stringify({ ...written, files: Object.fromEntries(await Promise.all(sums)) }));
}

function repeatRows(random: Stream, methods: readonly string[], lowFloor: boolean): ResultRow[] {
  const rows: ResultRow[] = [];
  const add = (shape: Shape, model: string | null, method: string, position: number, encoder: string | null) => {
    const isLow = lowFloor && method === "shuffled" && shape.id === "fid";
    const value = isLow ? 0.15 : (shape.values[position] ?? null);
    const isReference = model === null;
    if (isReference && value === null) return;
    const scale = (model === "embedded:large" ? 0.85 : 1) * (encoder === ENCODERS[1] ? 1.2 : 1);
    for (let repeat = 0; repeat < 3; repeat++) {
      rows.push({
        dataset: DATASET,
        model,
        method,
        repeat,
        metric: shape.id,
        encoder,
        value: value === null ? null : value * scale * (1 + 0.025 * random.normal()),
        ciLow: null,
        ciHigh: null,
        n: 400,
        nGold: 400,
        gold: shape.gold,
        better: shape.better,
        reason:
          value === null ? "zero-shot and persona show no exemplars, so there are no weights to push to owners" : null,
        settings: shape.id === "fid" ? { normalized: false, d: 128 } : {},
      });
    }
  };
  for (const shape of SHAPES) {
    for (const encoder of shape.judged ? ENCODERS : [null]) {
      for (const model of MODELS)
        methods.forEach((method, i) => void add(shape, model, method, i < 5 ? i : 0, encoder));
      add(shape, null, "real", 5, encoder);
      add(shape, null, "shuffled", 6, encoder);
    }
  }
  return rows;
}

function comparisons(summary: readonly ResultRow[]): ComparisonRow[] {
  const rows = summary.filter(({ metric, model }) => metric === "fid" && model !== null);
  return [...new Set(rows.map(({ model, encoder }) => JSON.stringify([model, encoder])))].flatMap((key) => {
    const group = rows.filter(({ model, encoder }) => JSON.stringify([model, encoder]) === key);
    return [true, false]
      .map((none) => group.filter(({ method }) => ((SEEN[method] ?? 0) === 0) === none))
      .flatMap((tier) => {
        const [best, ...others] = [...tier].sort((a, b) => a.value! - b.value!);
        return others.map((other): ComparisonRow => {
          const gap = (other.value! - best!.value!) / best!.value!;
          const pValue = gap > 0.14 ? 0.0003 : gap > 0.1 ? 0.021 : 0.34;
          return {
            ...best!,
            baseline: other.method,
            difference: best!.value! - other.value!,
            pValue,
            populationPValue: pValue / 2,
            verdict: pValue <= 0.05 ? "improvement" : "no detectable change",
          };
        });
      });
  });
}

function map(encoder: string, random: Stream, methods: readonly string[]) {
  const cloud = (n: number, spread: number, shift: number) =>
    Array.from({ length: n }, () => {
      const arm = random.int(3);
      const angle = (arm * 2 * Math.PI) / 3;
      return [Math.cos(angle) + spread * random.normal() + shift, Math.sin(angle) + spread * random.normal()];
    });
  return {
    dataset: DATASET,
    encoder,
    explained: [0.12, 0.084],
    gold: cloud(400, 0.4, 0),
    panels: MODELS.flatMap((model) =>
      methods.map((method, i) => ({ model, method, points: cloud(400, 0.15 + 0.05 * i, 0.3 - 0.06 * i) })),
    ),
  };
}

function samples(model: string, method: string): Sample[] {
  const contexts = ["a cafe, with family, 4 stars", "a barber, alone, 2 stars", "a museum, on a rainy day, 5 stars"];
  return Array.from({ length: 12 }, (_, index) => {
    const failed = method === "persona" && index === 1;
    const text =
      method === "zero-shot" && index === 0
        ? HOSTILE
        : `I went there with my sister and we stayed for two hours. The ${method} of it: warm bread, slow service, and a window seat. Would I go again? Probably, on a weekday.`;
    return {
      id: `${DATASET}/${model}/${method}/0/${index}`,
      index,
      context: contexts[index % contexts.length]!,
      label: null,
      persona: method === "zero-shot" || method === "few-shot" ? null : `persona-${index + 3}`,
      exemplars: SEEN[method] === 0 ? [] : [`townsquare-${100 + index}`],
      promptHash: "0".repeat(64),
      text: failed ? null : text,
      raw: text,
      tokensIn: 80,
      tokensOut: 40,
      finish: failed ? "error" : "stop",
      error: failed ? { kind: "timeout", message: "no answer within 60 s" } : null,
    };
  });
}

function manifest(methods: readonly string[], limited: boolean): RunManifest {
  const can = {
    chat: true,
    completion: true,
    promptLogprobs: true,
    endLogprobs: false,
    seed: true,
    instructions: false,
  };
  const summaries: Readonly<Record<string, string>> = {
    mop: "K = 20 personas, N = 400 exemplars, top 4 of 8,000 pairs; 61 effective exemplars; stopped early at step 240",
    "mop-uniform": "K = 20 personas, N = 400 exemplars, weights uniform",
  };
  return {
    schema: 1,
    name: "quickstart",
    version: "0.1.0",
    config: {
      name: "quickstart",
      seed: 7,
      samples: 400,
      repeats: 3,
      primary: "fid",
      metrics: SHAPES.map(({ id }) => id),
      decoding: { temperature: 1, topP: 1, maxTokens: 120 },
    },
    metrics: metrics.names.map((id) => describeMetric(metrics.get(id))),
    configHash: "5f2b".repeat(16),
    seed: 7,
    limited: limited ? { samples: 40, only: null } : null,
    datasets: [
      {
        id: DATASET,
        title: "Town Square: generated reviews of places in a town",
        license: "MIT",
        locator: { generator: DATASET },
        parts: {
          train: { n: 4800, checksum: "ab12".repeat(16) },
          background: { n: 2400, checksum: "cd34".repeat(16) },
          gold: { n: 2400, checksum: "ef56".repeat(16) },
          reserve: { n: 2400, checksum: "0178".repeat(16) },
        },
        nearCopies: null,
        contexts: 30,
        asked: { n: 400, checksum: "23fe".repeat(16) },
        scoredAgainst: { n: 400, checksum: "45dc".repeat(16) },
        truth: true,
      },
    ],
    models: MODELS.map((id) => ({
      id,
      remark: "toy",
      can,
      description: { [DATASET]: { order: id === "embedded:small" ? 3 : 5, collapse: 0.35, heldOutPerplexity: 58.2 } },
    })),
    encoders: ENCODERS.map((id) => ({ id, description: { [DATASET]: { width: 128 } } })),
    methods: methods.map((id) => ({
      id,
      name: id,
      options: {},
      fits: MODELS.map((model) => ({
        dataset: DATASET,
        model,
        realTextsSeen: SEEN[id] ?? 0,
        summary: summaries[id] ?? "no fit",
      })),
    })),
    host: { platform: "linux x64", node: "v20.20.2", cpus: 2 },
    startedAt: "2026-11-22T10:00:00.000Z",
    finishedAt: "2026-11-22T10:01:05.000Z",
    seconds: { load: 1.2, fit: 11.8, generate: 21, embed: 8.4, score: 22.6 },
    calls: {
      generated: 12000,
      scored: 38400,
      chosen: 0,
      retries: 0,
      errors: 1,
      cached: 0,
      oldestCachedAt: null,
      tokensIn: 1_403_000,
      tokensOut: 612_000,
      usd: null,
      redacted: 0,
    },
    cells: MODELS.map((model) => {
      const cached = { cached: 100, oldestCachedAt: "2026-11-20T09:00:00.000Z" };
      const counts = { asked: 400, retried: 12, ...cached, reasoned: 40, failed: 1 };
      return { dataset: DATASET, model, method: "mop", repeat: 0, ...counts };
    }),
    warnings: ["personas: 100 shrinks to 20, a tenth of train."],
    exit: 0,
  };
}
