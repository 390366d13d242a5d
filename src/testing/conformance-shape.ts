import { builtInRegistries } from "../plugins/built-in.ts";
import { KINDS, lackingIn } from "../plugins/kinds.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { faultsOfShape } from "../plugins/shape.ts";

const NAMES = ["metrics", "methods", "models", "encoders", "datasets", "formats", "commands"] as const;

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
    const { made } = KINDS[name];
    const one = name.slice(0, -1);
    const ids = new Set<string>();
    for (const { id, load } of plugin[name] ?? []) {
      const say = (problem: string) => problems.push(`${one} ${id}: ${problem}`);
      if (name !== "commands" && builtIn[name].has(id)) say("mopbench itself has one of this id; give it another.");
      if (ids.has(id)) say("the plug-in brings it twice.");
      ids.add(id);
      try {
        const lacking = lackingIn(name, await load()).map((need) => `\`${need}\``);
        if (lacking.length > 0) say(`it has no ${lacking.join(", no ")}: make it with ${made}.`);
      } catch (error) {
        say(`it cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return problems;
}
