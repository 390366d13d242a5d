import { InputError, MopbenchError } from "../core/errors.ts";
import type { Lazy } from "../core/lazy-registry.ts";
import { KINDS, type KindName, lackingIn } from "./kinds.ts";

/**
 * An entry of somebody else's plug-in: whatever goes wrong in its code, while it is loaded or later, is said to be the plug-in's,
 * in a sentence and with the place in its file. Errors that are meant for users (MopbenchError) pass as they are.
 */
export function guarded<T>(plugin: string, kind: KindName, entry: Lazy<T>): Lazy<T> {
  const { one, made } = KINDS[kind];
  const who = `The plug-in \`${plugin}\`, ${one} \`${entry.id}\``;
  return {
    id: entry.id,
    async load() {
      let thing: T;
      try {
        thing = await entry.load();
      } catch (error) {
        throw blamed(who, error, "cannot be loaded");
      }
      if (typeof thing !== "object" || thing === null)
        throw new InputError(`${who}: \`load\` gave ${thing === null ? "null" : typeof thing}. Make it with ${made}.`);
      const [lacking] = lackingIn(kind, thing);
      if (lacking !== undefined) throw new InputError(`${who}: it has no \`${lacking}\`. Make it with ${made}.`);
      return watched(thing, who);
    },
  };
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
