import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";

describe("methods", () => {
  it("know no dataset and no truth: they import neither", async () => {
    const files = await readdir(import.meta.dirname, { recursive: true });
    const sources = files.filter((file) => file.endsWith(".ts"));
    expect(sources.length).toBeGreaterThan(40);
    for (const file of sources) {
      const text = await readFile(path.join(import.meta.dirname, file), "utf8");
      const imports = [...text.matchAll(/^(?:import|export)[^;]*?from "([^"]+)"/gmsu)].map(([, from]) => from);
      expect(
        imports.filter((from) => /\/(datasets|metrics|engine)\//u.test(from ?? "")),
        file,
      ).toEqual([]);
    }
  });
});
