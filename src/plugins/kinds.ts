import type { Plugin } from "./plugin.ts";

/** What a plug-in can bring: what errors call one of them, how it is made, and what it must have then. */
interface Kind {
  readonly one: string;
  readonly made: string;
  readonly needs: readonly string[];
}

/** What a definition of any kind has. */
const DEFINED = ["summary", "options", "bind"];

/** By the plug-in's own names. */
export const KINDS = {
  metrics: { one: "metric", made: "defineMetric", needs: [...DEFINED, "with", "compute"] },
  methods: { one: "method", made: "defineMethod", needs: DEFINED },
  models: { one: "model provider", made: "defineModel", needs: DEFINED },
  encoders: { one: "encoder", made: "defineEncoder", needs: DEFINED },
  datasets: { one: "dataset", made: "defineDataset", needs: DEFINED },
  formats: { one: "format", made: "an object { file, render }", needs: ["file", "render"] },
  commands: { one: "command", made: "an object { register }", needs: ["register"] },
} as const satisfies Record<KindName, Kind>;

/** The members of a plug-in that list things. */
export type KindName = Exclude<keyof Plugin, "name" | "version">;

const isFunction = (value: unknown) => typeof value === "function";

/** When a member of this name is what it should be; any other is a function. */
const SOUND: Readonly<Record<string, (value: unknown) => boolean>> = {
  summary: (value) => typeof value === "string",
  file: (value) => typeof value === "string" && value !== "",
  // By what it does: a plug-in may bring a zod of its own.
  options: (value) => typeof value === "object" && value !== null && isFunction(Reflect.get(value, "safeParse")),
};

/** What a thing of a kind lacks of what it must have, by name; none: it is one. */
export function lackingIn(kind: KindName, thing: unknown): readonly string[] {
  const needs: readonly string[] = KINDS[kind].needs;
  const holder = typeof thing === "object" && thing !== null ? thing : {};
  return needs.filter((need) => !(SOUND[need] ?? isFunction)(Reflect.get(holder, need)));
}
