import { stringify } from "yaml";
import type { Stream } from "../../src/core/stream.ts";
import { damaged } from "./draws.ts";

/** What is written where something else belongs. */
const VALUES: readonly (() => unknown)[] = [
  ...[null, true, "", " ", 0, -0, -1, 0.5, 3, 1e308, -1e308, 5e-324, 2 ** 53, 1e21].map((value) => () => value),
  ...["1e3", "0x10", "4", "true", "null", ".nan", ".inf", "1e999", "-", "~", "&a", "*a", "!!js/function x"].map(
    (text) => () => text,
  ),
  ...["constructor", "toString", "__proto__", "valueOf", "hasOwnProperty"].map((name) => () => name),
  ...["embedded:small", "mop:3", "file:gone.csv", "embedded:", ":", "townsquare", "real", "all", "fid"].map(
    (name) => () => name,
  ),
  ...[
    ...["{NOPE}", "{", "{}", "{HOME:-x}"].map((name) => `$${name}`),
    "{{exemplars}}",
    "{{log context}}",
    "{{#each exemplars}}",
    "{{",
  ].map((text) => () => text),
  ...["\u202egpj", "é\u0301\u{1f600}", "\ud83d", "\0", "\u001b[31m", "a\nb", "/dev/zero", "../../etc", "."].map(
    (text) => () => text,
  ),
  () => "x".repeat(5000),
  () => [],
  () => ({}),
  () => [[[]]],
  () => ["a", "a"],
  () => [{ "zero-shot": {} }, { "zero-shot": {} }],
  () => ({ constructor: { prototype: { polluted: true } } }),
  () => JSON.parse('{"__proto__": {"polluted": true}}'),
  () => nested(70),
  () => Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`key${i}`, i])),
  () => Array.from({ length: 1200 }, (_, i) => `name${i}`),
];

const KEYS = ["constructor", "__proto__", "toString", "as", "<<", "", "seeed", "methods", "x".repeat(300), "0", "null"];

/** Text that is put between two lines. */
const LINES = [
  "a: &a [*a]",
  "a: &a [1]\nb: *a",
  "<<: 3",
  "<<: *nothing",
  "? [a, b]\n: c",
  "---",
  "...",
  "%YAML 1.1",
  "!!binary aGVsbG8=",
  "seed: !!js/function ''",
  "seed: 1\nseed: 1",
  "\tseed: 1",
  "seed: |\n  x",
  "'",
  '"',
  "[",
  "{",
  "}",
  "- - - - -",
  "# comment",
  "\ufeff",
  "\u0085\u2028",
  `${"[".repeat(300)}`,
  `x: ${"&a ".repeat(50)}1`,
];

function nested(levels: number): unknown {
  let value: unknown = "bottom";
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { in: value };
  return value;
}

/** A config with something wrong in its structure or its bytes, and what it is in words. */
export function mutatedConfig(
  config: unknown,
  random: Stream,
): { readonly how: string; readonly text: string | Uint8Array } {
  let value = config;
  const steps: string[] = [];
  const count = random.pick([0, 1, 1, 1, 2, 3]);
  for (let i = 0; i < count; i++) {
    const step = mutate(value, random);
    value = step.value;
    steps.push(step.how);
  }
  let text = written(value, random);
  if (count === 0 || random.int(4) === 0) {
    const lines = text.split("\n");
    const line = random.pick(LINES);
    const at = random.int(lines.length + 1);
    text = lines.toSpliced(at, 0, line).join("\n");
    steps.push(`line ${at}: ${JSON.stringify(line.slice(0, 40))}`);
  }
  if (random.int(8) > 0) return { how: steps.join("; "), text };
  const { how, bytes } = damaged(Buffer.from(text), random);
  return { how: [...steps, how].join("; "), text: bytes };
}

/** As YAML, or as JSON, which is YAML. */
function written(value: unknown, random: Stream): string {
  if (value === undefined) return "";
  if (random.int(4) === 0) return JSON.stringify(value);
  return stringify(value, { aliasDuplicateObjects: false });
}

/** Changes one place, drawn uniformly over the places that are there. */
function mutate(value: unknown, random: Stream): { readonly how: string; readonly value: unknown } {
  const path = random.pick(placesOf(value, []));
  const [kind, change] = random.pick(CHANGES);
  return { how: `${kind} at ${path.join(".") || "top"}`, value: changedAt(value, path, (old) => change(old, random)) };
}

const CHANGES: readonly (readonly [kind: string, change: (old: unknown, random: Stream) => unknown])[] = [
  ["another value", (_, random) => random.pick(VALUES)()],
  ["another value", (_, random) => random.pick(VALUES)()],
  ["another number", (old, random) => (typeof old === "number" ? old * 10 ** (random.int(80) - 20) : random.int(1e6))],
  ["as text", (old) => (typeof old === "object" ? JSON.stringify(old) : String(old))],
  ["in a list", (old) => [old]],
  ["in a mapping", (old) => ({ mop: old })],
  ["twice", (old) => (Array.isArray(old) ? [...old, ...old] : [old, old])],
  ["a letter lost", (old, random) => (typeof old === "string" ? cut(old, random) : null)],
  [
    "a key more",
    (old, random) =>
      isMapping(old) ? own([...Object.entries(old), [random.pick(KEYS), random.pick(VALUES)()]]) : random.pick(KEYS),
  ],
  ["a key less", (old, random) => (isMapping(old) ? own(lost(Object.entries(old), random)) : undefined)],
  ["a key renamed", (old, random) => (isMapping(old) ? own(renamed(Object.entries(old), random)) : random.pick(KEYS))],
  ["an item less", (old, random) => (Array.isArray(old) ? lost(old, random) : [])],
];

/** Own members alone, also `__proto__`. */
function own(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}

function lost<T>(items: readonly T[], random: Stream): readonly T[] {
  return items.length === 0 ? items : items.toSpliced(random.int(items.length), 1);
}

function renamed(entries: readonly [string, unknown][], random: Stream): readonly (readonly [string, unknown])[] {
  if (entries.length === 0) return entries;
  const at = random.int(entries.length);
  const [key, value] = entries[at]!;
  return entries.with(at, [random.int(2) === 0 ? cut(key, random) : random.pick(KEYS), value]);
}

function cut(text: string, random: Stream): string {
  const at = random.int(Math.max(1, text.length));
  return text.slice(0, at) + text.slice(at + 1);
}

function placesOf(value: unknown, path: readonly (string | number)[]): readonly (readonly (string | number)[])[] {
  const inner = Array.isArray(value)
    ? value.slice(0, 20).flatMap((item, i) => placesOf(item, [...path, i]))
    : isMapping(value)
      ? Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]))
      : [];
  return path.length > 10 ? [path] : [path, ...inner];
}

function changedAt(
  value: unknown,
  [first, ...rest]: readonly (string | number)[],
  change: (old: unknown) => unknown,
): unknown {
  if (first === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item, i) => (i === first ? changedAt(item, rest, change) : item));
  if (!isMapping(value)) return value;
  return own(Object.entries(value).map(([key, item]) => [key, key === first ? changedAt(item, rest, change) : item]));
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
