import type { LoadedConfig } from "../config/load.ts";
import { resolveItem, resolveList } from "../config/named.ts";
import { nearestName } from "../core/registry.ts";
import { CEILING, FLOOR } from "../core/result.ts";
import type { Metric } from "../metrics/metric.ts";
import { resolveMetrics } from "../metrics/resolve.ts";
import type { Registries } from "../plugins/compose.ts";
import type { Experiment } from "./experiment.ts";

/** Everything that a config names. */
type Names = Pick<Experiment, "datasets" | "models" | "methods" | "encoders" | "metrics" | "whereKnown" | "primary">;

/**
 * Finds what a config names in the registries and checks its options.
 * @throws InputError with file, line and path for unknown names, wrong options, equal ids, ids of reference rows, and a `primary`
 * that is not among the metrics
 */
export async function resolveNames({ source, config }: LoadedConfig, registries: Registries): Promise<Names> {
  const datasets = await resolveList(source, registries.datasets, config.datasets, ["datasets"]);
  const models = await resolveList(source, registries.models, config.models, ["models"]);
  const methods = await resolveList(source, registries.methods, config.methods, ["methods"]);
  const encoders =
    config.encoders !== undefined
      ? await resolveList(source, registries.encoders, config.encoders, ["encoders"])
      : [await resolveItem(source, registries.encoders, config.encoder ?? "embedded:lsa", ["encoder"])];
  for (const { id, path } of methods) {
    if ([CEILING, FLOOR].some((reference) => reference === id.toLowerCase()))
      throw source.error(path, `the id \`${id}\` is a reference row's; give another with \`as: NAME\`.`);
  }
  const found = await resolveMetrics(source, registries.metrics, config.metrics, ["metrics"]);
  const { asked, everywhere, whereKnown } = found;
  const primary = primaryOf({ source, config }, asked);
  return { datasets, models, methods, encoders, metrics: [...asked, ...everywhere], whereKnown, primary };
}

/** The metric that the headline is about: the one named, else the first. */
function primaryOf({ source, config }: Pick<LoadedConfig, "source" | "config">, asked: readonly Metric[]): Metric {
  const ids = asked.map(({ id }) => id);
  const wanted = config.primary ?? ids[0] ?? "";
  const primary = asked.find(({ id }) => id === wanted);
  if (primary !== undefined) return primary;
  const near = nearestName(wanted, ids);
  const hint = near === null ? "" : ` Did you mean \`${near}\`?`;
  throw source.error(["primary"], `\`${wanted}\` is not among the metrics.${hint} Allowed: ${ids.join(", ")}.`);
}
