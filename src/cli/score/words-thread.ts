import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { InterruptedError } from "../../core/errors.ts";
import type { Json } from "../../core/hash.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Progress } from "../../core/progress.ts";
import type { ResultRow } from "../../core/result.ts";
import { evidenceOf } from "../../metrics/evidence.ts";
import type { Metric } from "../../metrics/metric.ts";
import { metrics } from "../../metrics/registry.ts";
import { SampleSet } from "../../metrics/sample-set.ts";
import { SCORED, type ScoringOptions, STOPPED } from "../../scoring/score-pair.ts";
import { type TokenizerName, tokenizerNamed } from "../../text/tokenizer.ts";
import { Claims } from "./claims.ts";
import { GoldCache } from "./gold-cache.ts";
import { measureClaimed, measureKept } from "./measure.ts";
import type { Side } from "./side.ts";

/** What metrics of words need; cloned into the thread. */
export interface WordsTask {
  readonly synthetic: readonly string[];
  readonly gold: readonly string[];
  readonly exemplars: readonly string[] | null;
  readonly tokenizer: TokenizerName;
  /** Built-in metrics that need no embeddings, with their options. */
  readonly metrics: readonly WrittenMetric[];
  readonly seed: number;
  readonly subsamples: number;
  /** Where what is known of gold is kept. */
  readonly cacheDir: string;
  /** What the thread takes on once the words are done; null: nothing. */
  readonly apart: ApartTask | null;
}

/** Metrics of embeddings that this thread and another claim one by one. */
export interface ApartTask {
  readonly synthetic: Matrix;
  readonly gold: Matrix;
  readonly encoder: string;
  readonly encoderSettings: { readonly [key: string]: Json };
  /** Built-in ones, and the claims on them. */
  readonly metrics: readonly WrittenMetric[];
  readonly claims: SharedArrayBuffer;
}

/** A metric as it is handed to a thread. */
type WrittenMetric = Pick<Metric, "id" | "definition">;

/** Those of some metrics that a thread can compute: it loads no plug-ins. */
export function writtenMetrics(some: readonly Metric[]): WrittenMetric[] {
  return some.filter(({ definition }) => metrics.has(definition.id)).map(({ id, definition }) => ({ id, definition }));
}

function readMetric({ id, definition }: WrittenMetric): Metric {
  return metrics.get(definition.id).with(definition.options, id);
}

/** What the thread says. */
export type WordsMessage =
  | { readonly kind: "warn"; readonly message: string }
  | { readonly kind: "bar"; readonly label: string; readonly total: number }
  | { readonly kind: "advance"; readonly steps: number }
  | { readonly kind: "done" }
  | { readonly kind: "rows"; readonly rows: readonly ResultRow[] };

/** Texts times passes over them below which a thread takes longer to start than it saves. */
const MANY = 2500;

/**
 * The task of a thread for metrics of words; null where one would not end the command sooner.
 * @param processors how many there are to work on
 */
export function wordsTask(
  sides: { readonly synthetic: Side; readonly gold: Side; readonly exemplars: readonly string[] | null },
  words: readonly Metric[],
  options: { readonly seed: number; readonly subsamples: number; readonly tokenizer: TokenizerName },
  cacheDir: string,
  apart: ApartTask | null,
  processors: number = availableParallelism(),
): WordsTask | null {
  const { synthetic, gold, exemplars } = sides;
  const { seed, subsamples, tokenizer } = options;
  const slow = synthetic.size * (1 + subsamples) >= MANY && words.some((metric) => metric.slow);
  if (processors < 2 || !slow || synthetic.texts === null || gold.texts === null) return null;
  const named = writtenMetrics(words);
  if (named.length < words.length) return null;
  const texts = { synthetic: synthetic.texts, gold: gold.texts, exemplars };
  return { ...texts, tokenizer, metrics: named, seed, subsamples, cacheDir, apart };
}

/** Computes metrics of words, one row each, then what it can claim of the others. The same rows in whatever thread. */
export async function measureWords(task: WordsTask, progress: Progress, signal: AbortSignal): Promise<ResultRow[]> {
  const tokenizer = tokenizerNamed(task.tokenizer);
  const { exemplars } = task;
  const pair = {
    about: SCORED,
    synthetic: new SampleSet({ texts: task.synthetic, tokenizer }),
    gold: new SampleSet({ texts: task.gold, tokenizer }),
    metrics: task.metrics.map(readMetric),
    encoder: null,
    encoderSettings: {},
    evidence: evidenceOf(exemplars === null ? {} : { exemplars: () => exemplars }),
  };
  const { seed, subsamples, apart } = task;
  const options = { seed, subsamples, signal, progress };
  const cache = new GoldCache(task.cacheDir, progress);
  const rows = await measureKept(pair, options, cache);
  return apart === null ? rows : [...rows, ...(await measureApart(apart, options, cache))];
}

async function measureApart(apart: ApartTask, options: ScoringOptions, cache: GoldCache): Promise<ResultRow[]> {
  // Without their texts, which these metrics do not read: the file of what is known of gold is then this thread's alone.
  const sets = {
    synthetic: new SampleSet({ embeddings: apart.synthetic }),
    gold: new SampleSet({ embeddings: apart.gold }),
  };
  const { encoder, encoderSettings, claims } = apart;
  const keep = await cache.open(sets.gold);
  const rows = await measureClaimed(
    {
      about: SCORED,
      ...sets,
      metrics: apart.metrics.map(readMetric),
      encoder,
      encoderSettings,
      evidence: evidenceOf({}),
    },
    new Claims(claims),
    "from the last", // the other thread takes them from the first
    options,
  );
  await keep();
  return rows;
}

/** Computes metrics of words in a thread beside this one. */
export class WordsThread {
  /** @throws InterruptedError when stopped before its end. */
  readonly rows: Promise<readonly ResultRow[]>;
  readonly #worker: Worker;

  constructor(task: WordsTask, progress: Progress, signal: AbortSignal) {
    // A module of plain JavaScript, which the bundle has too: a thread does not inherit what runs TypeScript here.
    this.#worker = new Worker(new URL("./words-thread-entry.mjs", import.meta.url), { workerData: task, execArgv: [] });
    const stop = () => void this.stop();
    signal.addEventListener("abort", stop, { once: true });
    this.rows = new Promise((resolve, reject) => {
      let bar: ReturnType<Progress["bar"]> | null = null;
      this.#worker.on("message", (message: WordsMessage) => {
        if (message.kind === "warn") progress.warn(message.message);
        else if (message.kind === "bar") bar = progress.bar(message.label, message.total);
        else if (message.kind === "advance") bar?.advance(message.steps);
        else if (message.kind === "done") bar?.done();
        else resolve(message.rows);
      });
      this.#worker.on("error", reject);
      this.#worker.on("exit", () => {
        signal.removeEventListener("abort", stop);
        reject(new InterruptedError(STOPPED));
      });
    });
  }

  /** Ends the thread, whatever it does. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
