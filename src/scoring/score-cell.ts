import type { ResultRow } from "../core/result.ts";
import type { Encoder } from "../encoders/encoder.ts";
import { evidenceOf, type Offered } from "../metrics/evidence.ts";
import type { Metric } from "../metrics/metric.ts";
import { scorePair } from "./score-pair.ts";
import type { ScoredCell } from "./scored-cell.ts";
import type { GoldSide } from "./scored-set.ts";

/** What every cell of a dataset is scored with. */
export interface ScoringContext {
  readonly dataset: string;
  readonly gold: GoldSide;
  readonly encoders: readonly Encoder[];
  readonly metrics: readonly Metric[];
  /** What the dataset tells metrics beside gold. */
  readonly evidence: Offered;
  readonly seed: number;
}

/** Whose texts are scored, and what is known of how they were made. */
export interface Scored {
  readonly model: string | null;
  readonly method: string;
  readonly repeat: number;
  readonly cell: ScoredCell;
  readonly evidence: Offered;
}

/**
 * The rows of one cell: metrics of words once (encoder null), metrics of embeddings once for each encoder, all against the first
 * n gold texts, n the number of texts scored.
 */
export async function scoreTexts(context: ScoringContext, scored: Scored): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  const n = (await scored.cell.texts()).texts.length;
  if (n === 0) return emptyRows(context, scored, "No call of this cell gave a text.");
  const { dataset, metrics, encoders, gold, seed } = context;
  const { model, method, repeat, cell } = scored;
  const evidence = evidenceOf({ ...context.evidence, ...scored.evidence });
  const groups = [
    { encoder: null, own: metrics.filter((metric) => !metric.needs.embeddings) },
    ...encoders.map((encoder) => ({ encoder, own: metrics.filter((metric) => metric.needs.embeddings) })),
  ];
  for (const { encoder, own } of groups) {
    if (own.length === 0) continue;
    const pair = {
      about: { dataset, model, method, repeat },
      synthetic: await cell.set(encoder, gold.tokenizer),
      gold: await gold.set(n, encoder),
      metrics: own,
      encoder: encoder?.id ?? null,
      encoderSettings: encoder === null ? {} : { normalized: encoder.normalized, d: encoder.width },
      evidence,
    };
    rows.push(...(await scorePair(pair, { seed })));
  }
  return rows;
}

/** Rows without values, all with the same reason: a cell that was skipped. */
export function emptyRows(
  context: Pick<ScoringContext, "dataset" | "metrics"> & { readonly encoders: readonly Pick<Encoder, "id">[] },
  scored: Pick<Scored, "model" | "method" | "repeat">,
  reason: string,
): ResultRow[] {
  return context.metrics.flatMap((metric) =>
    (metric.needs.embeddings ? context.encoders : [null]).map((encoder) => ({
      ...identity(context, scored, metric, encoder),
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

function identity(
  context: Pick<ScoringContext, "dataset">,
  { model, method, repeat }: Pick<Scored, "model" | "method" | "repeat">,
  metric: Metric,
  encoder: Pick<Encoder, "id"> | null,
) {
  return { dataset: context.dataset, model, method, repeat, metric: metric.id, encoder: encoder?.id ?? null };
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
