import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import PQueue from "p-queue";
import { expect, it, vi } from "vitest";
import { CallError, InterruptedError } from "../core/errors.ts";
import { silent } from "../core/progress.ts";
import { Stream } from "../core/stream.ts";
import { mop } from "../methods/mop.ts";
import type { BaseModel } from "../models/model.ts";
import { defaultTemplates } from "../prompts/defaults.ts";
import { createRenderer } from "../prompts/render.ts";
import { type Answer, seeded, testRun } from "../testing/experiment.ts";
import { scriptedModel } from "../testing/scripted-model.ts";
import { testFolder } from "../testing/test-folder.ts";
import type { AskerJob } from "./asker.ts";
import { FitCalls } from "./fit-calls.ts";

const CANDIDATES = 6;
const ANSWERS = 4;
const FIT = CANDIDATES * ANSWERS;
const method = {
  mop: { objective: "mmd", personas: 3, exemplars: 8, records: 30, candidates: CANDIDATES, answers: ANSWERS },
};

function run(folder: { readonly out?: string; readonly resume?: string }, answer: Answer, signal?: AbortSignal) {
  return testRun({
    run: folder,
    world: { answer, methods: { mop } },
    config: { methods: [method], repeats: 1 },
    environment: signal === undefined ? {} : { signal },
  });
}

const artifact = (folder: string) => path.join(folder, "artifacts/town/scripted/mop");

const prompts = await createRenderer(defaultTemplates);
const prompt = prompts.render({ context: { text: "x", label: null }, persona: null, exemplars: [] });

function jobOn(model: BaseModel): AskerJob {
  return {
    dir: testFolder(),
    owner: "test",
    progress: silent,
    model,
    decoding: { temperature: 1, topP: 1, maxTokens: 5 },
    random: Stream.root(1),
    queue: new PQueue({ concurrency: 2 }),
    signal: new AbortController().signal,
    keepPrompts: false,
  };
}

it("asks again for an answer without text, which can have ended the fit", async () => {
  const model = scriptedModel({ generate: ({ seed }) => (seed === 1 ? " " : "text") });
  const job = jobOn(model);
  const ask = async () => {
    const calls = new FitCalls(job);
    const replies = await Promise.all([1, 2].map((seed) => calls.ask({ key: `call ${seed}`, prompt, seed })));
    await calls.close();
    return replies.map(({ cached }) => cached);
  };
  expect(await ask()).toEqual([false, false]);
  expect(await ask()).toEqual([false, true]);
});

it("asks nothing twice for a fit that was stopped, and ends with the same weights", async () => {
  const root = testFolder();
  let asked = 0;
  const counting: Answer = (request) => {
    asked += 1;
    return seeded(request);
  };
  const alone = path.join(root, "alone");
  await run({ out: alone }, counting);
  expect(asked).toBe(FIT + 20);
  expect(await readdir(artifact(alone))).not.toContain("calls.partial.jsonl");

  const other = path.join(root, "other");
  const stop = new AbortController();
  let first = 0;
  const stopping: Answer = (request) => {
    if (++first === 10) stop.abort();
    if (first === 4) throw new CallError("server", "500"); // one of 24 may fail, and is asked again on resume
    return seeded(request);
  };
  await expect(run({ out: other }, stopping, stop.signal)).rejects.toThrow(InterruptedError);
  expect(await readdir(artifact(other))).toContain("calls.partial.jsonl");
  asked = 0;
  await run({ resume: other }, counting);
  expect(asked).toBe(FIT - 9 + 20);
  expect(await readdir(artifact(other))).not.toContain("calls.partial.jsonl");
  const kept = (folder: string) => readFile(path.join(artifact(folder), "mop.json"), "utf8");
  expect(await kept(other)).toBe(await kept(alone));
});

it("makes no call that comes after the end, and opens no second journal", async () => {
  let asked = 0;
  const generate = () => {
    asked += 1;
    return "text";
  };
  const job = jobOn(scriptedModel({ generate }));
  for (const askedBefore of [true, false]) {
    const calls = new FitCalls(job);
    if (askedBefore) await calls.ask({ key: "in time", prompt });
    await calls.finish();
    await expect(calls.ask({ key: "late", prompt })).rejects.toThrow(InterruptedError);
    await calls.close();
  }
  expect(asked).toBe(1);
  expect(await readdir(job.dir)).toEqual([]);
});

it("tells calls that outlive a failure what failed, those too that wait", async () => {
  let asked = 0;
  const waiting: (() => void)[] = [];
  const generate = async () => {
    asked += 1;
    await new Promise<void>((resolve) => waiting.push(resolve));
    return "text";
  };
  const calls = new FitCalls(jobOn(scriptedModel({ generate })));
  const early = Promise.allSettled([1, 2, 3].map((n) => calls.ask({ key: `call ${n}`, prompt })));
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  const failure = new RangeError("the fit failed");
  await calls.stop(failure);
  for (const answer of waiting) answer();
  await calls.close();
  expect((await early).map((outcome) => (outcome.status === "rejected" ? outcome.reason : null))).toEqual([
    null,
    null,
    failure,
  ]);
  await expect(calls.ask({ key: "late", prompt })).rejects.toBe(failure);
  expect(asked).toBe(2);
});
