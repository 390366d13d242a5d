import { appendFile, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CallError, InterruptedError, RunFailedError } from "../core/errors.ts";
import { hashOf } from "../core/hash.ts";
import type { KeptCall, Sample } from "../core/sample.ts";
import type { CallProfile } from "../models/model.ts";
import { renderReport } from "../report/render.ts";
import {
  type Answer,
  seeded,
  testEnvironment,
  testExperiment,
  testRegistries,
  testRun,
} from "../testing/experiment.ts";
import { testFolder } from "../testing/test-folder.ts";
import { chosen, evolved, many, ROUNDS } from "../testing/toy-methods.ts";
import { planExperiment, planJson, planText } from "./plan.ts";

const METHODS = { many, evolved, chosen };
const SAMPLES = 40;
/** Gold's 40 records have 14 contexts, two or three times each. */
const GROUPS = 14;

let root = "";
let dir = "";
beforeEach(() => {
  root = testFolder();
  dir = path.join(root, "run");
});

/** As `seeded`, and a letter where options are listed, by what they are. */
const answering: Answer = async (request) => {
  const answer = await seeded(request);
  const { task } = request.prompt;
  return task.includes("Options:") ? { ...answer, text: /^[0-7]/.test(hashOf(task)) ? "A" : "B" } : answer;
};

/** Runs one of the toys, one repeat unless told otherwise. */
function run(
  method: string,
  options: Partial<Parameters<typeof testRun>[0]> & { readonly answer?: Answer; readonly profile?: CallProfile },
) {
  const { answer = answering, profile, config, ...rest } = options;
  return testRun({
    run: { out: dir },
    ...rest,
    world: { methods: METHODS, answer, ...(profile === undefined ? {} : { profile }) },
    config: { methods: [method], samples: SAMPLES, repeats: 1, metrics: ["gap", "words"], ...config },
  });
}

async function lines<T>(folder: string, method: string, file: string): Promise<T[]> {
  const text = await readFile(path.join(folder, "cells/town/scripted", method, "0", file), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line): T => JSON.parse(line));
}

const bytes = async (folder: string, method: string) => {
  const cell = path.join(folder, "cells/town/scripted", method, "0");
  const files = ["calls.jsonl", "samples.jsonl"].map((file) => path.join(cell, file));
  return Promise.all([...files, path.join(folder, "results.json")].map((file) => readFile(file, "utf8")));
};

/** Counts calls, and stops the run or fails as told. */
function counting(told: (call: number) => void = () => {}) {
  const counted = { calls: 0 };
  const answer: Answer = async (request) => {
    told(++counted.calls);
    await new Promise((resolve) => setTimeout(resolve, request.seed % 4));
    return answering(request);
  };
  return { counted, answer };
}

describe.each([
  ["many", GROUPS],
  ["evolved", (ROUNDS + 1) * SAMPLES],
  ["chosen", 3 * SAMPLES],
])("a cell filled by %s", (method, calls) => {
  it("makes its calls, has a text for each context, and its rows, comparisons and report", async () => {
    const { answer, counted } = counting();
    const { results, manifest } = await run(method, { answer });
    expect(counted.calls).toBe(calls);
    const samples = await lines<Sample>(dir, method, "samples.jsonl");
    expect(samples.map(({ index }) => index)).toEqual(Array.from({ length: SAMPLES }, (_, i) => i));
    const made = samples.filter(({ text }) => text !== null).length;
    expect(results.rows.find((row) => row.method === method && row.metric === "gap")).toMatchObject({ n: made });
    expect(manifest.cells).toMatchObject([{ asked: calls, calls, callsPerText: Number((calls / made).toFixed(3)) }]);
    const kept = await lines<KeptCall>(dir, method, "calls.jsonl");
    const keys = new Set(kept.map(({ key }) => key));
    expect(keys.size).toBe(calls);
    for (const { calls = [], raw, tokensIn, notes } of samples) {
      expect(calls.length).toBeGreaterThan(0);
      for (const key of calls) expect(keys).toContain(key);
      expect([raw, tokensIn]).toEqual([null, null]); // they are the calls'
      expect(notes === undefined).toBe(method === "chosen");
    }
    // Of a choice by drawn answers the run alone counts the tokens.
    if (method !== "chosen")
      expect(kept.reduce((sum, { tokensOut }) => sum + (tokensOut ?? 0), 0)).toBe(manifest.calls.tokensOut);
    expect(await readdir(path.join(dir, "cells/town/scripted", method, "0"))).toEqual([
      "calls.jsonl",
      "metrics.json",
      "samples.jsonl",
    ]);
  });

  it("is the same at any concurrency and wherever it is stopped, and asks nothing twice", async () => {
    await run(method, { overrides: { concurrency: 1 } });
    const alone = await bytes(dir, method);
    for (const stopAfter of [1, 2, Math.floor(calls / 2), calls - 1]) {
      const other = path.join(root, `stopped-${stopAfter}`);
      const stop = new AbortController();
      const first = counting((call) => call === stopAfter && stop.abort());
      const stopped = run(method, { run: { out: other }, answer: first.answer, environment: { signal: stop.signal } });
      await expect(stopped).rejects.toThrow(InterruptedError);
      const before = await lines<KeptCall>(other, method, "calls.partial.jsonl");
      await appendFile(path.join(other, "cells/town/scripted", method, "0", "calls.partial.jsonl"), '{"key": "to');
      const again = counting();
      await run(method, { run: { resume: other }, answer: again.answer, overrides: { concurrency: 3 } });
      expect(again.counted.calls).toBe(calls - before.length);
      expect(await bytes(other, method)).toEqual(alone);
    }
  });
});

