import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../src/storage/package-root.ts";

const src = path.join(packageRoot(), "src");

/** The values that an entry of the package exports, with the files that they are defined in. */
function valuesOf(entry: string): readonly (readonly [name: string, file: string])[] {
  const text = readFileSync(path.join(src, entry), "utf8");
  return [...text.matchAll(/^export \{([^}]*)\} from "(\.[^"]+)"/gm)].flatMap(([, names = "", from = ""]) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "))
      .map((name) => [name, path.join(src, path.dirname(entry), from)] as const),
  );
}

/** The comment before an exported definition. */
function commentOf(name: string, file: string): string {
  const text = readFileSync(file, "utf8");
  const definition = text.search(new RegExp(`^export (?:async |abstract )?(?:function|class|const) ${name}\\b`, "m"));
  const before = text.slice(0, definition);
  return before.trimEnd().endsWith("*/") ? before.slice(before.lastIndexOf("/**")) : "";
}

describe.each(["index.ts", "testing/index.ts"])("what src/%s exports", (entry) => {
  it.each(valuesOf(entry))("%s has an example that one can paste", (name, file) => {
    expect(commentOf(name, file)).toMatch(/\* @example(?:\n \*)? \S/);
  });
});
