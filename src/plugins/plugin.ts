import type { Lazy } from "../core/lazy-registry.ts";
import type { DatasetDefinition } from "../data/dataset.ts";
import type { EncoderDefinition } from "../encoders/registry.ts";
import type { MethodDefinition } from "../methods/registry.ts";
import type { MetricDefinition } from "../metrics/metric.ts";
import type { ModelDefinition } from "../models/registry.ts";
import type { ReportFormat } from "../report/report-format.ts";
import type { Command } from "./command.ts";

/**
 * What one package or file adds to mopbench, each thing by the name that a config calls it. The built-in methods, models, encoders,
 * data sets and metrics are such a plug-in, the embedded world is another; a config names a user's own in `plugins`.
 */
export interface Plugin {
  /** Stands in run.json and in the config's hash, as the version does. */
  readonly name: string;
  readonly version: string;
  readonly metrics?: readonly Lazy<MetricDefinition>[];
  readonly methods?: readonly Lazy<MethodDefinition>[];
  readonly models?: readonly Lazy<ModelDefinition>[];
  readonly encoders?: readonly Lazy<EncoderDefinition>[];
  readonly datasets?: readonly Lazy<DatasetDefinition>[];
  readonly formats?: readonly Lazy<ReportFormat>[];
  /** Commands of the command line, by their first word; there with `mopbench --plugin FILE COMMAND`. */
  readonly commands?: readonly Lazy<Command>[];
}

/**
 * Says that something is a plug-in, so that its types are checked where it is written.
 * @example
 * export default definePlugin({
 *   name: "shouting",
 *   version: "1.0.0",
 *   metrics: [{ id: "shouting", load: async () => (await import("./shouting-metric.ts")).shouting }],
 * });
 */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
