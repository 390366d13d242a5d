import { z } from "zod";
import { folderName } from "../core/cell.ts";
import type { Bound, Definition } from "../core/definition.ts";
import { InputError } from "../core/errors.ts";
import { type Json, type JsonObject, toJson } from "../core/hash.ts";
import type { LazyRegistry } from "../core/lazy-registry.ts";
import { listed, unknownName } from "../core/registry.ts";
import { shortened } from "../core/shortened.ts";
import { issueLines } from "./issues.ts";
import type { ConfigPath, ConfigSource } from "./source.ts";

/** One named thing of a config with its options checked. */
export interface Item<Environment, Thing> {
  /** The id of rows, folders and rules. */
  readonly id: string;
  /** The registry's name. */
  readonly name: string;
  readonly bound: Bound<Environment, Thing>;
  readonly path: ConfigPath;
}

/** Characters of an id at most. */
export const LONGEST_ID = 1000;

/** What a config wrote, before the registry is asked. */
interface Written {
  readonly name: string;
  /** Text after `provider:`, or given in place of options. */
  readonly text: string | null;
  readonly options: unknown;
  readonly optionsPath: ConfigPath;
  readonly as: string | null;
}

/**
 * Finds a list of named things in their registry and checks their options.
 * @throws InputError with file, line and path for an unknown name (with the nearest), wrong options, and equal ids.
 */
export async function resolveList<E, T>(
  source: ConfigSource,
  registry: LazyRegistry<Definition<E, T>>,
  values: readonly unknown[],
  path: ConfigPath,
): Promise<Item<E, T>[]> {
  const items: Item<E, T>[] = [];
  for (const [i, value] of values.entries()) items.push(await resolveItem(source, registry, value, [...path, i]));
  const folders = new Map<string, string>();
  for (const item of items) {
    const folder = folderName(item.id).toLowerCase(); // disks may not tell `a` from `A`, and a folder may be moved to one
    const known = folders.get(folder);
    if (known === item.id)
      throw source.error(
        item.path,
        `a second ${registry.kind} with the id \`${item.id}\`. Give one of them another id with \`as: NAME\`.`,
      );
    if (known !== undefined)
      throw source.error(
        item.path,
        `the ids \`${known}\` and \`${item.id}\` would share a folder. Give one of them another id with \`as: NAME\`.`,
      );
    folders.set(folder, item.id);
  }
  return items;
}

/** One named thing. @throws InputError as `resolveList`. */
export async function resolveItem<E, T>(
  source: ConfigSource,
  registry: LazyRegistry<Definition<E, T>>,
  value: unknown,
  path: ConfigPath,
): Promise<Item<E, T>> {
  const written = read(source, registry.kind, value, path);
  if (!registry.has(written.name)) throw source.error(path, unknownName(registry.kind, written.name, registry.names));
  const plugin = await registry.load(written.name);
  let options = written.options;
  if (written.text !== null) {
    if (plugin.shorthand === undefined)
      throw source.error(
        path,
        `the ${registry.kind} \`${written.name}\` takes no text after its name; found \`${shortened(written.text)}\`.`,
      );
    options = plugin.shorthand(written.text);
  }
  const bound = bind(source, plugin, options, written.text === null ? written.optionsPath : path);
  const id = written.as ?? bound.defaultId;
  return { id, name: written.name, bound, path };
}

function bind<E, T>(source: ConfigSource, plugin: Definition<E, T>, options: unknown, path: ConfigPath): Bound<E, T> {
  const written = writtenByName(source, plugin, options, path);
  try {
    return plugin.bind(options, written);
  } catch (error) {
    if (error instanceof z.ZodError) {
      const shown = typeof options === "object" ? { ...options, ...written } : options;
      throw new InputError(issueLines(source, path, shown, error, plugin.options));
    }
    if (error instanceof InputError) throw source.error(path, error.message);
    throw error;
  }
}

/** The options of `byName` that take something from the environment, as written. */
function writtenByName<E, T>(
  source: ConfigSource,
  { byName = [] }: Definition<E, T>,
  options: unknown,
  path: ConfigPath,
): JsonObject {
  const found: { [option: string]: Json } = {};
  for (const option of byName) {
    const [written, value] = [source.written, source.value].map((root) => valueAt(root, [...path, option]));
    // What a flag says stands in no source.
    const here = value !== undefined && JSON.stringify(valueAt(options, [option])) === JSON.stringify(value);
    if (here && JSON.stringify(written) !== JSON.stringify(value)) found[option] = toJson(written);
  }
  return found;
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function read(source: ConfigSource, kind: string, value: unknown, path: ConfigPath): Written {
  if (typeof value === "string") {
    const colon = value.indexOf(":");
    if (colon < 0) return { name: value, text: null, options: {}, optionsPath: path, as: null };
    return { name: value.slice(0, colon), text: value.slice(colon + 1), options: {}, optionsPath: path, as: null };
  }
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const names = entries.filter(([key]) => key !== "as");
  const named = names[0];
  if (named === undefined || names.length > 1) {
    const found = listed(names.map(([key]) => `\`${key}\``)) || "nothing";
    throw source.error(
      path,
      `found ${found}; allowed: one ${kind}, as \`name\`, \`provider:text\` or \`{name: {options}, as: ID}\`.`,
    );
  }
  const [name, given] = named;
  const outer = readAs(source, entries.find(([key]) => key === "as")?.[1], [...path, "as"]);
  if (typeof given === "string") return { name, text: given, options: {}, optionsPath: [...path, name], as: outer };
  if (given !== null && (typeof given !== "object" || Array.isArray(given)))
    throw source.error([...path, name], `found ${shortened(JSON.stringify(given))}; allowed: a mapping of options.`);
  const { as: within, ...options }: { as?: unknown } = given ?? {};
  const inner = readAs(source, within, [...path, name, "as"]);
  if (inner !== null && outer !== null) throw source.error([...path, "as"], "`as` is given twice; give it once.");
  return { name, text: null, options, optionsPath: [...path, name], as: inner ?? outer };
}

function readAs(source: ConfigSource, value: unknown, path: ConfigPath): string | null {
  if (value === undefined) return null;
  if (typeof value !== "string" || value === "" || value.length > LONGEST_ID)
    throw source.error(
      path,
      `found ${shortened(JSON.stringify(value))}; allowed: a text that is not empty, of ${LONGEST_ID} characters at most.`,
    );
  return value;
}
