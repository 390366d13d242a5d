import path from "node:path";
import { InputError } from "../core/errors.ts";
import { readGiven } from "../storage/regular-file.ts";
import { issueLines } from "./issues.ts";
import { type ConfigFile, configSchema } from "./schema.ts";
import { ConfigSource } from "./source.ts";
import { MOST_BYTES, tooLarge } from "./yaml-document.ts";

/** A config file read and checked against the schema; named things are resolved by the engine, which knows the registries. */
export interface LoadedConfig {
  readonly source: ConfigSource;
  readonly config: ConfigFile;
  /** `name`, or the file's stem. */
  readonly name: string;
  /** The config's folder: paths in it are relative to this. */
  readonly baseDir: string;
}

/**
 * Reads a YAML or JSON config.
 * @param file path, relative to `cwd`; messages show it as given
 * @throws InputError for a missing file, a pipe or device, more than 1 MB, bytes that are not UTF-8, broken YAML, unknown keys and
 * wrong values, each with file, line and path
 */
export async function loadConfig(
  file: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LoadedConfig> {
  const absolute = path.resolve(cwd, file);
  const bounds = { shown: file, most: MOST_BYTES, tooLarge: () => tooLarge(file, null) };
  const bytes = await readGiven(absolute, bounds);
  const source = new ConfigSource(file, decode(file, bytes), env);
  if (source.value === null || source.value === undefined)
    throw new InputError(
      `${file}: the config is empty. A small one has datasets, models and methods; see configs/quickstart.yaml.`,
    );
  return checkConfig(source, path.basename(file).replace(/\.[^.]*$/, ""), path.dirname(absolute));
}

/**
 * Checks a config against the schema.
 * @param name what the run is called where the config does not say
 * @param baseDir paths in it are relative to this
 * @throws InputError for unknown keys and wrong values, with line and path
 */
export function checkConfig(source: ConfigSource, name: string, baseDir: string): LoadedConfig {
  const checked = configSchema.safeParse(source.value);
  if (!checked.success) throw new InputError(issueLines(source, [], source.value, checked.error, configSchema));
  return { source, config: checked.data, name: checked.data.name ?? name, baseDir };
}

function decode(shown: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${shown}: not UTF-8. Save the file as UTF-8.`);
  }
}
