import { InputError } from "../core/errors.ts";
import { type Registry, unknownName } from "../core/registry.ts";
import type { Metric, MetricDefinition } from "./metric.ts";
import { metrics } from "./registry.ts";

/** Names that stand for several metrics. */
export const GROUPS: readonly string[] = ["all", "alignment", "diversity", "honesty"];

/**
 * The metrics that ids name, in the order asked for and each once. `all`, `alignment`, `diversity` and `honesty` stand for
 * every metric of the registry or of that group, in the registry's order, but for those computed only by name.
 * @throws InputError for an unknown id, naming the nearest one.
 */
export function selectMetrics(ids: readonly string[], known: Registry<MetricDefinition> = metrics): Metric[] {
  const chosen = new Map<string, Metric>();
  for (const id of ids) {
    for (const metric of expand(id, known)) if (!chosen.has(metric.id)) chosen.set(metric.id, metric);
  }
  return [...chosen.values()];
}

function expand(id: string, known: Registry<MetricDefinition>): Metric[] {
  if (known.has(id)) return [known.get(id)];
  if (!GROUPS.includes(id)) throw new InputError(unknownName("metric", id, [...known.names, ...GROUPS]));
  const every = known.names.map((name) => known.get(name)).filter((metric) => metric.onlyByName !== true);
  return id === "all" ? every : every.filter((metric) => metric.group === id);
}

/** The metrics in every table of a kind, asked for or not, by id. */
export function alwaysComputed(
  where: NonNullable<Metric["always"]>,
  known: Registry<MetricDefinition> = metrics,
): Metric[] {
  return [...known.names]
    .sort()
    .map((id) => known.get(id))
    .filter((metric) => metric.always === where);
}
