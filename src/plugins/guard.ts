import { InputError, MopbenchError } from "../core/errors.ts";
import type { Lazy } from "../core/lazy-registry.ts";

/** What something of a plug-in must have, by the kind of thing it is. */
const MEMBERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  metric: { id: "string", options: "object", bind: "function", compute: "function" },
  method: { summary: "string", options: "object", bind: "function" },
  "model provider": { summary: "string", options: "object", bind: "function" },
  encoder: { summary: "string", options: "object", bind: "function" },
  dataset: { summary: "string", options: "object", bind: "function" },
  format: { file: "string", render: "function" },
  command: { register: "function" },
};

/** How each kind is made, for messages. */
const MADE_WITH: Readonly<Record<string, string>> = {
  metric: "defineMetric",
  method: "defineMethod",
  "model provider": "defineModel",
  encoder: "defineEncoder",
  dataset: "defineDataset",
  format: "{ file, render }",
  command: "{ register }",
};

/**
 * An entry of somebody else's plug-in: whatever goes wrong in its code, while it is loaded or later, is said to be the plug-in's,
 * in a sentence and with the place in its file. Errors that are meant for users (MopbenchError) pass as they are.
 * @param kind as registries say it
 */
export function guarded<T>(plugin: string, kind: string, entry: Lazy<T>): Lazy<T> {
  const who = `The plug-in \`${plugin}\`, ${kind} \`${entry.id}\``;
  return {
    id: entry.id,
    async load() {
      let thing: T;
      try {
        thing = await entry.load();
      } catch (error) {
        throw blamed(who, error, "cannot be loaded");
      }
      const lacking = lackingIn(kind, thing);
      if (lacking !== null)
        throw new InputError(`${who}: ${lacking} Make it with ${MADE_WITH[kind] ?? "definePlugin"}.`);
      return watched(thing, who);
    },
  };
}

function lackingIn(kind: string, thing: unknown): string | null {
  if (typeof thing !== "object" || thing === null) return `\`load\` gave ${thing === null ? "null" : typeof thing}.`;
  const members = new Map(Object.entries(thing));
  for (const [name, type] of Object.entries(MEMBERS[kind] ?? {}))
    if (typeof (members.get(name) ?? Reflect.get(thing, name)) !== type) return `it has no \`${name}\`.`;
  return null;
}

/** The same thing, and all that its functions give, with their faults blamed on it. What has no function is left as it is. */
function watched<T>(thing: T, who: string): T {
  if (typeof thing !== "object" || thing === null || !isWatchable(thing)) return thing;
  return new Proxy(thing, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      const fixed = Object.getOwnPropertyDescriptor(target, name);
      if (typeof value !== "function" || (fixed?.configurable === false && fixed.writable === false)) return value;
      return (...given: unknown[]) => {
        try {
          const result: unknown = Reflect.apply(value, target, given);
          if (!(result instanceof Promise)) return watched(result, who);
          return result.then(
            (found) => watched(found, who),
            (error: unknown) => {
              throw blamed(who, error);
            },
          );
        } catch (error) {
          throw blamed(who, error);
        }
      };
    },
  });
}

/** Objects with functions of their own or of a class; never data such as arrays, buffers and schemas. */
function isWatchable(thing: object): boolean {
  if (Array.isArray(thing) || ArrayBuffer.isView(thing) || thing instanceof Map || thing instanceof Set) return false;
  if ("_zod" in thing) return false;
  return ["bind", "create", "fit", "fill", "generate", "encode", "compute", "pool", "render", "register", "with"].some(
    (name) => name in thing,
  );
}

function blamed(who: string, error: unknown, what = "fails"): unknown {
  if (error instanceof MopbenchError || isAbort(error) || isZod(error)) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const place = error instanceof Error ? placeOf(error) : null;
  return new InputError(`${who} ${what}: ${message}${place === null ? "" : ` (${place})`}`, { cause: error });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** Wrong options: the config's reader says where they stand. */
function isZod(error: unknown): boolean {
  return error instanceof Error && error.name === "ZodError" && "issues" in error;
}

/** The first line of the stack. */
function placeOf({ stack }: Error): string | null {
  const [, place] = /\n\s+at (?:.*\()?(?:file:\/\/)?([^()\n]+:\d+:\d+)\)?/.exec(stack ?? "") ?? [];
  return place ?? null;
}
