import { stringify } from "yaml";
import { z } from "zod";

/** As much of a JSON schema as tells which values there are. */
interface Values {
  readonly type?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly anyOf?: readonly Values[] | undefined;
}

const values: z.ZodType<Values> = z.lazy(() =>
  z.object({
    type: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    anyOf: z.array(values).optional(),
  }),
);
const property = z.object({ description: z.string().optional(), default: z.unknown().optional() }).and(values);
const schemaOf = z.object({
  properties: z.record(z.string(), property).default({}),
  required: z.array(z.string()).default([]),
});

/** Name, default and description of each option of a schema, as Markdown for the cells of a table. */
export function optionRows(options: z.ZodType): readonly (readonly [name: string, standard: string, about: string])[] {
  const { properties, required } = schemaOf.parse(z.toJSONSchema(options, { io: "input", unrepresentable: "any" }));
  return Object.entries(properties).map(([name, { description = "", default: standard, ...schema }]) => [
    `\`${name}\``,
    required.includes(name) ? "needed" : defaultText(standard),
    `${description}${choices(schema, description)}`,
  ]);
}

/** As a config would write it. Nothing where the default is no value: then the description says what happens. */
function defaultText(value: unknown): string {
  const empty = typeof value === "object" && Object.keys(value ?? {}).length === 0;
  if (value === undefined || (empty && !Array.isArray(value))) return "";
  return `\`${stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trim()}\``;
}

/** The values that an option can have, where they are few and its description does not name them all. */
function choices(schema: Values, description: string): string {
  const all = valuesOf(schema);
  const named = (value: string) => description.split(/[^\w-]+/).includes(value);
  return all === null || all.every(named) ? "" : ` One of ${all.map((value) => `\`${value}\``).join(", ")}.`;
}

/** The values that a schema allows, null aside; null where they cannot be listed. */
function valuesOf(schema: Values): readonly string[] | null {
  if (schema.type === "null") return [];
  if (schema.enum !== undefined) return schema.enum.filter((value) => value !== null).map(String);
  if (schema.const !== undefined) return [String(schema.const)];
  const alternatives = schema.anyOf?.map(valuesOf) ?? [null];
  return alternatives.some((values) => values === null) ? null : alternatives.flatMap((values) => values ?? []);
}