describe("slots that a method leaves without a text though no call fails", () => {
  const warningsOf = async (answer: Answer) =>
    (await run("many", { answer, config: { repeats: 2 } })).manifest.warnings;

  it("are warned of once a method", async () => {
    const oneWord: Answer = async (request) => ({ ...(await seeded(request)), text: "bread" });
    expect(await warningsOf(oneWord)).toEqual([
      `many left ${2 * (SAMPLES - GROUPS)} of ${2 * SAMPLES} slots of town / scripted without a text: ` +
        '`error.kind: "not-made"` marks them in samples.jsonl.',
    ]);
  });

  it("are none where each has its text", async () => {
    expect(await warningsOf(seeded)).toEqual([]);
  });
});

describe("a failed call of a cell", () => {
  it("leaves the texts it was for without text, and says why", async () => {
    const { answer } = counting((call) => {
      if (call === 2) throw new CallError("malformed", "HTML instead of JSON");
    });
    await run("many", { answer, config: { maxErrorRate: 0.2 }, overrides: { concurrency: 1 } });
    const failed = (await lines<Sample>(dir, "many", "samples.jsonl")).filter(({ calls }) => calls?.[0] === "group-1");
    expect(failed.length).toBeGreaterThan(1);
    const error = { kind: "malformed", message: "HTML instead of JSON" };
    for (const sample of failed) expect(sample).toMatchObject({ text: null, finish: "error", error });
  });

  it("counts against maxErrorRate of the calls, not of the samples", async () => {
    const failing = (count: number) =>
      counting((call) => {
        if (call <= count) throw new CallError("server", "500");
      }).answer;
    const config = { maxErrorRate: 0.05 }; // of 120 calls, 6
    await run("evolved", { answer: failing(6), config, overrides: { concurrency: 1 } });
    const many = run("evolved", { run: { out: path.join(root, "b") }, answer: failing(7), config });
    await expect(many).rejects.toThrow(RunFailedError);
    await expect(many).rejects.toThrow("7 of 120 calls failed, more than maxErrorRate 0.05 allows. The last one: 500");
  });

  it("is made again on resume, and what was answered to prompts that change by it too", async () => {
    await run("evolved", {});
    const alone = await bytes(dir, "evolved");
    const other = path.join(root, "other");
    const stop = new AbortController();
    const { answer } = counting((call) => {
      if (call === 45) stop.abort();
      if (call === 3) throw new CallError("server", "500");
    });
    const environment = { signal: stop.signal };
    const config = { maxErrorRate: 0.05 };
    await expect(run("evolved", { run: { out: other }, answer, environment, config })).rejects.toThrow("Stopped.");
    await run("evolved", { run: { resume: other }, config });
    expect(await bytes(other, "evolved")).toEqual(alone);
  });

  it("is one that ended within a reasoning which the prompt opened: what was made of it has no text", async () => {
    const profile: CallProfile = {
      identity: {},
      account: null,
      limits: { concurrency: 4, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 1000 },
      price: null,
      reasoning: "cut",
    };
    let call = 0;
    const answer: Answer = async (request) => {
      const { text } = await seeded(request);
      const half = ++call === 90; // of the last round
      const finish = half ? "length" : "stop";
      return { text: half ? text : `They want it.</think>${text}`, tokensIn: 1, tokensOut: 1, finish };
    };
    const config = { maxErrorRate: 0.05 };
    await run("evolved", { answer, profile, config, overrides: { concurrency: 1 } });
    const [half] = (await lines<KeptCall>(dir, "evolved", "calls.jsonl")).filter(({ finish }) => finish === "length");
    const samples = await lines<Sample>(dir, "evolved", "samples.jsonl");
    const failed = samples.filter(({ error }) => error !== null);
    expect(failed).toEqual(samples.filter(({ calls }) => calls?.includes(half!.key)));
    expect(failed.length).toBeGreaterThan(0);
    for (const sample of failed) expect(sample).toMatchObject({ text: null, error: { kind: "reasoning" } });
    expect(await lines<KeptCall>(dir, "evolved", "calls.jsonl")).toContainEqual(
      expect.objectContaining({ raw: expect.stringMatching(/^They want it\.<\/think>/) }),
    );
  });

  it("is made again on resume, and the choice whose options change by it too", async () => {
    const { answer } = counting();
    await run("chosen", { answer, overrides: { concurrency: 1 } });
    const alone = await bytes(dir, "chosen");
    const other = path.join(root, "other");
    const stop = new AbortController();
    const failing = counting((call) => {
      if (call === 45) stop.abort();
      if (call % 9 === 4) throw new CallError("server", "500");
    });
    const options = { config: { maxErrorRate: 0.05 }, overrides: { concurrency: 1 } };
    const environment = { signal: stop.signal };
    const stopped = run("chosen", { run: { out: other }, answer: failing.answer, environment, ...options });
    await expect(stopped).rejects.toThrow("Stopped.");
    await run("chosen", { run: { resume: other }, answer, ...options });
    expect(await bytes(other, "chosen")).toEqual(alone);
  });

  it("gives a text that an answer did not hold no call's error", async () => {
    const answer: Answer = async (request) => ({ ...(await seeded(request)), text: "one two" });
    await run("many", { answer });
    const samples = await lines<Sample>(dir, "many", "samples.jsonl");
    const without = samples.filter(({ text }) => text === null);
    expect(without.length).toBeGreaterThan(0);
    for (const sample of without) expect(sample).toMatchObject({ finish: "error", error: { kind: "not-made" } });
  });
});

