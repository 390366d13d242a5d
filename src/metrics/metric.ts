import type { z } from "zod";
import type { Definition, Named } from "../core/definition.ts";
import type { Json, JsonObject } from "../core/hash.ts";
import type { Better } from "../core/result.ts";
import type { Stream } from "../core/stream.ts";
import type { EvidenceName, EvidenceSource } from "./evidence.ts";
import type { SampleSet } from "./sample-set.ts";

/** What the input must hold for a metric to have a value. */
export interface MetricNeeds {
  readonly texts?: boolean;
  readonly embeddings?: boolean;
  readonly labels?: boolean;
  /** Without any of these there is no value; what a metric can do without it may ask for all the same. */
  readonly evidence?: readonly EvidenceName[];
}

/** What a metric sees: whole sets, p = gold, q = synthetic, of equal n unless the user allowed otherwise. */
export interface MetricInput {
  readonly synthetic: SampleSet;
  readonly gold: SampleSet;
  /** What else is known where these sets are scored, by name. */
  readonly evidence: EvidenceSource;
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

/** What docs/metrics.md says of a metric beyond its meaning. */
export type MetricNotes = {
  readonly defaults: string;
  readonly edges: string;
  /** Faults and oddities of the reference that are not copied. */
  readonly notCopied: string;
};

/** How a value moves with each text of either side: the rate at which it grows as the text's share of its side grows. */
export interface Influence {
  /** Towards each row of a set as a synthetic text, up to a constant. */
  towards(set: SampleSet): Float64Array;
  /** Towards each text of gold as one of gold's, up to a constant. */
  towardsGold(): Float64Array;
}

/** What is known of a metric before it computes anything. Corpus level: it sees both sets whole. */
export interface AboutMetric {
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
  readonly notes: MetricNotes;
  /** Whether the floor `shuffled` (gold's words in random order) says something about it. */
  readonly floor: boolean;
  /** Computed whether asked for or not: everywhere, or where the evidence that it needs can be known. */
  readonly always?: "everywhere" | "where known";
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
  /**
   * For metrics whose lower values are better: how the value moves with each text, at the texts given (all together) and gold; null
   * where it has no derivative. With it tests of a difference need not compute the metric anew for thousands of sets.
   */
  influence?(texts: readonly SampleSet[], gold: SampleSet): Influence | null;
}

/**
 * A metric with its options chosen: tables, docs and charts draw themselves from it.
 * `compute` may throw nothing for sound input; what the input cannot give is `value: null` with a reason.
 */
export interface Metric extends AboutMetric {
  /** The definition's id, by which its randomness is named, and the options chosen. `id` is another where the config says `as`. */
  readonly definition: { readonly id: string; readonly options: JsonObject };
  compute(input: MetricInput, random: Stream): MetricValue | Promise<MetricValue>;
}

/** What a config can name: a metric with its default options, which can be bound to others. */
export interface MetricDefinition extends Metric, Omit<Definition<Named<object>, Metric>, "notes"> {
  /** The options' schema. */
  readonly options: z.ZodType;
  /** The metric with other options, under another id. @throws ZodError for options that the schema does not take. */
  with(options: unknown, id?: string): Metric;
}
