import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cellPath } from "../../core/cell.ts";
import type { ResultRow, Results } from "../../core/result.ts";
import type { Sample } from "../../core/sample.ts";
import { sharedContexts } from "../../data/contexts.ts";
import type { Encoder } from "../../encoders/encoder.ts";
import { metrics } from "../../metrics/registry.ts";
import { builtInRegistries } from "../../plugins/built-in.ts";
import { runExperiment } from "../../run/run.ts";
import { scoreSets } from "../../scoring/score-sets.ts";
import { encodeNpy } from "../../storage/npy.ts";
import { type Answer, testEnvironment, testExperiment, testRegistries } from "../../testing/experiment.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { main } from "../main.ts";

const folder = testFolder();
const SEED = 7;
const N = 40;

let encoder: Encoder;
let gold: readonly string[];
let synthetic: readonly string[];
/** The run's rows of its one cell, by metric. */
let ofRun: ReadonlyMap<string, ResultRow>;

const WORDS = ["bread", "harbour", "rain", "quiet", "market", "tea", "late", "kind", "stairs", "window"];

/** Texts so like gold's that a classifier errs: which folds were drawn shows in its accuracy. */
const likePeople: Answer = ({ seed }) => {
  const word = (shift: number) => WORDS[(seed >>> shift) % 10];
  return { text: `${word(0)} ${word(5)} ${word(11)} gold ${seed % N}`, tokensIn: 5, tokensOut: 4, finish: "stop" };
};

/** What the two ways in can both know: no training part, no true personas. */
const comparable = (row: ResultRow) => (metrics.get(row.metric).needs.evidence ?? []).length === 0;
const byMetric = (rows: readonly ResultRow[]) =>
  new Map(rows.filter(comparable).map((row) => [row.metric, row] as const));

beforeAll(async () => {
  const registries = { ...testRegistries({ answer: likePeople }), metrics: builtInRegistries().metrics };
  const config = { metrics: ["all"], methods: ["plain"], samples: N, repeats: 1, seed: SEED, cache: { mode: "off" } };
  const experiment = await testExperiment(config, registries);
  const environment = testEnvironment();
  const run = await runExperiment(experiment, registries, environment, {
    ...{ cwd: folder, out: "run", version: "0" },
  });
  const [dataset, named] = [experiment.datasets[0]!, experiment.encoders[0]!];
  const opening = { env: {}, baseDir: folder, offline: true };
  const { parts } = await dataset.bound.create({ ...opening, id: dataset.id, cacheDir: folder });
  encoder = await named.bound.create({ ...opening, id: named.id, background: [], storeDir: null });
  gold = sharedContexts(parts.gold, N).gold.map(({ text }) => text);
  const cell = { dataset: "town", model: "scripted", method: "plain", repeat: 0 };
  const lines = await readFile(path.join(run.dir, "cells", cellPath(cell), "samples.jsonl"), "utf8");
  const samples = lines.trim().split("\n");
  synthetic = samples.map((line) => {
    const sample: Sample = JSON.parse(line);
    return sample.text ?? "";
  });
  ofRun = byMetric(run.results.rows.filter(({ method, repeat }) => method === "plain" && repeat === 0));
});

/** A row without what says where it stands. */
const measured = ({ metric, value, gold: target, n, nGold, better, reason }: ResultRow) => {
  return { metric, value, gold: target, n, nGold, better, reason };
};

describe("the same texts, encoder and seed", () => {
  test("have every metric's value in a run and in `mopbench score`", async () => {
    const file = (name: string) => path.join(folder, name);
    const jsonl = (texts: readonly string[]) => texts.map((text) => `${JSON.stringify({ text })}\n`).join("");
    await Promise.all([
      writeFile(file("gold.jsonl"), jsonl(gold)),
      writeFile(file("synthetic.jsonl"), jsonl(synthetic)),
      writeFile(file("gold.npy"), encodeNpy(await encoder.encode(gold))),
      writeFile(file("synthetic.npy"), encodeNpy(await encoder.encode(synthetic))),
    ]);
    let [stdout, stderr] = ["", ""];
    const flags = "--gold gold.jsonl --synthetic synthetic.jsonl --gold-embeddings gold.npy".split(" ");
    const more = `--synthetic-embeddings synthetic.npy --metrics all --json --quiet --seed ${SEED}`.split(" ");
    const exitCode = await main(["score", ...flags, ...more], {
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
      terminal: false,
      columns: null,
      env: { MOPBENCH_CACHE: file("cache") },
      cwd: folder,
      signal: new AbortController().signal,
    });
    expect(exitCode, stderr).toBe(0);
    const results: Results = JSON.parse(stdout);
    const found = byMetric(results.rows);
    expect([...found.keys()].sort()).toEqual([...ofRun.keys()].sort());
    for (const [id, row] of found) expect(measured(row), id).toEqual(measured(ofRun.get(id)!));
    expect(ofRun.get("c2st")!.value).not.toBeNull(); // the one whose folds are drawn
  });

  test("have the run's whole row, settings too, in the library", async () => {
    const rows = await scoreSets({ gold, synthetic }, { encoders: [encoder], seed: SEED });
    const about = { dataset: "town", model: "scripted", method: "plain", repeat: 0 };
    const found = byMetric(rows.map((row) => ({ ...row, ...about })));
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(ofRun));
  });
});