describe("prompts kept beside a cell's answers", () => {
  it("stand with the calls where texts have not one each, with the sample elsewhere", async () => {
    const prompt = { system: expect.any(String), user: expect.stringContaining("place") };
    await run("many", { run: { out: dir, keepPrompts: true } });
    for (const call of await lines<KeptCall>(dir, "many", "calls.jsonl")) expect(call).toMatchObject({ prompt });
    const other = path.join(root, "plain");
    await run("plain", { run: { out: other, keepPrompts: true } });
    for (const sample of await lines<Sample>(other, "plain", "samples.jsonl")) expect(sample).toMatchObject({ prompt });
  });
});

describe("what is said of calls", () => {
  let planned: Awaited<ReturnType<typeof planExperiment>>;
  beforeAll(async () => {
    const registries = testRegistries({ methods: METHODS });
    const experiment = await testExperiment(
      { methods: ["plain", "many", "evolved", "chosen"], samples: SAMPLES, cache: { mode: "off" } },
      registries,
    );
    planned = await planExperiment(experiment, registries, testEnvironment());
  });

  it("is said by the plan where texts have not one call each", () => {
    const text = planText(planned);
    expect(text).toContain("town / scripted / plain: 2 x 40 samples\n");
    expect(text).toContain(`town / scripted / many: 2 x 40 samples, at most ${GROUPS} answers a cell\n`);
    expect(text).toContain("town / scripted / evolved: 2 x 40 samples, at most 120 answers a cell\n");
    expect(text).toContain(`scripted: ${2 * (SAMPLES + GROUPS + 120 + 80)} answers, 0 scored texts, 80 choices, `);
    expect(text).toContain("town / scripted / chosen: 2 x 40 samples, at most 80 answers, 40 choices a cell\n");
    const json = planJson(planned);
    expect(json).toMatchObject({
      cells: [
        { method: "plain" },
        {},
        { method: "many", calls: { generated: GROUPS, scored: 0, chosen: 0 } },
        {},
        {},
        {},
        { method: "chosen", calls: { generated: 80, scored: 0, chosen: 40 } },
        {},
      ],
    });
    expect(JSON.stringify(json)).toMatch(/"method":"plain","repeat":0,"samples":40,"skipped":null/);
  });

  it("is said by the report where texts have not one call each", async () => {
    const { dir: folder } = await run("evolved", { config: { methods: ["plain", "evolved"], repeats: 2 } });
    await renderReport(folder, ["md", "html"]);
    const markdown = await readFile(path.join(folder, "report", "report.md"), "utf8");
    expect(markdown).toContain("| Method | Model | Dataset | Answers | Calls a text | Retried |");
    expect(markdown).toContain("| evolved | scripted | town | 240 | 3 | 0 % |");
    expect(markdown).not.toMatch(/^\| plain \| scripted \| town \| 80 \|/m);
    expect(await readFile(path.join(folder, "report", "index.html"), "utf8")).toContain(">Calls a text</th>");
    const other = path.join(root, "plain");
    await run("plain", { run: { out: other } });
    await renderReport(other, ["md"]);
    expect(await readFile(path.join(other, "report", "report.md"), "utf8")).not.toContain("Calls a text");
  });
});
