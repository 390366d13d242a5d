import { InputError } from "../core/errors.ts";
import { type Lazy, LazyRegistry } from "../core/lazy-registry.ts";
import type { DatasetDefinition } from "../data/dataset.ts";
import type { EncoderDefinition } from "../encoders/registry.ts";
import type { MethodDefinition } from "../methods/registry.ts";
import type { MetricDefinition } from "../metrics/metric.ts";
import type { ModelDefinition } from "../models/registry.ts";
import type { ReportFormat } from "../report/report-format.ts";
import { guarded } from "./guard.ts";
import { KINDS, type KindName } from "./kinds.ts";
import type { Plugin } from "./plugin.ts";

/** Everything that configs and flags can name, out of one or more plug-ins. */
export interface Registries {
  readonly datasets: LazyRegistry<DatasetDefinition>;
  readonly models: LazyRegistry<ModelDefinition>;
  readonly encoders: LazyRegistry<EncoderDefinition>;
  readonly methods: LazyRegistry<MethodDefinition>;
  readonly metrics: LazyRegistry<MetricDefinition>;
  readonly formats: LazyRegistry<ReportFormat>;
}

/**
 * Puts plug-ins together.
 * @param own those of mopbench itself: a fault in their code is a bug, one in others' code is said to be theirs
 * @throws InputError where two of them bring the same name
 */
export function composeRegistries(own: readonly Plugin[], others: readonly Plugin[] = []): Registries {
  const plugins = [...own, ...others];
  const trusted = new Set(own);
  const compose = <T>(kind: KindName, of: (plugin: Plugin) => readonly Lazy<T>[] | undefined): LazyRegistry<T> => {
    const { one } = KINDS[kind];
    const owners = new Map<string, string>();
    const entries = plugins.flatMap((plugin) =>
      (of(plugin) ?? []).map((entry) => {
        const owner = owners.get(entry.id);
        if (owner !== undefined)
          throw new InputError(
            `The plug-ins \`${owner}\` and \`${plugin.name}\` both bring the ${one} \`${entry.id}\`: leave one of them out.`,
          );
        owners.set(entry.id, plugin.name);
        return trusted.has(plugin) ? entry : guarded(plugin.name, kind, entry);
      }),
    );
    return new LazyRegistry(one, entries);
  };
  return {
    datasets: compose("datasets", ({ datasets }) => datasets),
    models: compose("models", ({ models }) => models),
    encoders: compose("encoders", ({ encoders }) => encoders),
    methods: compose("methods", ({ methods }) => methods),
    metrics: compose("metrics", ({ metrics }) => metrics),
    formats: compose("formats", ({ formats }) => formats),
  };
}
