import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Results } from "../src/core/result.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { reviewsCsv, TINY_CONFIG } from "./support/tiny-experiment.ts";

const folder = testFolder({ "tiny.yaml": TINY_CONFIG, "reviews.csv": reviewsCsv(500) });

const read = (...names: string[]) => readFile(path.join(folder, ...names), "utf8");

describe("mopbench run", () => {
  it("goes from a config to a report", async () => {
    const { code, stdout, stderr } = await mopbench(["run", "tiny.yaml", "--out", "first"], folder);
    expect(stderr).not.toMatch(/error/i);
    expect(code).toBe(0);
    expect(stdout).toContain("judged by embedded:lsa");
    expect(stdout.trimEnd().endsWith(path.join("first", "report", "index.html"))).toBe(true);
    expect(await read("first", "report", "index.html")).toContain("<html");
    const report = await read("first", "report", "report.md");
    expect(report).toContain("few-shot");
    // Beside both of the toy's tables: FID and KL, and those that read words only.
    expect(report.match(/differences to zero-shot are built in/g)).toHaveLength(2);
    const { rows }: Results = JSON.parse(await read("first", "results.json"));
    const methods = new Set(rows.map((row) => row.method));
    expect([...methods].sort()).toEqual(["few-shot", "mop", "mop-uniform", "persona", "real", "shuffled", "zero-shot"]);
    for (const row of rows) if (row.value === null) expect(row.reason).not.toBeNull();
    expect(rows.every((row) => row.value === null || row.n === 40)).toBe(true);
    expect((await read("first", "results.csv")).split("\n").length).toBeGreaterThan(rows.length);
  });

  it("gives the same bytes again, whatever the concurrency", async () => {
    for (const [out, concurrency] of [
      ["second", "1"],
      ["third", "16"],
    ] as const) {
      const args = ["run", "tiny.yaml", "--out", out, "--concurrency", concurrency, "--quiet", "--json"];
      const { code, stdout, stderr } = await mopbench(args, folder);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(stdout)).toEqual(JSON.parse(await read("first", "results.json")));
      expect(await read(out, "results.json")).toBe(await read("first", "results.json"));
      expect(await read(out, "maps.json")).toBe(await read("first", "maps.json"));
    }
  });

  it("gives other samples for another seed", async () => {
    await mopbench(["run", "tiny.yaml", "--out", "other", "--seed", "4", "--only", "method=zero-shot"], folder);
    const sample = (out: string) => read(out, "cells/reviews/embedded-small/zero-shot/0/samples.jsonl");
    expect(await sample("other")).not.toBe(await sample("first"));
  });

  it("renders a run again from its folder", async () => {
    const before = await read("first", "report", "index.html");
    await rm(path.join(folder, "first", "report"), { recursive: true });
    const { code, stdout } = await mopbench(["report", "first"], folder);
    expect(code).toBe(0);
    expect(stdout).toContain("judged by embedded:lsa");
    expect(await read("first", "report", "index.html")).toBe(before);
    const json = await mopbench(["report", "first", "--format", "json"], folder);
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(await read("first", "results.json")));
  });

  it("plans without calling anything", async () => {
    const { code, stdout } = await mopbench(["plan", "tiny.yaml", "--json", "--quiet"], folder);
    expect(code).toBe(0);
    const plan: { cells: unknown[]; models: { model: string; generated: number }[] } = JSON.parse(stdout);
    expect(plan.cells).toHaveLength(10);
    expect(plan.models).toMatchObject([{ model: "embedded:small", generated: 400 }]);
    const dry = await mopbench(["run", "tiny.yaml", "--dry-run", "--out", "never"], folder);
    expect(dry.stdout).toContain("10 cells");
    await expect(read("never", "run.json")).rejects.toThrow("ENOENT");
  });
});
