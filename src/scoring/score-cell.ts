import { pacer } from "../core/pace.ts";
import type { PopulationRecord } from "../core/record.ts";
import type { ResultRow } from "../core/result.ts";
import { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import { evaluate } from "../metrics/evaluate.ts";
import type { Metric, MetricInput, MetricOptions } from "../metrics/metric.ts";
import { embeddedSet, type GoldSide, type ScoredTexts } from "./scored-set.ts";

/** What every cell of a dataset is scored with. */
export interface ScoringGround {
  readonly dataset: string;
  readonly gold: GoldSide;
  readonly encoders: readonly Encoder[];
  readonly metrics: readonly Metric[];
  readonly options: MetricOptions;
  /** Labeled texts to train a classifier on; null without labels. */
  readonly train: MetricInput["train"];
  readonly seed: number;
}

/** Whose texts are scored, and what the honesty metrics need to know of it. */
export interface Scored {
  readonly model: string | null;
  readonly method: string;
  readonly repeat: number;
  readonly texts: ScoredTexts;
  readonly exemplars: MetricInput["exemplars"];
  readonly ownerTv: MetricInput["ownerTv"];
}

/**
 * The rows of one cell: metrics of words once (encoder null), metrics of embeddings once for each encoder, all against the first
 * n gold texts, n the number of texts scored.
 *
 * A metric's own randomness depends on the run's seed and the metric, not on the cell, so that projections and folds are the
 * same for all that is compared.
 */
export async function scoreTexts(ground: ScoringGround, scored: Scored): Promise<ResultRow[]> {
  const breathe = pacer(0);
  const rows: ResultRow[] = [];
  const random = Stream.root(ground.seed).derive("score", ground.dataset);
  const n = scored.texts.texts.length;
  if (n === 0) return emptyRows(ground, scored, "No call of this cell gave a text.");
  const groups = [
    { encoder: null, metrics: ground.metrics.filter((metric) => !metric.needs.embeddings) },
    ...ground.encoders.map((encoder) => ({ encoder, metrics: ground.metrics.filter((m) => m.needs.embeddings) })),
  ];
  for (const { encoder, metrics } of groups) {
    if (metrics.length === 0) continue;
    const input: MetricInput = {
      synthetic: await embeddedSet(scored.texts, encoder, ground.gold.tokenizer),
      gold: await ground.gold.set(n, encoder),
      exemplars: scored.exemplars,
      train: ground.train,
      ownerTv: scored.ownerTv,
      options: ground.options,
    };
    for (const metric of metrics) {
      await breathe();
      const [result] = await evaluate([metric], input, random);
      const { value, reason, gold, settings } = result!.value;
      rows.push({
        ...identity(ground, scored, metric, encoder),
        value,
        ciLow: null,
        ciHigh: null,
        n,
        nGold: n,
        gold: gold ?? null,
        better: metric.better,
        reason: value === null ? (reason ?? "No value for these texts.") : null,
        settings: { ...(encoder === null ? {} : { normalized: encoder.normalized, d: encoder.width }), ...settings },
      });
    }
  }
  return rows;
}

/** Rows without values, all with the same reason: a cell that was skipped. */
export function emptyRows(
  ground: Pick<ScoringGround, "dataset" | "metrics"> & { readonly encoders: readonly Pick<Encoder, "id">[] },
  scored: Pick<Scored, "model" | "method" | "repeat">,
  reason: string,
): ResultRow[] {
  return ground.metrics.flatMap((metric) =>
    (metric.needs.embeddings ? ground.encoders : [null]).map((encoder) => ({
      ...identity(ground, scored, metric, encoder),
      value: null,
      ciLow: null,
      ciHigh: null,
      n: 0,
      nGold: 0,
      gold: null,
      better: metric.better,
      reason,
      settings: {},
    })),
  );
}

/** Labeled texts of a part, or null when a label is missing. */
export function labeledTexts(records: readonly PopulationRecord[]): MetricInput["train"] {
  const labels = records.flatMap((record) => (record.context.label === null ? [] : [record.context.label]));
  if (labels.length === 0 || labels.length < records.length) return null;
  return { texts: records.map((record) => record.text), labels };
}

function identity(
  ground: Pick<ScoringGround, "dataset">,
  { model, method, repeat }: Pick<Scored, "model" | "method" | "repeat">,
  metric: Metric,
  encoder: Pick<Encoder, "id"> | null,
) {
  return { dataset: ground.dataset, model, method, repeat, metric: metric.id, encoder: encoder?.id ?? null };
}

const text = (value: string | number | null) => value ?? "";

/** Rows in the order of results.json, which depends on the ids alone: the row over repeats follows its repeats. */
export function sortRows(rows: readonly ResultRow[]): ResultRow[] {
  const keys = ["dataset", "model", "method", "metric", "encoder"] as const;
  return rows.toSorted((a, b) => {
    for (const key of keys) {
      const [x, y] = [text(a[key]), text(b[key])];
      if (x !== y) return x < y ? -1 : 1;
    }
    return (a.repeat ?? Number.POSITIVE_INFINITY) - (b.repeat ?? Number.POSITIVE_INFINITY);
  });
}
