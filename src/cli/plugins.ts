import type { Io } from "../core/io.ts";
import { builtIn } from "../plugins/built-in.ts";
import { composeRegistries, type Registries } from "../plugins/compose.ts";
import { type LoadedPlugin, loadPlugin } from "../plugins/load.ts";

/**
 * Everything that can be named: what is built in, the plug-ins of `--plugin`, and those of a config.
 * @param named plug-ins of the config, and the folder their paths are relative to
 * @throws InputError as `loadPlugin` and `composeRegistries`
 */
export async function registriesOf(
  io: Pick<Io, "plugins" | "cwd">,
  named: readonly string[] = [],
  baseDir: string = io.cwd,
): Promise<{ readonly registries: Registries; readonly plugins: readonly LoadedPlugin[] }> {
  const plugins: LoadedPlugin[] = [];
  for (const spec of io.plugins ?? []) plugins.push(await loadPlugin(spec, io.cwd));
  for (const spec of named) plugins.push(await loadPlugin(spec, baseDir));
  return { registries: composeRegistries([...builtIn, ...plugins.map(({ plugin }) => plugin)]), plugins };
}
