import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { boundedFetch } from "../src/http/bounded-fetch.ts";
import { packageRoot } from "../src/storage/package-root.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { type CompletionsServer, completionsServer } from "./support/completions-server.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

const root = packageRoot();
const read = (...file: readonly string[]) => readFileSync(path.join(root, ...file), "utf8");
const page = read("docs", "security.md");

describe("docs/security.md", () => {
  it("names tests that are there", () => {
    const named = [...page.matchAll(/`((?:src|tests)\/[\w/.-]+)`/g)].map(([, file = ""]) => file);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it("says which packages are stubs, and the lockfile takes them from vendor/ wherever they are asked for", () => {
    const rows = [...page.matchAll(/^\| `([\w@/-]+)` \| (\d[\d.]+) \|/gm)].map(([, name = "", version = ""]) => [
      name,
      version,
    ]);
    const manifest = z.object({ name: z.string(), version: z.string() });
    const stubs = readdirSync(path.join(root, "vendor")).map((folder) =>
      manifest.parse(JSON.parse(read("vendor", folder, "package.json"))),
    );
    const byName = (a: readonly string[], b: readonly string[]) => (a.join() < b.join() ? -1 : 1);
    expect(rows.sort(byName)).toEqual(stubs.map(({ name, version }) => [name, version]).sort(byName));
    const lock = z.object({ packages: z.record(z.string(), z.object({ resolved: z.string().optional() })) });
    const { packages } = lock.parse(JSON.parse(read("package-lock.json")));
    for (const { name } of stubs) {
      const places = Object.entries(packages).filter(([place]) => place.endsWith(`node_modules/${name}`));
      expect(places.map(([, { resolved }]) => resolved?.startsWith("vendor/"))).toEqual([true]);
    }
  });
});

describe("ids", () => {
  it("never become paths: a run writes into its own folder alone", async () => {
    const folder = testFolder({ "reviews.csv": reviewsCsv(100) });
    const before = await readdir(folder);
    const ids = ["../../outside", "/tmp/outside", "..", "a/../../../outside", "C:\\outside"];
    for (const id of ids) {
      const config = `{ datasets: [{ file: { path: ${JSON.stringify(path.join(folder, "reviews.csv"))}, text: review, context: topic }, as: ${JSON.stringify(id)} }],
        models: [{ embedded: small, as: ${JSON.stringify(id)} }], methods: [{ zero-shot: {}, as: ${JSON.stringify(id)} }],
        samples: 4, repeats: 1, metrics: [distinct] }`;
      const work = testFolder({ "c.yaml": config });
      const ended = await mopbench(["run", "c.yaml", "--out", "runs/out"], work);
      expect(ended.code, ended.stderr).toBe(0);
      const made = (await readdir(work)).filter((name) => name !== "cache");
      expect(made.sort(), id).toEqual(["c.yaml", "runs"]);
      expect(await readdir(path.join(work, "runs")), id).toEqual(["out"]);
      const cells = await readdir(path.join(work, "runs", "out", "cells"));
      expect(cells, id).toHaveLength(1);
      expect(cells[0]).toMatch(/^[\w.-]*[\w-][\w.-]*$/);
    }
    expect(await readdir(folder)).toEqual(before);
    expect(existsSync("/tmp/outside")).toBe(false);
  });
});

describe("the program", () => {
  it("starts no shell and no other program, and reads no text as code", () => {
    const src = path.join(root, "src");
    const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
      (file) => /\.ts$/.test(file) && !/\.test\.ts$/.test(file) && !/^testing/.test(file),
    );
    const code = (file: string) => readFileSync(path.join(src, file), "utf8").replace(/^\s*(?:\/?\*|\/\/).*$/gm, "");
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => /child_process|node:vm|new Function|\beval\(/.test(code(file)))).toEqual([]);
  });
});

describe("proxies", () => {
  let server: CompletionsServer;
  beforeAll(async () => {
    server = await completionsServer(tinyLlama());
  });
  afterAll(() => server.close());
  afterEach(() => vi.unstubAllEnvs());

  it("are ignored: a call goes to the address of the config", async () => {
    for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"]) vi.stubEnv(name, "http://127.0.0.1:9");
    vi.stubEnv("NODE_USE_ENV_PROXY", "1");
    const asked = { method: "POST", body: JSON.stringify({ model: "m", prompt: "a", max_tokens: 1 }) };
    const response = await boundedFetch({ model: "m", apiKeyEnv: null }, null)(`${server.baseUrl}/completions`, asked);
    expect(response.status).toBe(200);
    expect(server.requests).toHaveLength(1);
  });
});
