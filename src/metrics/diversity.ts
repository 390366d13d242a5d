import type { Json } from "../core/hash.ts";
import { defineMetric } from "./define.ts";
import type { NoValue } from "./evidence.ts";
import { derivedNumber } from "./memo.ts";
import type { MetricDefinition, MetricNotes } from "./metric.ts";
import type { SampleSet } from "./sample-set.ts";

/**
 * A metric of one set's words, whose target is the gold set's own value: people repeat themselves too. The value of each set is
 * computed once, however many others it is held against.
 */
export function diversityMetric(spec: {
  readonly id: string;
  readonly name: string;
  readonly meaning: string;
  readonly range: readonly [number, number];
  readonly source: string;
  readonly notes: MetricNotes;
  readonly floor: boolean;
  readonly noInterval?: string;
  readonly slow?: true;
  /** What the value depends on; both sets have one tokenizer. */
  readonly settings: (set: SampleSet) => { readonly [key: string]: Json };
  /** Raised when the value of the same set changes: old stored values are then forgotten. */
  readonly version?: number;
  readonly of: (set: SampleSet) => number | NoValue;
}): MetricDefinition {
  const ownValue = derivedNumber(`${spec.id}@${spec.version ?? 1}`, spec.of);
  return defineMetric({
    id: spec.id,
    name: spec.name,
    meaning: spec.meaning,
    group: "diversity",
    better: "gold",
    range: spec.range,
    needs: { texts: true },
    source: spec.source,
    notes: spec.notes,
    floor: spec.floor,
    ...(spec.noInterval === undefined ? {} : { noInterval: spec.noInterval }),
    ...(spec.slow ? { slow: spec.slow } : {}),
    compute({ synthetic, gold }) {
      const value = ownValue(synthetic);
      const target = ownValue(gold);
      const shared = { gold: typeof target === "number" ? target : null, settings: spec.settings(synthetic) };
      return typeof value === "number" ? { value, ...shared } : { value: null, reason: value.reason, ...shared };
    },
  });
}
