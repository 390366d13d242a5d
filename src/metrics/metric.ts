import type { Json } from "../core/hash.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Better } from "../core/result.ts";
import type { Stream } from "../core/stream.ts";
import type { SampleSet } from "./sample-set.ts";

/** What the input must hold for a metric to have a value. */
export interface MetricNeeds {
  readonly texts?: boolean;
  readonly embeddings?: boolean;
  readonly labels?: boolean;
  /** The texts that prompts could show (memorization). */
  readonly exemplars?: boolean;
  /** The true personas. */
  readonly truth?: boolean;
}

/** What a metric sees: whole sets, p = gold, q = synthetic, of equal n unless the user allowed otherwise. */
export interface MetricInput {
  readonly synthetic: SampleSet;
  readonly gold: SampleSet;
  /** Texts the prompts could show; null: none, metrics say what they use instead. */
  readonly exemplars: readonly string[] | null;
  /** Labeled texts to train a classifier on (label-js); null: none. */
  readonly train: {
    readonly texts: readonly string[];
    readonly labels: readonly string[];
    /** From the same encoder as the sets'; without it the classifier reads words. */
    readonly embeddings?: Matrix | null;
  } | null;
  /** owner-tv: total variation to pi*(x) of each context asked for; null with a reason where it cannot be known. */
  readonly ownerTv: { readonly values: readonly number[] } | { readonly reason: string };
  readonly options: MetricOptions;
}

/** Options shared by metrics; each metric's docs say which it reads. */
export interface MetricOptions {
  /** Seed of MAUVE's clustering; the reference's default 25. */
  readonly mauveSeed: number;
  /** Neighbors of precision, recall, density, coverage: 5. */
  readonly neighbors: number;
  /** Clusters of share-js: 24. */
  readonly shareClusters: number;
}

export interface MetricValue {
  /** null with a `reason` where there is no value; never NaN. */
  readonly value: number | null;
  readonly reason?: string;
  /** The gold set's own value, for metrics whose `better` is `gold`. */
  readonly gold?: number | null;
  /** What the number depends on: k, bins, c, tokenizer, normalized, d ... */
  readonly settings?: { readonly [key: string]: Json };
}

/**
 * A metric: tables, docs and charts draw themselves from it. Corpus level: it sees both sets whole.
 * `compute` may throw nothing for sound input; what the input cannot give is `value: null` with a reason.
 */
export interface Metric {
  readonly id: string;
  readonly name: string;
  /** One sentence: what it measures, and what it misses. */
  readonly meaning: string;
  readonly group: "alignment" | "diversity" | "honesty";
  readonly better: Better;
  readonly range: readonly [number, number];
  readonly needs: MetricNeeds;
  /** Paper, section or reference implementation. */
  readonly source: string;
  /** Whether the floor `shuffled` (gold's words in random order) says something about it. */
  readonly floor: boolean;
  /**
   * The value is the share of synthetic texts with a property that each has or has not by itself, gold and exemplars given: texts
   * are independent trials then, and the interval is a binomial proportion's. Of other metrics it rests on the spread of values.
   */
  readonly trials?: true;
  /** Why no interval is given ("No interval: ..."), where neither repeats nor subsamples show how the value varies. */
  readonly noInterval?: string;
  /**
   * The share of the texts that a subsample keeps where one set alone must tell the spread (`score --subsamples`), in (0, 1); null:
   * subsamples do not tell it. A metric whose effect of one text depends on how many others there are needs another than usual.
   * @default 0.8
   */
  readonly subsampleShare?: number | null;
  /** Takes a second or so at some thousand texts: worth a thread of its own where there is one to spare. */
  readonly slow?: true;
  /** Takes long and shares little work with other metrics: a thread that has nothing left to do may take it over. */
  readonly apart?: true;
  /** In no group: computed only when named, since it costs several times what the others do. */
  readonly onlyByName?: true;
  compute(input: MetricInput, random: Stream): MetricValue | Promise<MetricValue>;
}
