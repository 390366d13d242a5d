import type { Stream } from "../core/stream.ts";
import { isMissing } from "./evidence.ts";
import type { Metric, MetricInput, MetricValue } from "./metric.ts";

/** A metric and what it found. */
export interface Evaluated {
  readonly metric: Metric;
  readonly value: MetricValue;
}

/**
 * Computes metrics one after the other on the same sets. What the input cannot give is `value: null` with the reason, and so is
 * a result that is not a finite number: JSON has no NaN. Each metric gets its own child of `random`, named by its
 * definition, so that adding a metric changes no other, and the same metric under another id draws the same.
 * @throws RangeError for sides with different tokenizers
 */
export async function evaluate(metrics: readonly Metric[], input: MetricInput, random: Stream): Promise<Evaluated[]> {
  if (input.synthetic.tokenizer !== input.gold.tokenizer)
    throw new RangeError("Both sides of a comparison need one tokenizer.");
  const results: Evaluated[] = [];
  for (const metric of metrics) {
    const lacking = missing(metric, input);
    const value: MetricValue =
      lacking === null
        ? finite(await metric.compute(input, random.derive("metric", metric.definition.id)))
        : { value: null, reason: lacking };
    results.push({ metric, value });
  }
  return results;
}

/** Why a metric has no value for this input, or null when the input holds all it needs. */
function missing(metric: Metric, input: MetricInput): string | null {
  const { synthetic, gold } = input;
  if (synthetic.size === 0) return "There are no synthetic texts.";
  if (gold.size === 0) return "There are no gold texts.";
  const { needs } = metric;
  if (needs.texts && (synthetic.texts === null || gold.texts === null))
    return `Needs the ${sidesWithout(synthetic.texts, gold.texts)} texts; only embeddings were given.`;
  if (needs.embeddings && (synthetic.embeddings === null || gold.embeddings === null))
    return `Needs embeddings of the ${sidesWithout(synthetic.embeddings, gold.embeddings)} texts: name an encoder or give them.`;
  if (needs.labels && (synthetic.labels === null || gold.labels === null))
    return `Needs a class label for each of the ${sidesWithout(synthetic.labels, gold.labels)} texts.`;
  const missing = needs.evidence?.map((name) => input.evidence(name)).find(isMissing);
  return missing?.reason ?? null;
}

function sidesWithout(synthetic: unknown, gold: unknown): string {
  if (synthetic === null && gold === null) return "synthetic and gold";
  return synthetic === null ? "synthetic" : "gold";
}

function finite(value: MetricValue): MetricValue {
  const ok = (x: number | null | undefined) => x === null || x === undefined || Number.isFinite(x);
  if (!ok(value.value)) return { ...value, value: null, reason: value.reason ?? `The result is ${value.value}.` };
  return ok(value.gold) ? value : { ...value, gold: null };
}
