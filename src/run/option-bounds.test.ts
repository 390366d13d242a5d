import { expect, it } from "vitest";
import { builtInRegistries } from "../plugins/built-in.ts";
import { configJsonSchema } from "./config-schema.ts";

/** The one exception: whole numbers up to the largest that JSON keeps, which a seed may be: it costs what any other number costs. */
const SEED = /\.(seed|splitSeed)$/;

interface Free {
  readonly path: string;
  readonly what: string;
}

/** Every number without an upper bound, text without a longest length and list without a most of items, by its path. */
function unbounded(schema: unknown, path: string): readonly Free[] {
  if (typeof schema !== "object" || schema === null) return [];
  const of = (name: string): unknown => Reflect.get(schema, name);
  if (of("const") !== undefined || of("enum") !== undefined) return [];
  const within = [
    ...["anyOf", "oneOf", "allOf"].flatMap((key) => listOf(of(key)).flatMap((branch) => unbounded(branch, path))),
    ...unbounded(of("items"), `${path}[]`),
    ...unbounded(of("additionalProperties"), `${path}.*`),
    ...entriesOf(of("properties")).flatMap(([name, member]) => unbounded(member, `${path}.${name}`)),
  ];
  const most = Number(of("maximum") ?? of("exclusiveMaximum") ?? Number.POSITIVE_INFINITY);
  const free = {
    number: !(most < Number.MAX_SAFE_INTEGER) && !(SEED.test(path) && most === Number.MAX_SAFE_INTEGER),
    integer: !(most < Number.MAX_SAFE_INTEGER) && !(SEED.test(path) && most === Number.MAX_SAFE_INTEGER),
    string: of("maxLength") === undefined,
    array: of("maxItems") === undefined && of("prefixItems") === undefined,
  };
  const type = String(of("type"));
  const found = new Map(Object.entries(free)).get(type) === true ? [{ path, what: type }] : [];
  return [...found, ...within];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

const schema = await configJsonSchema(builtInRegistries());

it("every number of a config has an upper bound, every text a longest length, every list a most of items", () => {
  const found = unbounded(schema, "");
  expect(found.map(({ path, what }) => `${path}: ${what}`)).toEqual([]);
});

it("finds what has none", () => {
  const lacking = {
    properties: { a: { type: "array", items: { type: "number" } }, b: { anyOf: [{ type: "string" }] } },
  };
  expect(unbounded(lacking, "").map(({ path }) => path)).toEqual([".a", ".a[]", ".b"]);
  expect(unbounded({ properties: { seed: { type: "integer", maximum: 2 ** 53 - 1 } } }, "")).toEqual([]);
  expect(unbounded({ properties: { size: { type: "integer", maximum: 2 ** 53 - 1 } } }, "")).toHaveLength(1);
});
