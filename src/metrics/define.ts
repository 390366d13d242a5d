import { z } from "zod";
import { type JsonObject, toJsonObject } from "../core/hash.ts";
import type { Stream } from "../core/stream.ts";
import type { AboutMetric, Metric, MetricDefinition, MetricInput, MetricValue } from "./metric.ts";

/** What a metric is written as. */
export interface MetricSpec<Options extends object> extends AboutMetric {
  /** Strict, every field described, defaults inside: no options must do too. */
  readonly options: z.ZodType<Options>;
  compute(input: MetricInput, options: Options, random: Stream): MetricValue | Promise<MetricValue>;
}

const noOptions = z.strictObject({});
type NoOptions = z.output<typeof noOptions>;

/**
 * Defines a metric: its file exports what this returns, registry.ts lists it, and nothing else knows it.
 * Every option stands in the settings of rows with a value, whether `compute` puts it there or not.
 * @example
 * const words = defineMetric({
 *   id: "words", name: "Words", meaning: "Mean number of words; says nothing of which.", group: "honesty", better: "gold",
 *   range: [0, Number.POSITIVE_INFINITY], needs: { texts: true }, source: "this example", floor: false,
 *   notes: { defaults: "white space", edges: "none", notCopied: "-" },
 *   compute: ({ synthetic, gold }) => ({ value: meanWords(synthetic.texts), gold: meanWords(gold.texts) }),
 * });
 */
export function defineMetric<Options extends object>(spec: MetricSpec<Options>): MetricDefinition;
export function defineMetric(spec: Omit<MetricSpec<NoOptions>, "options">): MetricDefinition;
export function defineMetric<Options extends object>(
  spec: MetricSpec<Options> | Omit<MetricSpec<NoOptions>, "options">,
): MetricDefinition {
  return "options" in spec ? define(spec) : define({ ...spec, options: noOptions });
}

function define<Options extends object>(spec: MetricSpec<Options>): MetricDefinition {
  const { options: schema, compute, ...about } = spec;
  const bound = (raw: unknown, id = about.id): Metric => {
    const options = schema.parse(raw);
    const definition = { id: about.id, options: toJsonObject(options) };
    return {
      ...about,
      id,
      name: id === about.id ? about.name : `${about.name}, ${id}`,
      definition,
      compute(input, random) {
        const found = compute(input, options, random);
        return found instanceof Promise
          ? found.then((value) => saying(value, definition.options))
          : saying(found, definition.options);
      },
    };
  };
  return {
    ...bound({}),
    summary: about.meaning,
    options: schema,
    with: bound,
    bind(raw) {
      const { options } = bound(raw).definition;
      return { options, defaultId: about.id, create: async ({ id }) => bound(options, id) };
    },
  };
}

function saying(value: MetricValue, options: JsonObject): MetricValue {
  if (value.value === null || Object.keys(options).length === 0) return value;
  return { ...value, settings: { ...value.settings, ...options } };
}
