import type { Io } from "../core/io.ts";
import { loadRegistries } from "../plugins/load-registries.ts";

/**
 * Everything that can be named: what is built in, the plug-ins of `--plugin`, and those of a config.
 * @param named plug-ins of the config, and the folder their paths are relative to
 * @throws InputError as `loadRegistries`
 */
export function registriesOf(
  io: Pick<Io, "plugins" | "cwd">,
  named: readonly string[] = [],
  baseDir: string = io.cwd,
): ReturnType<typeof loadRegistries> {
  const ofFlags = (io.plugins ?? []).map((spec) => ({ spec, baseDir: io.cwd }));
  return loadRegistries([...ofFlags, ...named.map((spec) => ({ spec, baseDir }))]);
}
