import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot, packageVersion } from "../storage/package-root.ts";
import { datasets, models } from "../testing/loaded.ts";
import manifest from "./package.json" with { type: "json" };
import { embedded } from "./plugin.ts";

const root = packageRoot();

/** What a file of code imports, types included. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(path.join(root, "src", file), "utf8");
  return [...text.matchAll(/(?:from|import\() ?"([^"]+)"/g)].map((found) =>
    found[1]!.startsWith(".") ? path.posix.join(path.posix.dirname(file), found[1]!) : found[1]!,
  );
}

const files = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll(path.sep, "/"))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
const inside = files.filter((file) => file.startsWith("embedded/"));

describe("the embedded world", () => {
  it("asks for the rest of mopbench in one file, and for packages that its manifest names", () => {
    const outside = inside
      .filter((file) => file !== "embedded/ports.ts" && !file.startsWith("embedded/testing/"))
      .flatMap((file) => importsOf(file).map((name) => ({ file, name })))
      .filter(({ name }) => !name.startsWith("embedded/") && !name.startsWith("node:"));
    expect(new Set(outside.map(({ name }) => name))).toEqual(new Set(Object.keys(manifest.dependencies)));
    expect(importsOf("embedded/ports.ts").every((name) => !name.startsWith("embedded/"))).toBe(true);
  });

  it("is imported by the list of plug-ins alone, as a plug-in", () => {
    const users = files.filter((file) => !inside.includes(file));
    const found = users.flatMap((file) => importsOf(file).map((name) => ({ file, name })));
    expect(found.filter(({ name }) => name.startsWith("embedded/"))).toEqual([
      { file: "plugins/built-in.ts", name: "embedded/plugin.ts" },
    ]);
  });

  it("is of mopbench's version, with the versions of packages that mopbench has", () => {
    const { dependencies }: { dependencies: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync(path.join(root, "package.json"), "utf8"),
    );
    for (const [name, version] of Object.entries(manifest.dependencies)) expect(dependencies[name]).toBe(version);
    expect(manifest.version).toBe(packageVersion());
    expect(embedded.version).toBe(manifest.version);
  });

  it("gives by its plug-in what a config can name", async () => {
    for (const { id, load } of embedded.datasets ?? []) expect(datasets.get(id)).toBe(await load());
    for (const { id, load } of embedded.models ?? []) expect(models.get(id)).toBe(await load());
  });
});
