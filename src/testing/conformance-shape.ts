import { builtInRegistries } from "../plugins/built-in.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { faultsOfShape } from "../plugins/shape.ts";

/** What things of each kind must have, and what makes them so. */
const KINDS = {
  metrics: { one: "metric", made: "defineMetric", needs: ["summary", "options", "bind", "with", "compute"] },
  methods: { one: "method", made: "defineMethod", needs: ["summary", "options", "bind"] },
  models: { one: "model", made: "defineModel", needs: ["summary", "options", "bind"] },
  encoders: { one: "encoder", made: "defineEncoder", needs: ["summary", "options", "bind"] },
  datasets: { one: "dataset", made: "defineDataset", needs: ["summary", "options", "bind"] },
  formats: { one: "format", made: "an object { file, render }", needs: ["file", "render"] },
  commands: { one: "command", made: "an object { register }", needs: ["register"] },
} as const;
const NAMES = ["metrics", "methods", "models", "encoders", "datasets", "formats", "commands"] as const;

const isFunction = (value: unknown) => typeof value === "function";

/** When a member of this name is what it should be; any other is a function. */
const SOUND: Readonly<Record<string, (value: unknown) => boolean>> = {
  summary: (value) => typeof value === "string",
  file: (value) => typeof value === "string" && value !== "",
  // By what it does: a plug-in may bring a zod of its own.
  options: (value) => typeof value === "object" && value !== null && isFunction(Reflect.get(value, "safeParse")),
};

/**
 * What is wrong with a plug-in before anything of it is run: unknown keys, names that are taken, what cannot be loaded, and what
 * was not made as its kind is made.
 */
export async function problemsOfShape(plugin: Plugin): Promise<readonly string[]> {
  const faults = faultsOfShape(plugin);
  if (faults.length > 0) return faults.map((fault) => `the plug-in: ${fault}`);
  const problems: string[] = [];
  const builtIn = builtInRegistries();
  for (const name of NAMES) {
    const { one, made, needs } = KINDS[name];
    const ids = new Set<string>();
    for (const { id, load } of plugin[name] ?? []) {
      const say = (problem: string) => problems.push(`${one} ${id}: ${problem}`);
      if (name !== "commands" && builtIn[name].has(id)) say("mopbench itself has one of this id; give it another.");
      if (ids.has(id)) say("the plug-in brings it twice.");
      ids.add(id);
      try {
        const lacking = lackingIn(await load(), needs);
        if (lacking.length > 0) say(`it has no ${lacking.join(", no ")}: make it with ${made}.`);
      } catch (error) {
        say(`it cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return problems;
}

function lackingIn(thing: unknown, needs: readonly string[]): readonly string[] {
  const holder = typeof thing === "object" && thing !== null ? thing : {};
  return needs.filter((need) => !(SOUND[need] ?? isFunction)(Reflect.get(holder, need))).map((need) => `\`${need}\``);
}
