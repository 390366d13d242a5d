import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";

describe("methods", () => {
  it("know no dataset and no truth: they import neither", async () => {
    const folders = [import.meta.dirname, path.join(import.meta.dirname, "..", "mop")];
    const lists = await Promise.all(
      folders.map(async (folder) =>
        (await readdir(folder, { recursive: true })).map((file) => path.join(folder, file)),
      ),
    );
    const sources = lists.flat().filter((file) => file.endsWith(".ts"));
    expect(sources.length).toBeGreaterThan(40);
    for (const file of sources) {
      const text = await readFile(file, "utf8");
      const imports = [...text.matchAll(/^(?:import|export)[^;]*?from "([^"]+)"/gmsu)].map(([, from]) => from);
      expect(
        imports.filter((from) => /\/(data|embedded|metrics|scoring|run)\//u.test(from ?? "")),
        file,
      ).toEqual([]);
    }
  });
});
