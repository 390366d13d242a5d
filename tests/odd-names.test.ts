import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";

/** What every plain object has a member of. */
const BORN = ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"] as const;
const LONG = "n".repeat(300);

/** The reviews, their columns, contexts and labels called like members of objects. */
const rows = reviewsCsv(240)
  .replace("review,topic,stars", "constructor,__proto__,toString")
  .replaceAll(",bakery,", ",constructor,")
  .replaceAll(",library,", ",__proto__,")
  .replace(/,good$/gm, ",valueOf")
  .replace(/,bad$/gm, ",__proto__");

const folder = testFolder({
  "odd.csv": rows,
  "odd.yaml": `
datasets: [{ file: { path: odd.csv, text: constructor, context: __proto__, label: toString, as: constructor } }]
models: [{ embedded: small, as: toString }]
methods:
  - { zero-shot: {}, as: __proto__ }
  - { persona: { personas: 4 }, as: hasOwnProperty }
  - { mop: { objective: mmd, groupBy: label, groupRecords: 20, candidates: 8, answers: 4, personas: 4, exemplars: 20 }, as: valueOf }
  - { few-shot: {}, as: ${LONG}a }
  - { few-shot: { k: 2 }, as: ${LONG}b }
samples: 24
repeats: 2
encoders: [{ embedded: lsa, as: isPrototypeOf }]
metrics: [fid, { mauve: { seed: 3 }, as: constructor }, self-bleu, label-js]
decoding: { maxTokens: 12 }
`,
});

describe("names that objects are born with, and names longer than a disk takes", () => {
  it("name datasets, models, methods, encoders, metrics, columns, contexts and labels", async () => {
    const run = await mopbench(["run", "odd.yaml", "--out", "out", "--quiet"], folder);
    expect(run.code, run.stderr).toBe(0);
    const { rows }: { rows: { method: string; metric: string; model: string | null; dataset: string }[] } = JSON.parse(
      await readFile(path.join(folder, "out", "results.json"), "utf8"),
    );
    const of = (column: "method" | "metric" | "model" | "dataset") => [...new Set(rows.map((row) => row[column]))];
    expect(of("method")).toEqual(
      expect.arrayContaining(["__proto__", "hasOwnProperty", "valueOf", `${LONG}a`, `${LONG}b`, "real"]),
    );
    expect(of("metric")).toContain("constructor");
    expect(of("model")).toContain("toString");
    expect(of("dataset")).toEqual(["constructor"]);
    const cells = await readdir(path.join(folder, "out", "cells", "constructor", "toString"));
    expect(cells).toHaveLength(5);
    for (const cell of cells) expect(Buffer.byteLength(cell)).toBeLessThanOrEqual(200);
    const html = await readFile(path.join(folder, "out", "report", "index.html"), "utf8");
    for (const name of ["__proto__", "hasOwnProperty", "valueOf"]) expect(html).toContain(`>${name}<`);
  });

  it.each(
    BORN.flatMap(
      (name) =>
        [
          [`a command ${name}`, [name], /unknown command/],
          [`a command of models ${name}`, ["models", "check", name], /Unknown model provider/],
          [`a data set ${name}`, ["data", "show", name], /Unknown dataset/],
          [
            `a metric ${name}`,
            ["score", "--gold", "odd.csv", "--synthetic", "odd.csv", "--text", "constructor", "--metrics", name],
            /Unknown metric/,
          ],
          [`a kind ${name}`, ["plan", "odd.yaml", "--only", `${name}=x`], /Unknown kind/],
        ] as const,
    ),
  )("are unknown as %s", async (_, flags, message) => {
    const { code, stderr } = await mopbench(flags, folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it("a path that leaves no room for a run's files is refused at once", async () => {
    const out = "folder/".repeat(440);
    const { code, stderr } = await mopbench(["run", "odd.yaml", "--out", out, "--quiet"], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mopbench: --out: a path of \d+ bytes; 3000 leave room/);
  });
});
