import { Registry } from "../core/registry.ts";
import type { Metric } from "./metric.ts";

/** Every metric, in the order tables show them: one line a family. */
const list: readonly Metric[] = [
  // alignment
  // diversity
  // honesty
];

/** The metrics by id. */
export const metrics = new Registry<Metric>("metric", Object.fromEntries(list.map((metric) => [metric.id, metric])));
