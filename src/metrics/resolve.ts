import { resolveItem } from "../config/named.ts";
import type { ConfigPath, ConfigSource } from "../config/source.ts";
import { InputError } from "../core/errors.ts";
import type { LazyRegistry } from "../core/lazy-registry.ts";
import type { Metric, MetricDefinition } from "./metric.ts";
import { alwaysComputed, GROUPS, selectMetrics } from "./select.ts";

/** Metrics as a config or a flag asks for them. */
export interface AskedMetrics {
  /** Each once, in the order asked for. */
  readonly asked: readonly Metric[];
  /** In every table beside them. */
  readonly everywhere: readonly Metric[];
  /** In every table whose data know the evidence they need. */
  readonly whereKnown: readonly Metric[];
}

/**
 * Finds metrics by id, group, or `{id: {options}, as: NAME}`. A group leaves out what the list names with options of its own.
 * @throws InputError with file, line and path for an unknown id, wrong options, two metrics of one id, and an id that is another
 * metric's or a group's
 */
export async function resolveMetrics(
  source: ConfigSource,
  registry: LazyRegistry<MetricDefinition>,
  values: readonly unknown[],
  path: ConfigPath,
): Promise<AskedMetrics> {
  const known = await registry.loaded();
  const bound = new Map<number, Metric>();
  for (const [i, value] of values.entries()) {
    if (typeof value === "string") continue;
    const item = await resolveItem(source, registry, value, [...path, i]);
    if (item.id !== item.name && known.has(item.id))
      throw source.error([...path, i], `the id \`${item.id}\` is another metric's; give another with \`as: NAME\`.`);
    if (item.id !== item.name && GROUPS.includes(item.id))
      throw source.error([...path, i], `the id \`${item.id}\` is a group's; give another with \`as: NAME\`.`);
    bound.set(i, known.get(item.name).with(item.bound.options, item.id));
  }
  const own = new Map<string, Metric>();
  for (const metric of bound.values()) if (!own.has(metric.id)) own.set(metric.id, metric);
  const asked = new Map<string, Metric>();
  for (const [i, value] of values.entries()) {
    const named = bound.get(i);
    const found = named === undefined ? selected(source, String(value), [...path, i], known) : [named];
    const alone = named !== undefined || known.has(String(value));
    for (const metric of found) {
      if (!alone && own.has(metric.id)) continue;
      const earlier = asked.get(metric.id) ?? own.get(metric.id) ?? metric;
      if (earlier !== metric)
        throw source.error(
          [...path, i],
          `a second metric with the id \`${metric.id}\`. Give one of them another id with \`as: NAME\`.`,
        );
      asked.set(metric.id, metric);
    }
  }
  const added = (where: NonNullable<Metric["always"]>) =>
    alwaysComputed(where, known).filter((metric) => !asked.has(metric.id));
  return { asked: [...asked.values()], everywhere: added("everywhere"), whereKnown: added("where known") };
}

function selected(
  source: ConfigSource,
  id: string,
  path: ConfigPath,
  known: Parameters<typeof selectMetrics>[1],
): readonly Metric[] {
  try {
    return selectMetrics([id], known);
  } catch (error) {
    throw error instanceof InputError ? source.error(path, error.message) : error;
  }
}

/** A metric as run.json and the config's hash have it: its id alone where it has its own and its default options. */
export function writtenMetric({ id, definition }: Metric, known: { get(id: string): MetricDefinition }) {
  const { options } = known.get(definition.id).definition;
  const plain = id === definition.id && JSON.stringify(options) === JSON.stringify(definition.options);
  return plain ? id : { id, name: definition.id, options: definition.options };
}
