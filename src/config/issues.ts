import { z } from "zod";
import { nearestName } from "../core/registry.ts";
import { shortened } from "../core/shortened.ts";
import type { ConfigPath, ConfigSource } from "./source.ts";

/** One problem of a config, or of options: where it stands and what to say. */
export interface Problem {
  readonly path: ConfigPath;
  readonly message: string;
  readonly at: "value" | "key";
}

/**
 * Zod's issues as lines of `file:line:column: path: what was found; what is allowed`, one a problem.
 * @param base where the checked value stands in the config
 * @param schema the schema that found them: its keys give the nearest name of an unknown one
 */
export function issueLines(
  source: ConfigSource,
  base: ConfigPath,
  value: unknown,
  error: z.ZodError,
  schema: z.ZodType,
): readonly string[] {
  const { shown, more } = issueProblems(value, error, schema);
  const lines = shown.map(({ path, message, at }) => source.line([...base, ...path], message, at));
  return [...lines, ...(more === 0 ? [] : [`${source.file}: ${more} more such problems.`])];
}

/** Zod's issues in the words of `issueLines`, without a file: the first twenty, and how many more there are. */
export function issueProblems(
  value: unknown,
  error: z.ZodError,
  schema: z.ZodType,
): { readonly shown: readonly Problem[]; readonly more: number } {
  const known = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const single = tightest(error.issues.flatMap(oneEach));
  const shown = single.slice(0, MOST_SHOWN).flatMap((issue) => describe(issue, value, known));
  return { shown, more: Math.max(0, single.length - MOST_SHOWN) };
}

/** Problems that a message lists at most; whoever has more of them has one mistake many times. */
const MOST_SHOWN = 20;

/** An issue of several keys as an issue each. */
function oneEach(issue: Issue): readonly Issue[] {
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue];
}

type Issue = z.core.$ZodIssue;

/** Issues without the wider of two bounds that one number breaks: zod's of all whole numbers, beside an option's own. */
function tightest(issues: readonly Issue[]): readonly Issue[] {
  const own = new Map<string, Issue>();
  const placeOf = ({ code, path }: Issue) => [code, ...path.map(String)].join("\n");
  for (const issue of issues) {
    const other = own.get(placeOf(issue));
    if (other === undefined || isWithin(issue, other)) own.set(placeOf(issue), issue);
  }
  return issues.filter((issue) => !isWithin(own.get(placeOf(issue))!, issue));
}

function isWithin(issue: Issue, other: Issue): boolean {
  if (issue.code === "too_big" && other.code === "too_big") return issue.maximum < other.maximum;
  return issue.code === "too_small" && other.code === "too_small" && issue.minimum > other.minimum;
}

function describe(issue: Issue, root: unknown, known: unknown): Problem[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  const found = show(at(root, path));
  if (issue.code === "unrecognized_keys") {
    const names = keysAt(known, path);
    return issue.keys.map((key) => {
      const near = nearestName(key, names);
      const hint = near === null ? "" : ` Did you mean \`${near}\`?`;
      const allowed =
        names.length === 0 ? "No key is allowed here: leave it out." : `Allowed here: ${names.join(", ")}.`;
      return { path: [...path, key], message: `unknown key.${hint} ${allowed}`, at: "key" };
    });
  }
  if (issue.code === "invalid_union") {
    // The branch whose problems lie deepest is the one the user meant; when none goes deeper, all of them are allowed.
    const deepest = issue.errors.filter((branch) => branch.some((inner) => inner.path.length > 0))[0];
    if (deepest !== undefined)
      return tightest(deepest.flatMap(oneEach))
        .slice(0, MOST_SHOWN)
        .flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }, root, known));
    const allowed = issue.errors.flatMap((branch) => tightest(branch).map((inner) => allowedBy(inner)));
    return [{ path, message: `found ${found}; allowed: ${[...new Set(allowed)].join(", or ")}.`, at: "value" }];
  }
  if (issue.code === "custom") return [{ path, message: issue.message, at: "value" }];
  if (at(root, path) === undefined) return [{ path, message: `missing; it must be ${allowedBy(issue)}.`, at: "value" }];
  return [{ path, message: `found ${found}; allowed: ${allowedBy(issue)}.`, at: "value" }];
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["string", "a text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["object", "a mapping of keys to values"],
  ["record", "a mapping of keys to values"],
  ["null", "null"],
  ["tuple", "a list"],
]);

function allowedBy(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPES.get(issue.expected) ?? issue.expected;
    case "invalid_value":
      return issue.values.map((value) => JSON.stringify(value)).join(", ");
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    case "invalid_format":
      return issue.pattern === undefined ? `a ${issue.format}` : `a text of the form ${issue.pattern}`;
    default:
      return issue.message;
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === "string")
    return limit === 1 && relation === "at least" ? "a text that is not empty" : `${relation} ${limit} characters`;
  if (origin === "array" || origin === "set") return `${relation} ${limit} ${limit === 1 ? "item" : "items"}`;
  return `${relation} ${limit}`;
}

/** The value as a user would recognize it, shortened. */
function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null)
    return `a mapping with ${shortened(Object.keys(value).slice(0, 20).join(", ")) || "no keys"}`;
  return shortened(typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : String(value));
}

function at(root: unknown, path: ConfigPath): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
  }
  return value;
}

/** Every key that some branch of a JSON schema knows at a path. */
function keysAt(schema: unknown, path: ConfigPath): string[] {
  let nodes = branches(schema);
  for (const part of path) {
    nodes = nodes.flatMap((node) => {
      const child =
        typeof part === "number"
          ? Reflect.get(node, "items")
          : (member(node, "properties", part) ?? Reflect.get(node, "additionalProperties"));
      return branches(child);
    });
  }
  const keys = nodes.flatMap((node) => Object.entries(asObject(Reflect.get(node, "properties")) ?? {}));
  return [...new Set(keys.flatMap(([key, member]) => (member.deprecated === true ? [] : [key])))];
}

function branches(schema: unknown): object[] {
  const node = asObject(schema);
  if (node === null) return [];
  const inner = ["anyOf", "oneOf", "allOf"].flatMap((key) => {
    const list: unknown = Reflect.get(node, key);
    return Array.isArray(list) ? list.flatMap(branches) : [];
  });
  return [node, ...inner];
}

function member(node: object, key: string, name: string): unknown {
  const holder = asObject(Reflect.get(node, key));
  return holder === null || !Object.hasOwn(holder, name) ? undefined : Reflect.get(holder, name);
}

function asObject(value: unknown): object | null {
  return typeof value === "object" && value !== null ? value : null;
}
