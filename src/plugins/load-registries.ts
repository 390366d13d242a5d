import { builtIn } from "./built-in.ts";
import { composeRegistries, type Registries } from "./compose.ts";
import { type LoadedPlugin, loadPlugin } from "./load.ts";
import type { Plugin } from "./plugin.ts";

/** A plug-in, or how to find one. */
export interface PluginSource {
  /** The plug-in itself, a file, or a package's name. */
  readonly spec: Plugin | string;
  /** A file's path is relative to it, a package is looked for there. */
  readonly baseDir: string;
}

/**
 * Everything that can be named: what is built in, and the plug-ins given.
 * @throws InputError as `loadPlugin`, and where two plug-ins bring the same name
 */
export async function loadRegistries(
  sources: readonly PluginSource[] = [],
): Promise<{ readonly registries: Registries; readonly plugins: readonly LoadedPlugin[] }> {
  const plugins: LoadedPlugin[] = [];
  for (const { spec, baseDir } of sources)
    plugins.push(typeof spec === "string" ? await loadPlugin(spec, baseDir) : { spec: spec.name, plugin: spec });
  return {
    registries: composeRegistries(
      builtIn,
      plugins.map(({ plugin }) => plugin),
    ),
    plugins,
  };
}
