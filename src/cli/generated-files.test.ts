import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../storage/package-root.ts";
import { generatedFiles } from "./generated-files.ts";

const root = packageRoot();
const files = [...(await generatedFiles(root))];

describe("what is made from the registries (make generate writes it)", () => {
  it("is the schema, the metrics, and the pages with marks", () => {
    const names = files.map(([file]) => file);
    for (const file of ["configs/schema.json", "docs/metrics.md", "docs/methods.md", "docs/models/README.md"])
      expect(names).toContain(file);
  });

  it.each(files)("%s is as the registries say", async (file, text) => {
    expect(await readFile(path.join(root, file), "utf8")).toBe(text);
  });
});
