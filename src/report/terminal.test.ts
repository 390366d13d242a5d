import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunManifest } from "../analysis/run-manifest.ts";
import type { Results } from "../core/result.ts";
import { writeTestRun } from "../testing/run-folder.ts";
import { testFolder } from "../testing/test-folder.ts";
import { terminalTable } from "./terminal.ts";

const dir = testFolder();
let results: Results;
let manifest: RunManifest;
beforeAll(async () => {
  await writeTestRun(dir, { limited: true, hostileId: "\u001b[31mred\nline" });
  results = JSON.parse(await readFile(path.join(dir, "results.json"), "utf8"));
  manifest = JSON.parse(await readFile(path.join(dir, "run.json"), "utf8"));
});

describe("terminalTable", () => {
  it("says first that a run is limited, then answers, then shows aligned tables", () => {
    const lines = terminalTable(results, manifest, { color: false }).split("\n");
    expect(lines[0]).toContain("limited run");
    expect(lines[2]).toBe("townsquare, judged by embedded:lsa: Frechet distance (FID) \u2193 (lower is better)");
    expect(lines[3]).toContain("Closest to real people: persona");
    const header = lines.findIndex((line) => line.includes("real texts  "));
    const column = lines[header]!.indexOf("fid \u2193") + "fid \u2193".length;
    for (const line of [lines[header + 2]!, lines[header + 3]!]) expect(line.slice(0, column)).toMatch(/0\.\d{3}$/);
  });

  it("says first where the metric ranks shuffled words above a method", async () => {
    const low = testFolder();
    await writeTestRun(low, { lowFloor: true });
    const rows: Results = JSON.parse(await readFile(path.join(low, "results.json"), "utf8"));
    const lines = terminalTable(rows, manifest, { color: false }).split("\n");
    const small = lines.findIndex((line) =>
      line.startsWith("  embedded:small (toy): Frechet distance (FID) with embedded:lsa cannot tell"),
    );
    expect(lines[small + 1]).toContain("No method is named: the nearest, persona");
    const table = lines.indexOf("townsquare, embedded:small (toy), judged by embedded:lsa");
    expect(lines[table + 1]).toMatch(/^Frechet distance \(FID\) with embedded:lsa cannot tell here/);
  });

  it("lets no control character of an id through, with colors or without", () => {
    const plain = terminalTable(results, manifest, { color: false });
    expect(plain).not.toContain("\u001b");
    expect(plain).toContain("\\u001b[31mred line");
    const colored = terminalTable(results, manifest, { color: true });
    expect(colored).toContain("\u001b[1m");
    expect(colored).not.toContain("\u001b[31m");
  });
});
