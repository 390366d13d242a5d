import { readdirSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunManifest } from "../analysis/run-manifest.ts";
import type { Results } from "../core/result.ts";
import { resealTestRun, writeTestRun } from "../testing/run-folder.ts";
import { testFolder } from "../testing/test-folder.ts";
import { renderReport } from "./render.ts";
import { readRun } from "./run-data.ts";
import { LONGEST, shownRun } from "./shown-run.ts";
import { terminalTable } from "./terminal.ts";

const MEGABYTE = 1_000_000;
const dir = testFolder();
/** Ids stand in every row. */
const LONG_ID = 20_000;
const longOf = (begin: string, length: number) => begin.repeat(length / begin.length);

/** Texts of the test run that become long, each another one that begins alike. */
const LONG = [
  "transformers:all-MiniLM-L6-v2",
  "kl-cosine",
  "zero-shot and persona show no exemplars",
  "Town Square: generated reviews of places in a town",
  "K = 20 personas, N = 400 exemplars, weights uniform",
  "personas: 100 shrinks to 20, a tenth of train.",
  "no answer within 60 s",
  "townsquare-100",
  "persona-3",
];

beforeAll(async () => {
  await writeTestRun(dir);
  const files = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((file) => /\.jsonl?$/.test(file));
  for (const file of files) {
    const text = await readFile(path.join(dir, file), "utf8");
    const longer = LONG.reduce((whole, from, i) => whole.replaceAll(from, `${longOf("long id ", LONG_ID)}${i}`), text)
      .replace(/"context":"/, `"context":"${longOf("a context ", MEGABYTE)}`)
      .replace('"label":null', `"label":"${longOf("a label ", MEGABYTE)}"`);
    await writeFile(path.join(dir, file), longer);
  }
  await resealTestRun(dir);
});

describe("a run whose contexts and labels have a megabyte each, and its ids, titles and reasons not much less", () => {
  it("has a report of each format that a reader can open; rows as data are kept whole", async () => {
    const files = await renderReport(dir, ["html", "md", "tex", "junit", "csv"]);
    for (const file of files.slice(0, 4)) {
      const text = await readFile(file, "utf8");
      expect(text).toMatch(/long id long id/);
      expect(text).not.toContain("long id ".repeat(LONGEST / 8 + 2));
      expect(text.length, file).toBeLessThan(MEGABYTE);
    }
    expect((await stat(files[4]!)).size).toBeGreaterThan(2 * MEGABYTE);
    const html = await readFile(files[0]!, "utf8");
    expect(html).toMatch(/a label a label[^<]*\u2026 \(1000000 characters, [0-9a-f]{8}\)/);
  });

  it("fits a terminal", async () => {
    const results: Results = JSON.parse(await readFile(path.join(dir, "results.json"), "utf8"));
    const manifest: RunManifest = JSON.parse(await readFile(path.join(dir, "run.json"), "utf8"));
    const table = terminalTable(results, manifest, { color: false });
    expect(table.length).toBeLessThan(MEGABYTE / 2);
  });

  it("still finds what is looked up by an id, and tells apart ids that begin alike", async () => {
    const run = await readRun(dir);
    const shown = shownRun(run);
    const ids = (of: typeof run) => new Set(of.results.rows.map(({ encoder }) => encoder));
    expect(ids(shown).size).toBe(ids(run).size);
    for (const { id } of shown.manifest.encoders) expect(ids(shown)).toContain(id);
    const metrics = new Set(shown.results.rows.map(({ metric }) => metric));
    expect(metrics.size).toBe(new Set(run.results.rows.map(({ metric }) => metric)).size);
    expect(shown.manifest.config.metrics).toContain([...metrics].find((id) => id.length > LONGEST));
  });
});
