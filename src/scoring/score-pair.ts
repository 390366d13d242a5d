import { InterruptedError } from "../core/errors.ts";
import type { Json } from "../core/hash.ts";
import { pacer } from "../core/pace.ts";
import { type Progress, silent } from "../core/progress.ts";
import type { ResultRow } from "../core/result.ts";
import { Stream } from "../core/stream.ts";
import { evaluate } from "../metrics/evaluate.ts";
import type { EvidenceSource } from "../metrics/evidence.ts";
import type { Metric, MetricValue } from "../metrics/metric.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import { type Interval, noIntervalText, trialsInterval } from "./interval.ts";
import { keptTexts, randomSubsets, subsampleInterval, whyNoSubsamples } from "./subsampling.ts";

/** Two sets, and the metrics that hold one against the other. */
export interface ScoredPair {
  /** What the rows say of whose texts these are. */
  readonly about: Pick<ResultRow, "dataset" | "model" | "method" | "repeat">;
  readonly synthetic: SampleSet;
  readonly gold: SampleSet;
  readonly metrics: readonly Metric[];
  /** The encoder's id in rows, null for metrics of words. */
  readonly encoder: string | null;
  /** What the embeddings are, for the rows' settings. */
  readonly encoderSettings: { readonly [key: string]: Json };
  readonly evidence: EvidenceSource;
}

export interface ScoringOptions {
  readonly seed: number;
  /** Random subsamples for intervals; 0, as unless given: none. */
  readonly subsamples?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

/** Whose rows they are where no run made the texts. */
export const SCORED = { dataset: null, model: null, method: "synthetic", repeat: null } as const;

/** What scoring says when it is stopped. */
export const STOPPED = "Stopped before all metrics were computed; nothing was written.";

/**
 * The one scorer: runs, `mopbench score` and the library all come here, so equal sets, seeds and encoders give equal numbers.
 *
 * A metric's own randomness depends on the seed and the metric alone, not on whose texts are scored, so that folds and subsamples
 * are the same for all that is compared.
 * @returns one row a metric, in the order asked for
 * @throws InterruptedError when the user asks to stop
 */
export async function scorePair(pair: ScoredPair, options: ScoringOptions): Promise<ResultRow[]> {
  const { metrics, synthetic } = pair;
  const { seed, subsamples = 0, progress = silent } = options;
  if (metrics.length === 0) return [];
  const label = pair.encoder === null ? "metrics of words" : `metrics of ${pair.encoder}`;
  const spread = subsamples === 0 ? [] : metrics.filter((metric) => needsSubsamples(metric, synthetic.size));
  const bar = progress.bar(label, metrics.length + spread.length * subsamples);
  const valuesOf = (set: SampleSet, of: readonly Metric[]) =>
    metricValues({ ...pair, synthetic: set, metrics: of }, options, () => bar.advance());
  const whole = await valuesOf(synthetic, metrics);
  const random = Stream.root(seed).derive("subsamples");
  const parts = new Map<Metric, (number | null)[]>(spread.map((metric) => [metric, []]));
  for (const kept of new Set(spread.map((metric) => keptTexts(metric, synthetic.size)))) {
    const own = spread.filter((metric) => keptTexts(metric, synthetic.size) === kept);
    for (const part of randomSubsets(synthetic, subsamples, kept, random)) {
      const found = await valuesOf(part, own);
      own.forEach((metric, i) => void parts.get(metric)!.push(found[i]!.value));
    }
  }
  bar.done();
  const rows = metrics.map(async (metric, i) => {
    const { value } = whole[i]!;
    const { interval, why } =
      value === null || subsamples === 0
        ? { interval: null, why: null }
        : await intervalOf(metric, value, parts.get(metric) ?? [], synthetic.size);
    return rowOf(pair, metric, whole[i]!, interval, why);
  });
  return Promise.all(rows);
}

async function metricValues(
  { synthetic, gold, evidence, metrics }: ScoredPair,
  { seed, signal }: ScoringOptions,
  advance: () => void,
): Promise<MetricValue[]> {
  const input = { synthetic, gold, evidence };
  const random = Stream.root(seed).derive("score");
  const breathe = pacer(0);
  const found: MetricValue[] = [];
  for (const metric of metrics) {
    await breathe(); // lets a Ctrl-C in
    if (signal?.aborted) throw new InterruptedError(STOPPED);
    const [result] = await evaluate([metric], input, random);
    found.push(result!.value);
    advance();
  }
  return found;
}

function rowOf(
  { about, encoder, encoderSettings, synthetic, gold }: ScoredPair,
  metric: Metric,
  { value, reason, gold: target, settings }: MetricValue,
  interval: Interval | null,
  why: string | null,
): ResultRow {
  return {
    dataset: about.dataset,
    model: about.model,
    method: about.method,
    repeat: about.repeat,
    metric: metric.id,
    encoder,
    value,
    ciLow: interval?.low ?? null,
    ciHigh: interval?.high ?? null,
    n: synthetic.size,
    nGold: gold.size,
    gold: target ?? null,
    better: metric.better,
    reason: value === null ? (reason ?? "No value for these texts.") : why && noIntervalText(why),
    settings: { ...encoderSettings, ...settings, ...(interval === null ? {} : { interval: interval.kind }) },
  };
}

/** Independent trials need none: the texts themselves tell how sure their share is. */
function needsSubsamples(metric: Metric, n: number): boolean {
  return metric.trials !== true && whyNoSubsamples(metric, n) === null;
}

/** The interval of one set's value: from its texts if they are independent trials, else from its subsamples' values; or why none. */
async function intervalOf(
  metric: Metric,
  value: number,
  parts: readonly (number | null)[],
  n: number,
): Promise<{ readonly interval: Interval | null; readonly why: string | null }> {
  if (metric.trials) return { interval: trialsInterval([{ value, n }]), why: null };
  const why = whyNoSubsamples(metric, n);
  if (why !== null) return { interval: null, why };
  const interval = await subsampleInterval(value, parts, { kept: keptTexts(metric, n), n }, metric.range);
  return { interval, why: interval === null ? "the values of the subsamples do not differ" : null };
}
