import { type Interval, noIntervalText, trialsInterval } from "../../analysis/interval.ts";
import { keptTexts, randomSubsets, subsampleInterval, whyNoSubsamples } from "../../analysis/subsampling.ts";
import { InterruptedError } from "../../core/errors.ts";
import type { Json } from "../../core/hash.ts";
import type { Progress } from "../../core/progress.ts";
import type { ResultRow } from "../../core/result.ts";
import { Stream } from "../../core/stream.ts";
import { evaluate } from "../../metrics/evaluate.ts";
import type { EvidenceSource } from "../../metrics/evidence.ts";
import type { Metric, MetricInput, MetricValue } from "../../metrics/metric.ts";
import type { SampleSet } from "../../metrics/sample-set.ts";
import { Claims } from "./claims.ts";
import type { GoldCache } from "./gold-cache.ts";

/** Two sets to be compared by some metrics. */
export interface Comparison {
  readonly synthetic: SampleSet;
  readonly gold: SampleSet;
  readonly metrics: readonly Metric[];
  /** The encoder's id in rows, null for metrics of words. */
  readonly encoder: string | null;
  /** What the embeddings are, for the rows' settings. */
  readonly encoderSettings: { readonly [key: string]: Json };
  readonly evidence: EvidenceSource;
}

export interface MeasureOptions {
  readonly seed: number;
  /** Random subsamples for intervals; 0: none. */
  readonly subsamples: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** What a stopped command says. */
export const STOPPED = "Stopped before all metrics were computed; nothing was written.";

/**
 * `measure`, with what earlier processes kept of gold; keeps what is new.
 * @param shared metrics that another thread claims too: what it has not taken by the time the others are done is done here
 */
export async function measureKept(
  comparison: Comparison,
  options: MeasureOptions,
  cache: GoldCache,
  shared: { readonly metrics: readonly string[]; readonly claims: SharedArrayBuffer } | null = null,
): Promise<ResultRow[]> {
  const keep = await cache.open(comparison.gold);
  const own = comparison.metrics.filter(({ id }) => shared?.metrics.includes(id) !== true);
  const rows = await measure({ ...comparison, metrics: own }, options);
  if (shared !== null) {
    const metrics = comparison.metrics.filter(({ id }) => shared.metrics.includes(id));
    rows.push(
      ...(await measureClaimed({ ...comparison, metrics }, new Claims(shared.claims), "from the first", options)),
    );
  }
  await keep();
  return rows;
}

/** One row for each metric that could be claimed, one after the other from an end of the list. */
export async function measureClaimed(
  comparison: Comparison,
  claims: Claims,
  order: "from the first" | "from the last",
  options: MeasureOptions,
): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  const places = [...comparison.metrics.keys()];
  for (const i of order === "from the first" ? places : places.reverse()) {
    if (claims.take(i)) rows.push(...(await measure({ ...comparison, metrics: [comparison.metrics[i]!] }, options)));
  }
  return rows;
}

/** One row a metric, in the order asked for. @throws InterruptedError when the user asks to stop. */
export async function measure(comparison: Comparison, options: MeasureOptions): Promise<ResultRow[]> {
  const { metrics, synthetic, gold } = comparison;
  if (metrics.length === 0) return [];
  const label = comparison.encoder === null ? "metrics of words" : `metrics of ${comparison.encoder}`;
  const spread = options.subsamples === 0 ? [] : metrics.filter((metric) => needsSubsamples(metric, synthetic.size));
  const bar = options.progress.bar(label, metrics.length + spread.length * options.subsamples);
  const valuesOf = (set: SampleSet, of: readonly Metric[]) => values(comparison, set, of, options, () => bar.advance());
  const whole = await valuesOf(synthetic, metrics);
  const random = Stream.root(options.seed).derive("subsamples");
  const parts = new Map<Metric, (number | null)[]>(spread.map((metric) => [metric, []]));
  for (const kept of new Set(spread.map((metric) => keptTexts(metric, synthetic.size)))) {
    const own = spread.filter((metric) => keptTexts(metric, synthetic.size) === kept);
    for (const part of randomSubsets(synthetic, options.subsamples, kept, random)) {
      const found = await valuesOf(part, own);
      own.forEach((metric, i) => void parts.get(metric)!.push(found[i]!.value));
    }
  }
  bar.done();
  const rows = metrics.map(async (metric, i): Promise<ResultRow> => {
    const { value, reason, gold: target, settings } = whole[i]!;
    const { interval, why } =
      value === null || options.subsamples === 0
        ? { interval: null, why: null }
        : await intervalOf(metric, value, parts.get(metric) ?? [], synthetic.size);
    return {
      dataset: null,
      model: null,
      method: "synthetic",
      repeat: null,
      metric: metric.id,
      encoder: comparison.encoder,
      value,
      ciLow: interval?.low ?? null,
      ciHigh: interval?.high ?? null,
      n: synthetic.size,
      nGold: gold.size,
      gold: target ?? null,
      better: metric.better,
      reason: value === null ? (reason ?? "No value for these texts.") : why && noIntervalText(why),
      settings: {
        ...comparison.encoderSettings,
        ...settings,
        ...(interval === null ? {} : { interval: interval.kind }),
      },
    };
  });
  return Promise.all(rows);
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

async function values(
  { gold, evidence }: Comparison,
  synthetic: SampleSet,
  metrics: readonly Metric[],
  { seed, signal }: MeasureOptions,
  advance: () => void,
): Promise<MetricValue[]> {
  const input: MetricInput = {
    synthetic,
    gold,
    evidence,
  };
  const random = Stream.root(seed).derive("score");
  const found: MetricValue[] = [];
  for (const metric of metrics) {
    if (signal.aborted) throw new InterruptedError(STOPPED);
    const [result] = await evaluate([metric], input, random);
    found.push(result!.value);
    advance();
    await new Promise(setImmediate); // lets a Ctrl-C in
  }
  return found;
}
