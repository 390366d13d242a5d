import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { optionRows } from "../config/option-rows.ts";
import { builtInRegistries } from "../plugins/built-in.ts";
import { withGeneratedBlocks } from "../plugins/pages.ts";
import { packageRoot } from "../storage/package-root.ts";
import { generatedFiles } from "./generated-files.ts";

const root = packageRoot();
const files = [...(await generatedFiles(root))];
const registries = builtInRegistries();

describe("what is made from the registries (make generate writes it)", () => {
  it("is the schema, the metrics, and the pages with marks", () => {
    const names = files.map(([file]) => file);
    const pages = ["methods", "mop", "datasets", "townsquare", "embedded-models", "metrics"];
    const models = ["README", "openai", "huggingface", "transformers", "gguf", "encoders"];
    const all = [...pages, ...models.map((name) => `models/${name}`)].map((name) => `docs/${name}.md`);
    for (const file of ["configs/schema.json", ...all]) expect(names).toContain(file);
  });

  it.each(files)("%s is as the registries say", async (file, text) => {
    expect(await readFile(path.join(root, file), "utf8")).toBe(text);
  });
});

describe("the pages of docs/", async () => {
  const names = (await readdir(path.join(root, "docs"), { recursive: true })).filter((name) => name.endsWith(".md"));
  const pages = await Promise.all(names.map((name) => readFile(path.join(root, "docs", name), "utf8")));
  const rows = new Set(pages.flatMap((page) => page.split("\n")));
  const kinds = (["methods", "models", "encoders", "datasets"] as const).map(
    (kind) => [kind, registries[kind].names] as const,
  );

  it.each(kinds)("list all %s", async (kind) => {
    expect(pages.some((page) => page.includes(`<!-- generated: ${kind} -->`))).toBe(true);
  });

  it.each(kinds.flatMap(([kind, all]) => all.map((name) => [kind.slice(0, -1), name] as const)))(
    "say of the %s `%s` what its options do",
    async (kind, name) => {
      const mark = `<!-- generated: options of ${kind} ${name} -->\n<!-- /generated -->`;
      const options = (await withGeneratedBlocks(mark, registries)).split("\n").slice(3, -1);
      expect(options.filter((row) => !rows.has(row) || row.endsWith("|  |"))).toEqual([]);
    },
  );

  const metrics = await registries.metrics.loaded();
  const ofMetrics = metrics.names.flatMap((id) => optionRows(metrics.get(id).options).map((row) => [id, ...row]));

  it.each(ofMetrics)("say of the metric `%s` what its option %s does", (id, option, standard, about) => {
    expect(about).not.toBe("");
    const cells = [`\`${id}\``, option, standard, about].map((cell) => cell.replaceAll("|", "\\|"));
    expect(rows).toContain(`| ${cells.join(" | ")} |`);
  });
});
