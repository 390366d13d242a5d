import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { CallError, InputError, InterruptedError, RunFailedError } from "../core/errors.ts";
import { eventProgress } from "../core/events.ts";
import type { Sample } from "../core/sample.ts";
import type { FitContext } from "../mop/fit-context.ts";
import { type Answer, seeded, testRun } from "../testing/experiment.ts";
import { testFolder } from "../testing/test-folder.ts";

let root = "";
let dir = "";
beforeEach(async () => {
  root = testFolder();
  dir = path.join(root, "run");
});

const results = (folder: string) => readFile(path.join(folder, "results.json"), "utf8");

async function samples(folder: string, cell: string): Promise<Sample[]> {
  const text = await readFile(path.join(folder, "cells", cell, "samples.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line): Sample => JSON.parse(line));
}

/** A model that stops working after so many answers, by what it throws or calls. */
function failingAfter(count: number, fail: () => void) {
  let asked = 0;
  return (request: Parameters<typeof seeded>[0]) => {
    if (++asked > count) fail();
    return seeded(request);
  };
}

describe("runExperiment", () => {
  it("writes the run's folder", async () => {
    const { results: found, manifest } = await testRun({ run: { out: dir } });
    const rows = found.rows.filter((row) => row.method === "shots" && row.metric === "gap");
    expect(rows.map((row) => row.repeat)).toEqual([0, 1, null]);
    expect(rows[2]).toMatchObject({
      dataset: "town",
      model: "scripted",
      encoder: "letters",
      n: 20,
      nGold: 20,
      reason: null,
    });
    expect(rows[2]?.ciLow).not.toBeNull();
    expect(found.rows.find((row) => row.metric === "words")?.encoder).toBeNull();
    expect(found.rows.find((row) => row.method === "real" && row.metric === "gap")).toMatchObject({
      model: null,
      n: 20,
    });
    expect(found.rows.filter((row) => row.method === "shuffled").map((row) => row.metric)).not.toContain("words");
    expect(found.comparisons).toHaveLength(0); // one method a tier
    expect(manifest).toMatchObject({ exit: 0, limited: null, calls: { generated: 80, errors: 0 } });
    expect(manifest.methods[1]?.fits).toEqual([
      { dataset: "town", model: "scripted", realTextsSeen: 4, pool: 4, summary: "4 texts" },
    ]);
    const lines = await samples(dir, "town/scripted/shots/0");
    expect(lines.map((line) => line.index)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    const others = await samples(dir, "town/scripted/shots/1");
    expect(new Set([...lines, ...others].map((line) => line.raw)).size).toBeGreaterThan(30); // every sample is its own draw
    expect(new Set(lines.map((line) => line.exemplars[0])).size).toBe(4);
    expect(await readdir(path.join(dir, "cells/town/scripted/shots/0"))).toEqual(["metrics.json", "samples.jsonl"]);
  });

  it("asks every cell for the same contexts, gold's own", async () => {
    await testRun({ run: { out: dir }, config: { samples: 50 } });
    const asked = async (cell: string) => (await samples(dir, cell)).map((line) => line.context);
    const first = await asked("town/scripted/plain/0");
    expect(await asked("town/scripted/shots/1")).toEqual(first);
    expect(first.slice(40)).toEqual(first.slice(0, 10)); // gold holds 40: again from the start
  });

  describe("what two runs share", () => {
    const DATA = Array.from({ length: 200 }, (_, i) => `{"text": "note ${i * i} of ${i % 13}", "at": "place ${i}"}`);
    const runOn = async (name: string, seed: number, data: { splitSeed?: number; as?: string } = {}) => {
      const file = path.join(root, "notes.jsonl");
      await writeFile(file, DATA.join("\n"));
      const { as = "notes", ...options } = data;
      const config = { datasets: [{ file: { path: file, context: "at", ...options }, as }], samples: 20 };
      const out = path.join(root, name);
      const { manifest, results: found } = await testRun({ run: { out }, config, overrides: { seed } });
      const { asked, scoredAgainst } = manifest.datasets[0]!;
      const lines = await samples(out, `${as}/scripted/plain/0`);
      return { asked, scoredAgainst, lines, found };
    };
    const contextsOf = ({ lines }: { lines: Sample[] }) => lines.map((line) => line.context);

    it("is the order of contexts and the gold scored against, whatever the seed and the dataset's id", async () => {
      const [one, other] = [await runOn("one", 7), await runOn("other", 8)];
      expect(contextsOf(other)).toEqual(contextsOf(one));
      expect(other.asked).toEqual(one.asked);
      expect(other.scoredAgainst).toEqual(one.scoredAgainst);
      expect(one).toMatchObject({ asked: { n: 20 }, scoredAgainst: { n: 20 } });
      expect(other.lines.map((line) => line.text)).not.toEqual(one.lines.map((line) => line.text));
      const renamed = await runOn("renamed", 7, { as: "same" });
      expect([renamed.asked, renamed.scoredAgainst]).toEqual([one.asked, one.scoredAgainst]);
    });

    it("is what people and shuffled words score", async () => {
      const references = async (name: string, seed: number) =>
        (await runOn(name, seed)).found.rows.filter((row) => row.model === null);
      const rows = await references("one", 7);
      expect(new Set(rows.map((row) => row.method))).toEqual(new Set(["real", "shuffled"]));
      expect(await references("other", 8)).toEqual(rows);
    });

    it("changes with splitSeed", async () => {
      const [one, other] = [await runOn("one", 7), await runOn("other", 7, { splitSeed: 1 })];
      expect(contextsOf(other)).not.toEqual(contextsOf(one));
      expect(other.asked.checksum).not.toBe(one.asked.checksum);
      expect(other.scoredAgainst.checksum).not.toBe(one.scoredAgainst.checksum);
    });
  });

  it("counts owner-tv where the true personas are known and says why where it cannot", async () => {
    const { results: found } = await testRun({ run: { out: dir } });
    const row = (method: string, repeat: number | null) =>
      found.rows.find((r) => r.method === method && r.metric === "owner-tv" && r.repeat === repeat);
    expect(row("shots", 0)?.value).toBe(0);
    expect(row("plain", 0)).toMatchObject({ value: null, reason: "The method shows no exemplars." });
    // The row over repeats knows what the metric says of itself, though no config asked for it.
    expect(row("shots", null)).toMatchObject({ value: 0, ciLow: null, reason: "No interval: it is exact." });
  });

  it("gives the same bytes at any concurrency", async () => {
    const slow = async (request: Parameters<typeof seeded>[0]) => {
      await new Promise((resolve) => setTimeout(resolve, (request.seed % 7) + 1));
      return seeded(request);
    };
    const other = path.join(root, "other");
    await testRun({ run: { out: dir }, overrides: { concurrency: 1 } });
    await testRun({ run: { out: other }, overrides: { concurrency: 8 }, world: { answer: slow } });
    expect(await results(other)).toBe(await results(dir));
  });

  it("goes on after a stop and ends with the same bytes", async () => {
    await testRun({ run: { out: dir } });
    const other = path.join(root, "other");
    const stop = new AbortController();
    const world = { answer: failingAfter(33, () => stop.abort()) };
    const stopped = testRun({ run: { out: other }, world, environment: { signal: stop.signal } });
    await expect(stopped).rejects.toThrow(InterruptedError);
    await expect(stopped).rejects.toThrow(`--resume ${other}`);
    expect(JSON.parse(await readFile(path.join(other, "run.json"), "utf8"))).toMatchObject({ exit: 130 });
    let asked = 0;
    const counting = (request: Parameters<typeof seeded>[0]) => {
      asked++;
      return seeded(request);
    };
    await testRun({ run: { resume: other }, world: { answer: counting } });
    expect(asked).toBe(80 - 34); // the answer that arrived with the stop is kept too
    expect(await results(other)).toBe(await results(dir));
  });

  it("does nothing again when a finished run is resumed", async () => {
    await testRun({ run: { out: dir } });
    const before = await results(dir);
    let fits = 0;
    const never = () => {
      throw new Error("asked again");
    };
    await testRun({ run: { resume: dir }, world: { answer: never, onFit: () => fits++ } });
    expect(fits).toBe(0);
    expect(await results(dir)).toBe(before);
  });

  it("drops a torn last line of a journal and loses none after it", async () => {
    let asked = 0;
    const run = async (answers: number) => {
      const stop = new AbortController();
      const failing = failingAfter(answers, () => stop.abort());
      const answer = (request: Parameters<typeof seeded>[0]) => {
        asked++;
        return failing(request);
      };
      const config = { methods: ["plain"], repeats: 1 };
      const environment = { signal: stop.signal };
      await testRun({ run: { resume: dir }, config, world: { answer }, environment }).catch(() => null);
    };
    await mkdir(dir);
    await run(7);
    const journal = path.join(dir, "cells/town/scripted/plain/0/calls.partial.jsonl");
    await appendFile(journal, '{"key": "19", "promptHash": "torn", "te');
    await run(6);
    await run(Number.POSITIVE_INFINITY);
    expect(asked).toBe(20);
    const lines = await samples(dir, "town/scripted/plain/0");
    expect(lines.map((line) => line.index)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(lines.map((line) => line.promptHash)).not.toContain("torn");
  });

  it("refuses a cell that a former version began, and says what to do", async () => {
    const stop = new AbortController();
    const world = { answer: failingAfter(7, () => stop.abort()) };
    await testRun({ run: { out: dir }, world, environment: { signal: stop.signal } }).catch(() => null);
    const cell = path.join(dir, "cells/town/scripted/plain/0");
    await rename(path.join(cell, "calls.partial.jsonl"), path.join(cell, "samples.partial.jsonl"));
    const resumed = testRun({ run: { resume: dir } });
    await expect(resumed).rejects.toThrow(InputError);
    await expect(resumed).rejects.toThrow(/samples\.partial\.jsonl was begun by a former version.*--out/);
  });

  it("keeps one record of a failed call and scores the rest", async () => {
    let asked = 0;
    const answer = (request: Parameters<typeof seeded>[0]) => {
      if (++asked === 5) throw new CallError("malformed", "HTML instead of JSON");
      return seeded(request);
    };
    const { results: found, manifest } = await testRun({
      run: { out: dir },
      world: { answer },
      overrides: { concurrency: 1 },
    });
    const all = [...(await samples(dir, "town/scripted/plain/0")), ...(await samples(dir, "town/scripted/plain/1"))];
    const error = { kind: "malformed", message: "HTML instead of JSON" };
    expect(all.filter((line) => line.error !== null)).toMatchObject([{ text: null, finish: "error", error }]);
    const rows = found.rows.filter((row) => row.method === "plain" && row.metric === "gap" && row.repeat !== null);
    expect(rows.map((row) => [row.n, row.nGold]).sort()).toEqual([
      [19, 19],
      [20, 20],
    ]);
    expect(manifest.exit).toBe(0);
  });

  it("fails when too many calls fail, and makes them again on resume", async () => {
    const answer = failingAfter(10, () => {
      throw new CallError("server", "500");
    });
    const failing = testRun({ run: { out: dir }, world: { answer }, overrides: { concurrency: 1 } });
    await expect(failing).rejects.toThrow(RunFailedError);
    await expect(failing).rejects.toThrow(/2 of 20 calls failed.*--resume/);
    const { manifest } = await testRun({ run: { resume: dir } });
    expect(manifest.exit).toBe(0);
    expect((await samples(dir, "town/scripted/plain/0")).every((line) => line.error === null)).toBe(true);
  });

  it("ends at once on a fatal failure, keeping what was answered", async () => {
    const answer = failingAfter(30, () => {
      throw new CallError("auth", "The key is wrong.", { fatal: true });
    });
    const failing = testRun({ run: { out: dir }, world: { answer }, overrides: { concurrency: 1 } });
    await expect(failing).rejects.toThrow(/The key is wrong\..*--resume/);
    expect(JSON.parse(await readFile(path.join(dir, "run.json"), "utf8"))).toMatchObject({ exit: 3 });
    await testRun({ run: { resume: dir } });
    expect(await samples(dir, "town/scripted/plain/1")).toHaveLength(20);
  });

  it("scores at gold's size when samples exceed it, and warns once", async () => {
    const warnings: string[] = [];
    const progress = eventProgress((event) => {
      if (event.type === "warning") warnings.push(event.message);
    });
    const { results: found, manifest } = await testRun({
      run: { out: dir },
      world: { gold: 12 },
      environment: { progress },
    });
    expect(found.rows.find((row) => row.method === "plain" && row.metric === "gap")).toMatchObject({
      n: 12,
      nGold: 12,
    });
    expect(warnings).toEqual([expect.stringContaining("gold holds 12 texts, fewer than the 20 samples")]);
    expect(manifest.warnings).toEqual(warnings);
  });

  it("takes texts made elsewhere without asking a model", async () => {
    const methods = [{ texts: { n: 45, as: "made" } }];
    const { results: found, manifest } = await testRun({
      run: { out: dir },
      config: { methods, models: [], repeats: 3 },
    });
    const rows = found.rows.filter((row) => row.method === "made" && row.metric === "gap");
    expect(rows.map((row) => row.repeat)).toEqual([0, 1, null]); // 45 texts hold two disjoint sets of 20
    expect(rows[0]).toMatchObject({ model: null, n: 20 });
    expect(manifest.calls.generated).toBe(0);
    const ids = [...(await samples(dir, "town/none/made/0")), ...(await samples(dir, "town/none/made/1"))];
    expect(new Set(ids.map((line) => line.text)).size).toBe(40);
  });

  it("refuses a method no model can run before anything is written, naming what would work", async () => {
    const refused = testRun({ run: { out: dir }, world: { needs: ["promptLogprobs"] } });
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(
      /No model of the config can run `shots`.*promptLogprobs.*Methods that would work: plain\.$/,
    );
    expect(existsSync(dir)).toBe(false);
  });

  it("fits a method on the encoder it names, the others on the first; all encoders judge", async () => {
    const seen: string[] = [];
    const config = { encoder: undefined, encoders: ["letters", { letters: {}, as: "other" }] };
    const world = { encoder: "other", onFit: ({ encoder }: FitContext) => void seen.push(encoder.id) };
    const { results: found } = await testRun({ run: { out: dir }, config, world });
    expect(seen).toEqual(["letters", "other"]);
    expect(new Set(found.rows.filter((row) => row.metric === "gap").map((row) => row.encoder))).toEqual(
      new Set(["letters", "other"]),
    );
  });

  it("refuses a method whose encoder is not the run's", async () => {
    const refused = testRun({ run: { out: dir }, world: { encoder: "leters" } });
    await expect(refused).rejects.toThrow(
      "The method `shots`: Unknown encoder `leters`. Did you mean `letters`? Known: letters. Name it in `encoders`.",
    );
    expect(existsSync(dir)).toBe(false);
  });

  it("keeps what --limit and --only cut away in the manifest", async () => {
    const { manifest, results: found } = await testRun({
      run: { out: dir },
      overrides: { limit: 6, only: "method=plain" },
    });
    expect(manifest.limited).toEqual({ samples: 6, only: "method=plain" });
    expect(found.rows.find((row) => row.method === "plain")?.n).toBe(6);
    expect(found.rows.some((row) => row.method === "shots")).toBe(false);
    await expect(testRun({ run: { out: dir }, overrides: { only: "method=plane" } })).rejects.toThrow(
      /Did you mean `plain`/,
    );
    await expect(testRun({ run: { out: dir }, overrides: { only: "methd=plain" } })).rejects.toThrow(
      /Did you mean `method`/,
    );
  });

  describe("its folder", () => {
    it("must be new or empty", async () => {
      await mkdir(dir);
      await writeFile(path.join(dir, "mine.txt"), "mine");
      await expect(testRun({ run: { out: dir } })).rejects.toThrow(/exists and is not empty/);
      await expect(testRun({ run: { resume: dir } })).rejects.toThrow(/no run.json/);
      expect(await readdir(dir)).toEqual(["mine.txt"]);
    });

    it("is not gone on with under another config", async () => {
      await testRun({ run: { out: dir } });
      const before = await readFile(path.join(dir, "run.json"), "utf8");
      await expect(testRun({ run: { resume: dir }, overrides: { seed: 99 } })).rejects.toThrow(/another config/);
      await expect(testRun({ run: { resume: dir }, world: { gold: 30 } })).rejects.toThrow(
        /data of `town` \(gold\) changed/,
      );
      expect(await readFile(path.join(dir, "run.json"), "utf8")).toBe(before);
    });

    it("is begun afresh when nothing was written before the kill", async () => {
      await mkdir(dir);
      await writeFile(path.join(dir, "run.json.12.ab.tmp"), "{");
      expect((await testRun({ run: { resume: dir } })).manifest.exit).toBe(0);
      await mkdir(path.join(root, "empty"));
      expect((await testRun({ run: { resume: path.join(root, "empty") } })).manifest.exit).toBe(0);
    });

    it("is not begun in the place of a folder that is not there", async () => {
      const missing = path.join(root, "mispelt", "run");
      const never: Answer = () => expect.unreachable("nothing may be asked");
      const run = testRun({ run: { resume: missing }, world: { answer: never } });
      await expect(run).rejects.toThrow(InputError);
      await expect(run).rejects.toThrow(
        `there is no folder ${missing}; name the run's folder, or begin a run with --out`,
      );
      expect(existsSync(path.dirname(missing))).toBe(false);
    });

    it("takes --out or --resume, not both", async () => {
      await expect(testRun({ run: { resume: dir, out: dir } })).rejects.toThrow(/exclude each other/);
    });
  });
});
