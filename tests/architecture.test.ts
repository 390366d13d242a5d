import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../src/storage/package-root.ts";

const root = packageRoot();

/** An import between two files of ours, by paths from `src`. */
interface Import {
  readonly from: string;
  readonly to: string;
}

/** The table of docs/architecture.md, `| layer | folder | what it holds |`: the layer of each folder or file of `src`. */
function layersOf(page: string): ReadonlyMap<string, number> {
  const rows = [...page.matchAll(/^\| (\d+) \| ((?:`src\/[\w.-]+`(?:, )?)+) \|/gm)];
  return new Map(
    rows.flatMap(([, layer, folders = ""]) =>
      [...folders.matchAll(/`src\/([\w.-]+)`/g)].map(([, folder = ""]) => [folder, Number(layer)] as const),
    ),
  );
}

/** All imports between the sources, types included; tests and declarations of other packages' types are none of them. */
function importsIn(files: readonly string[]): readonly Import[] {
  return files.flatMap((from) => {
    const text = readFileSync(path.join(root, "src", from), "utf8").replaceAll(/^ *\*.*$|^\/\*\*.*$/gm, "");
    return [...text.matchAll(/(\bfrom |\bimport |\bimport\()\s*"(\.[^"]+\.ts)"/g)].map(([, , target = ""]) => ({
      from,
      to: path.posix.join(path.posix.dirname(from), target),
    }));
  });
}

const topOf = (file: string) => file.split("/")[0]!;

/** The files of each circle of imports, in the order of the circle. */
function circlesOf(imports: readonly Import[]): readonly (readonly string[])[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0) circles.push([...way.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    for (const to of targets.get(file) ?? []) visit(to, [...way, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return circles;
}

const page = readFileSync(path.join(root, "docs", "architecture.md"), "utf8");
const layers = layersOf(page);
const files = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll(path.sep, "/"))
  .filter((file) => /\.ts$/.test(file) && !/\.(test|d|as)\.ts$/.test(file));
const imports = importsIn(files);

describe("the layers of docs/architecture.md", () => {
  it("hold every file, and no folder that is not there", () => {
    expect(layers.size).toBeGreaterThan(15);
    expect(files.filter((file) => !layers.has(topOf(file)))).toEqual([]);
    for (const folder of layers.keys()) expect(existsSync(path.join(root, "src", folder)), folder).toBe(true);
  });

  it("import downward, or within their own layer", () => {
    expect(imports.length).toBeGreaterThan(1000);
    expect(imports.filter(({ to }) => !files.includes(to))).toEqual([]);
    const layerOf = (file: string) => layers.get(topOf(file)) ?? Number.NaN;
    const upward = imports.filter(({ from, to }) => !(layerOf(from) >= layerOf(to)));
    expect(upward.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it("have no circle of files, types and what is loaded later included", () => {
    const circles = circlesOf(imports);
    expect(circles.map((circle) => circle.join(" -> "))).toEqual([]);
  });

  it("keep the mixture and the methods from data and metrics: what they know is what a run hands them", () => {
    const users = imports.filter(({ from }) => ["mop", "methods"].includes(topOf(from)));
    const known = new Set(users.map(({ to }) => topOf(to)));
    for (const other of ["data", "metrics", "scoring", "analysis"]) expect(known).not.toContain(other);
  });
});

describe("the way of one sample in docs/architecture.md", () => {
  const [, way = ""] = /## The way of one sample\n([\s\S]*?)\n## /.exec(page) ?? [];
  const named = [...way.matchAll(/`([\w/.-]+\.ts)`/g)].map(([, file = ""]) => file);

  it("names files that are there, each once", () => {
    expect(named.length).toBeGreaterThan(25);
    expect(named.filter((file) => !files.includes(file))).toEqual([]);
    expect(named.filter((file, i) => named.indexOf(file) !== i)).toEqual([]);
  });
});

describe("the machine's date", () => {
  it("is read where a date is meant; what lasts is measured by a clock that nobody sets", () => {
    const readers = files.filter((file) =>
      /\bDate\.now\b|\bnew Date\(\)/.test(readFileSync(path.join(root, "src", file), "utf8")),
    );
    expect(readers.sort()).toEqual([
      "api/prepare.ts",
      "http/failures.ts",
      "storage/atomic.ts",
      "testing/experiment.ts",
    ]);
  });
});

describe("circlesOf", () => {
  const way = (...names: readonly string[]) => names.slice(1).map((to, i): Import => ({ from: names[i]!, to }));

  it("finds a circle and says its way", () => {
    expect(circlesOf([...way("a", "b", "c"), ...way("c", "b"), ...way("d", "a")])).toEqual([["b", "c", "b"]]);
    expect(circlesOf([...way("a", "b", "d"), ...way("a", "c", "d")])).toEqual([]);
  });
});
