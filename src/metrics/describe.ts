import type { Better } from "../core/result.ts";
import type { Metric } from "./metric.ts";

/** What tables and charts say of a metric: it stands in run.json, so that a report needs no code of the plug-in that brought it. */
export interface MetricDescription {
  readonly id: string;
  readonly name: string;
  readonly meaning: string;
  readonly group: Metric["group"];
  readonly better: Better;
  /** null: without bound on that side. */
  readonly range: readonly [number | null, number | null];
  readonly source: string;
}

/** A metric's own words. */
export function describeMetric({ id, name, meaning, group, better, range, source }: Metric): MetricDescription {
  const [low, high] = range.map((x) => (Number.isFinite(x) ? x : null));
  return { id, name, meaning, group, better, range: [low ?? null, high ?? null], source };
}
