import type { z } from "zod";
import { type JsonObject, toJsonObject } from "./hash.ts";
import { refuseVoid, type VoidOptions } from "./void-options.ts";

/**
 * What a config can name of some kind (dataset, model provider, encoder, method): documented options and a factory. One source
 * file, one test beside it, one line where its kind is registered.
 */
export interface Definition<Environment, Thing> {
  /** One sentence for docs, `--help` and errors. */
  readonly summary: string;
  /** More columns of its row in the docs, Markdown by heading: what the summary does not say. */
  readonly notes?: Readonly<Record<string, string>>;
  /** The options' schema: strict (an unknown key is an error), every field described, defaults inside. For configs/schema.json. */
  readonly options: z.ZodType;
  /**
   * Options whose values a config may take from the environment without giving them away: an address, fields of a request. What is
   * kept of them (run.json, caches, recordings) is `${NAME}` as written.
   */
  readonly byName?: readonly string[];
  /** `provider:TEXT` in a config is short for these options; absent: the name takes no text. */
  shorthand?(text: string): unknown;
  /**
   * Checks options and fills in defaults.
   * @param written those of `byName` that hold `${NAME}`, as written
   * @throws ZodError, whose issues the config loader turns into file, line and path.
   */
  bind(options: unknown, written?: JsonObject): Bound<Environment, Thing>;
}

/** A definition with its options checked. */
export interface Bound<Environment, Thing> {
  /** Options with defaults filled in: what run.json keeps. Never a secret: secrets are named, not held. */
  readonly options: JsonObject;
  /** The id in rows, folders and rules unless the config says `as`. */
  readonly defaultId: string;
  create(environment: Environment): Promise<Thing>;
}

/** What a definition is written as. `id` names the thing in rows (`embedded:small`, a file's stem, the method's name). */
export interface DefinitionOf<Options extends object, Environment, Thing> {
  readonly summary: string;
  readonly notes?: Readonly<Record<string, string>>;
  readonly options: z.ZodType<Options>;
  readonly byName?: readonly (string & keyof Options)[];
  /** Options that do nothing beside others: writing them is an error. */
  readonly voids?: readonly VoidOptions<Options>[];
  readonly shorthand?: (text: string) => unknown;
  readonly id: (options: Options) => string;
  /** `kept`: the options as they are kept, those of `byName` as written. */
  readonly create: (options: Options, environment: Environment, id: string, kept: JsonObject) => Thing | Promise<Thing>;
}

/** The thing's id in a run comes with its environment. */
export type Named<Environment> = Environment & { readonly id: string };

/** Makes the function that defines things of one kind out of typed options: `defineMethod`, `defineModel` ... */
export function definer<Environment, Thing>() {
  return <Options extends object>(
    spec: DefinitionOf<Options, Environment, Thing>,
  ): Definition<Named<Environment>, Thing> => ({
    summary: spec.summary,
    ...(spec.notes === undefined ? {} : { notes: spec.notes }),
    options: spec.options,
    ...(spec.byName === undefined ? {} : { byName: spec.byName }),
    ...(spec.shorthand === undefined ? {} : { shorthand: spec.shorthand }),
    bind(raw, written = {}) {
      const options = spec.options.parse(raw);
      const kept = { ...toJsonObject(options), ...written };
      refuseVoid(raw, options, spec.voids ?? []);
      return {
        options: kept,
        defaultId: spec.id(options),
        create: async (environment) => spec.create(options, environment, environment.id, kept),
      };
    },
  });
}
