import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "../core/errors.ts";
import { checkRegular, unreadable } from "../storage/regular-file.ts";
import type { Plugin } from "./plugin.ts";
import { faultsOfShape } from "./shape.ts";

/** A plug-in as a config or a flag named it. */
export interface LoadedPlugin {
  /** As it was written: a path or a package's name. */
  readonly spec: string;
  readonly plugin: Plugin;
}

/**
 * Loads a plug-in: a file (`./mine.ts`, TypeScript too) by its path from `baseDir`, anything else as a package that is installed
 * there. It runs with all rights of this process: a config is trusted as much as the code it names.
 * @throws InputError when it is nowhere to be found, cannot be loaded, or its default export is no plug-in
 */
export async function loadPlugin(spec: string, baseDir: string): Promise<LoadedPlugin> {
  const file = isPath(spec) ? path.resolve(baseDir, spec) : packageFile(spec, baseDir);
  if (file === null)
    throw new InputError(
      `The plug-in package \`${spec}\` is not installed in ${baseDir} or above it: npm install ${spec}. A file is named by its path: ./${spec}`,
    );
  await checkRegular(file, `The plug-in ${spec}`).catch((error: unknown) => {
    if (error instanceof InputError) throw error;
    const known = unreadable(spec, error);
    throw known instanceof InputError
      ? new InputError(`The plug-in ${spec}: ${known.message}`, { cause: error })
      : known;
  });
  if (/\.[mc]?ts$/.test(file)) await readTypeScript();
  let found: unknown;
  try {
    found = exportOf(await import(pathToFileURL(file).href));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`The plug-in ${spec} cannot be loaded: ${why}`, { cause: error });
  }
  if (!isPlugin(found)) throw new InputError(`The plug-in ${spec}: ${whatIsWrong(found)}`);
  return { spec, plugin: found };
}

function isPath(spec: string): boolean {
  return /^\.{0,2}[/\\]/.test(spec) || path.isAbsolute(spec) || /\.[mc]?[jt]s$/.test(spec);
}

/** Where a package's main module lies, looked for from a folder upward; null where it is not installed. */
function packageFile(name: string, baseDir: string): string | null {
  try {
    return createRequire(path.join(baseDir, "config.yaml")).resolve(name);
  } catch {
    return moduleFile(name, baseDir);
  }
}

/** The same for a package that offers `import` alone, which `require.resolve` does not see. */
function moduleFile(name: string, baseDir: string): string | null {
  for (let folder = path.resolve(baseDir); ; folder = path.dirname(folder)) {
    const root = path.join(folder, "node_modules", name);
    const manifest = path.join(root, "package.json");
    if (existsSync(manifest)) {
      const { exports, main } = readManifest(manifest);
      return path.join(root, importTarget(exports) ?? main ?? "index.js");
    }
    if (folder === path.dirname(folder)) return null;
  }
}

function readManifest(file: string): { readonly exports?: unknown; readonly main?: string } {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputError(`${file} is no package.json that can be read. Install the package again.`, { cause: error });
  }
}

function importTarget(exports: unknown): string | null {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return null;
  for (const [key, value] of Object.entries(exports))
    if (key === "." || key === "import" || key === "node" || key === "default") {
      const target = importTarget(value);
      if (target !== null) return target;
    }
  return null;
}

/** Lets Node read TypeScript with tsx: as modules, and as CommonJS, which a folder without a package.json of `type: module` means. */
async function readTypeScript(): Promise<void> {
  (await import("tsx/cjs/api")).register();
  const inRepository = import.meta.url.endsWith(".ts"); // where tsx reads modules already
  if (!inRepository) (await import("tsx/esm/api")).register();
}

/** A module's default export; of CommonJS made from a module, that of the module. */
function exportOf(module: { readonly default?: unknown }): unknown {
  const found = module.default;
  return typeof found === "object" && found !== null && "default" in found ? found.default : found;
}

function isPlugin(value: unknown): value is Plugin {
  return faultsOfShape(value).length === 0;
}

function whatIsWrong(value: unknown): string {
  if (value === undefined)
    return "it has no default export. End the file with `export default definePlugin({ name, version, ... })`.";
  return `its default export is no plug-in (${faultsOfShape(value).join(" ")}). Make it with definePlugin({ name, version, ... }).`;
}
