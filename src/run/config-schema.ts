import { z } from "zod";
import { LONGEST_ID } from "../config/named.ts";
import { configSchema } from "../config/schema.ts";
import type { LazyRegistry } from "../core/lazy-registry.ts";
import type { Registries } from "../plugins/compose.ts";

/** A JSON schema, or a part of one. */
interface JsonSchema {
  readonly [key: string]: unknown;
}

/** What the shape of a plug-in tells a schema. */
interface Described {
  readonly summary: string;
  readonly options: z.ZodType;
  shorthand?(text: string): unknown;
}

/**
 * The config's JSON schema for editors: the schema that checks it, with every name of the registries and their options in place.
 * Written to configs/schema.json by `make generate`.
 */
export async function configJsonSchema(registries: Registries): Promise<JsonSchema> {
  const { $schema: _, ...schema } = toJson(configSchema);
  const properties: JsonSchema = isSchema(schema.properties) ? schema.properties : {};
  const encoder = await named(registries.encoders);
  const metricNames = [...registries.metrics.names, "all", "alignment", "diversity", "honesty"];
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "mopbench experiment",
    ...schema,
    properties: {
      ...properties,
      datasets: listOf(properties.datasets, await named(registries.datasets)),
      models: listOf(properties.models, await named(registries.models)),
      methods: listOf(properties.methods, await named(registries.methods)),
      encoder: { ...described(properties.encoder), ...encoder },
      encoders: listOf(properties.encoders, encoder),
      metrics: listOf(properties.metrics, {
        anyOf: [{ enum: metricNames }, ...(await withOptions(registries.metrics))],
      }),
    },
  };
}

/** `name`, `provider:text`, or `{name: options, as: ID}`. */
async function named(registry: LazyRegistry<Described>): Promise<JsonSchema> {
  const known = await registry.loaded();
  const forms = known.names.flatMap((name): JsonSchema[] => {
    const plugin = known.get(name);
    const short = plugin.shorthand !== undefined;
    const text: JsonSchema[] = short
      ? [{ type: "string", pattern: `^${name}:.`, maxLength: LONGEST_TEXT, description: plugin.summary }]
      : [];
    return [{ const: name, description: plugin.summary }, ...text, fullForm(name, plugin)];
  });
  return { anyOf: forms };
}

/** `{name: options, as: ID}` of each that has options. */
async function withOptions(registry: LazyRegistry<Described>): Promise<JsonSchema[]> {
  const known = await registry.loaded();
  return known.names.flatMap((name) => {
    const { properties } = toJson(known.get(name).options);
    return Object.keys(isSchema(properties) ? properties : {}).length === 0 ? [] : [fullForm(name, known.get(name))];
  });
}

function fullForm(name: string, plugin: Described): JsonSchema {
  return {
    type: "object",
    properties: { [name]: optionsOf(plugin, plugin.shorthand !== undefined), as: AS },
    required: [name],
    additionalProperties: false,
    description: plugin.summary,
  };
}

/** Of what stands behind a name, as `named` of config/schema.ts bounds it. */
const LONGEST_TEXT = 4096;

const AS = { type: "string", minLength: 1, maxLength: LONGEST_ID, description: "The id in rows, folders and rules." };

function optionsOf(plugin: Described, short: boolean): JsonSchema {
  const { $schema: _, ...schema } = toJson(plugin.options);
  const properties = isSchema(schema.properties) ? { ...schema.properties, as: AS } : { as: AS };
  const full = isSchema(schema.properties) ? { ...schema, properties } : schema;
  return { anyOf: [full, { type: "null" }, ...(short ? [{ type: "string", maxLength: LONGEST_TEXT }] : [])] };
}

function listOf(written: unknown, items: JsonSchema): JsonSchema {
  return { ...(isSchema(written) ? written : {}), items };
}

function described(written: unknown): JsonSchema {
  return isSchema(written) && typeof written.description === "string" ? { description: written.description } : {};
}

function toJson(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
