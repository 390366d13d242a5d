import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { metricsPage } from "../metrics/catalog.ts";
import { builtInRegistries } from "../plugins/built-in.ts";
import { withGeneratedBlocks } from "../plugins/pages.ts";
import { configJsonSchema } from "../run/config-schema.ts";

/**
 * Every file of the repository that is made from the registries, as it must be now, by its path from the root: the config's
 * schema, docs/metrics.md, and the pages of docs/ with generated blocks.
 */
export async function generatedFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const registries = builtInRegistries();
  const files = new Map<string, string>();
  files.set("configs/schema.json", `${JSON.stringify(await configJsonSchema(registries), null, 2)}\n`);
  files.set("docs/metrics.md", metricsPage(await registries.metrics.loaded()));
  for (const name of (await readdir(path.join(root, "docs"), { recursive: true })).sort()) {
    const file = `docs/${name.replaceAll(path.sep, "/")}`;
    if (!file.endsWith(".md") || files.has(file)) continue;
    const page = await readFile(path.join(root, file), "utf8");
    if (page.includes("<!-- generated: ")) files.set(file, await withGeneratedBlocks(page, registries));
  }
  return files;
}
