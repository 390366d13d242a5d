import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { commands } from "../src/cli/commands/registry.ts";
import { packageRoot, packageVersion } from "../src/storage/package-root.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { completionsServer } from "./support/completions-server.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

const root = packageRoot();
const bin = path.join(root, "src", "cli", "mopbench.mjs");
const names = commands.map(({ id }) => id);

const coverage = z.object({ result: z.array(z.object({ url: z.string() })) });

/** Every file of code that a command loaded, in all its threads: what V8's coverage knows of. Paths from the package's root. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const folder = testFolder();
  const env = { ...process.env, NODE_V8_COVERAGE: folder };
  await promisify(execFile)(process.execPath, [bin, ...args], { env });
  const urls = readdirSync(folder).flatMap((name) => {
    const { result } = coverage.parse(JSON.parse(readFileSync(path.join(folder, name), "utf8")));
    return result.map(({ url }) => url).filter((url) => url.startsWith("file:"));
  });
  const files = urls.map((url) => path.relative(root, fileURLToPath(url.replace(/\?.*/, ""))));
  return [...new Set(files.map((file) => file.replaceAll(path.sep, "/")))];
}

/** The packages among loaded files. */
function packagesIn(files: readonly string[]): Set<string> {
  return new Set(files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));
}

/** The files of the embedded world that a run of this model on a file's data loads. */
async function worldLoadedFor(model: string): Promise<readonly string[]> {
  const config = `datasets:
  - file: { path: reviews.csv, text: review, context: topic }
models: [${model}]
methods: [zero-shot]
samples: 10
metrics: [distinct]
decoding: { maxTokens: 4 }
`;
  const folder = testFolder({ "reviews.csv": reviewsCsv(100), "config.yaml": config });
  const out = path.join(folder, "run");
  const files = await loadedBy("run", path.join(folder, "config.yaml"), "--out", out, "--no-cache", "--quiet");
  expect(files).toContain("src/run/run.ts");
  return files.filter((file) => file.startsWith("src/embedded/"));
}

describe("start-up", () => {
  it("loads a parser of flags and the commands' own files for --help, nothing that takes time to load", async () => {
    const files = await loadedBy("--help");
    expect(packagesIn(files)).toEqual(new Set(["tsx", "esbuild", "commander", "fastest-levenshtein"]));
    const ours = files.filter((file) => file.startsWith("src/"));
    expect(new Set(ours.map((file) => file.split("/")[1]))).toEqual(
      new Set(["cli", "config", "core", "storage", "text"]),
    );
    expect(ours.length).toBeLessThan(2 * names.length + 15);
  });

  it("loads the packages that a command needs, no others", async () => {
    const packages = packagesIn(await loadedBy("data", "list"));
    for (const needed of ["zod", "yaml"]) expect(packages).toContain(needed);
    for (const other of ["mathjs", "danfojs-node", "vega", "vega-lite", "openai", "libsql", "handlebars"])
      expect(packages).not.toContain(other);
  });

  it("loads nothing of the embedded world but its plug-in for a run that names none of it", async () => {
    const server = await completionsServer(tinyLlama());
    const loaded = await worldLoadedFor(`{ openai: { model: tiny, baseUrl: "${server.baseUrl}" } }`);
    await server.close();
    expect(loaded).toEqual(["src/embedded/plugin.ts"]);
  });

  it("loads an embedded model, and not the population, for a run that names the model", async () => {
    const loaded = await worldLoadedFor("embedded:small");
    expect(loaded).toContain("src/embedded/ngram/embedded.ts");
    expect(loaded.filter((file) => file.includes("townsquare"))).toEqual([]);
  });

  it("knows its version", async () => {
    expect(await mopbench(["--version"], root)).toEqual({ code: 0, stdout: `${packageVersion()}\n`, stderr: "" });
  });

  it.each(names)("%s --help, and that of what stands below it, has an example", async (name) => {
    const groups = await mopbench([name, "--help"], root);
    expect(groups.code).toBe(0);
    const below = [...groups.stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].map((found) => [name, found[1] ?? ""]);
    for (const command of below.length === 0 ? [[name]] : below) {
      const { code, stdout } = await mopbench([...command, "--help"], root);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}\$ mopbench /);
      expect(stdout).toContain("--quiet");
      expect(stdout).toContain("--json");
    }
  });
});
