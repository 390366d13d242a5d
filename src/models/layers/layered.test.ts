import { appendFile, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CallError } from "../../core/errors.ts";
import { silent } from "../../core/progress.ts";
import { callServices as services } from "../../testing/call-services.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { testRecording } from "../../testing/test-recording.ts";
import { tokensAtMost } from "../calls/prompt-texts.ts";
import type { BaseModel, GenerateRequest } from "../model.ts";
import { CallCache } from "./cache.ts";
import { layered } from "./layered.ts";
import { Meter } from "./meter.ts";
import { Recording } from "./recording.ts";

const folder = testFolder();

const prompt = {
  content: { context: { text: "", label: null }, persona: null, exemplars: [] },
  instruction: "Write.",
  persona: "",
  example: "",
  task: "A review:",
  hash: "h",
};
const decoding = { temperature: 1, topP: 1, maxTokens: 10 };
const request = (sampleIndex: number): GenerateRequest => ({ prompt, decoding, seed: 1000 + sampleIndex, sampleIndex });

/** A model behind a server that numbers its answers. */
function numbering(revision = "a"): BaseModel & { asked: () => number } {
  let asked = 0;
  return {
    id: "fake:numbering",
    can: { chat: true, completion: true, promptLogprobs: true, endLogprobs: false, seed: false, instructions: true },
    remark: null,
    description: {},
    profile: {
      identity: { provider: "fake", revision },
      account: "fake",
      limits: { concurrency: 4, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 60_000 },
      price: null,
      reasoning: "cut",
    },
    asked: () => asked,
    async generate() {
      asked += 1;
      return { text: `answer ${asked}`, tokensIn: 3, tokensOut: 2, finish: "stop" };
    },
    async score() {
      asked += 1;
      return { total: -asked - 0.5, tokens: Float64Array.of(-asked, -0.5) };
    },
  };
}

describe("layered", () => {
  it("gives N draws for N equal prompts, also from a warm cache", async () => {
    const cache = await CallCache.open(path.join(folder, "draws"), silent);
    const model = numbering();
    const draw = async (meter: Meter) => {
      const wrapped = layered(model, services({ cache, meter }));
      return Promise.all([0, 1, 2, 3].map(async (i) => wrapped.generate(request(i))));
    };
    const cold = await draw(new Meter());
    const meter = new Meter();
    const warm = await draw(meter);
    expect(new Set(cold.map(({ text }) => text)).size).toBe(4);
    expect(warm.map(({ text }) => text)).toEqual(cold.map(({ text }) => text));
    expect(model.asked()).toBe(4);
    expect(meter.spent).toMatchObject({ cached: 4, generated: 0, oldestCachedAt: "1970-01-01T00:16:40.000Z" });
    expect(warm[0]?.cachedAt).toBe(1_000_000);
    cache.close();
  });

  it("asks again for another revision, another seed and in mode refresh", async () => {
    const cache = await CallCache.open(path.join(folder, "keys"), silent);
    const first = numbering("a");
    await layered(first, services({ cache })).generate(request(0));
    const other = numbering("b");
    await layered(other, services({ cache })).generate(request(0));
    expect(other.asked()).toBe(1);
    await layered(first, services({ cache })).generate({ ...request(0), seed: 5 });
    expect(first.asked()).toBe(2);
    await layered(first, services({ cache, cacheMode: "refresh" })).generate(request(0));
    expect(first.asked()).toBe(3);
    const cached = await layered(first, services({ cache })).generate(request(0));
    expect(cached.text).toBe("answer 3");
    cache.close();
  });

  it("caches scores exactly and shares them between samples", async () => {
    const cache = await CallCache.open(path.join(folder, "scores"), silent);
    const model = numbering();
    const wrapped = layered(model, services({ cache }));
    const asked = await wrapped.score?.({ prompt, continuation: "fine" });
    const cached = await wrapped.score?.({ prompt, continuation: "fine" });
    expect(cached).toEqual({ ...asked, cachedAt: 1_000_000 });
    expect(cached?.total).toBe(-1.5);
    expect(model.asked()).toBe(1);
    cache.close();
  });

  it("keeps a text's score with its end apart from the one without, and from one after other tokens", async () => {
    const cache = await CallCache.open(path.join(folder, "ends"), silent);
    const model = { ...numbering(), scoring: { begin: null, end: "</s>", asItAnswers: true } };
    const score = (end: boolean | undefined, begin: string | null = null) =>
      layered({ ...model, scoring: { ...model.scoring, begin } }, services({ cache })).score?.({
        prompt,
        continuation: "fine",
        ...(end === undefined ? {} : { end }),
      });
    const totals = [await score(true), await score(false), await score(undefined), await score(true, "<s>")];
    expect(totals.map((scored) => scored?.total)).toEqual([-1.5, -2.5, -1.5, -3.5]);
    const bare = layered(numbering(), services({ cache }));
    await expect(bare.score?.({ prompt, continuation: "fine", end: true })).rejects.toThrow(/cannot score the end/);
    cache.close();
  });

  it("replays scores as they were found to be when they were recorded", async () => {
    const file = path.join(folder, "scored.jsonl");
    const found = { begin: "<s>", end: "</s>", asItAnswers: false };
    const recording = await testRecording(file);
    const scoring = await recording.settleScoring("fake:numbering", found);
    const live = await layered(numbering(), services({ recording }), scoring).score?.({ prompt, continuation: "fine" });
    const replayed = await Recording.replay(file);
    const settled = await replayed.settleScoring("fake:numbering", { begin: null, end: null, asItAnswers: true });
    expect(settled).toEqual(found);
    const replay = layered(numbering(), services({ recording: replayed }), settled);
    expect(await replay.score?.({ prompt, continuation: "fine" })).toEqual(live);
    expect(replay.scoring).toEqual(found);
  });

  it("replays a recording without asking, and says when an answer is missing", async () => {
    const file = path.join(folder, "recorded.jsonl");
    const model = numbering();
    const recording = await testRecording(file);
    const live = layered(model, services({ recording }));
    const answers = [await live.generate(request(0)), await live.generate(request(1))];
    const replay = layered(numbering(), services({ recording: await Recording.replay(file), offline: true }));
    expect([await replay.generate(request(0)), await replay.generate(request(1))].map(({ text }) => text)).toEqual(
      answers.map(({ text }) => text),
    );
    await expect(replay.generate(request(2))).rejects.toThrow(/Record again/);
    await expect(testRecording(file)).rejects.toThrow(/Name a new file/);
    await appendFile(file, '{"key": "torn');
    const further = layered(numbering(), services({ recording: await testRecording(file, true) }));
    await further.generate(request(2));
    const whole = layered(numbering(), services({ recording: await Recording.replay(file), offline: true }));
    expect((await whole.generate(request(0))).text).toBe(answers[0]?.text);
    expect((await whole.generate(request(2))).text).toBe("answer 1");
  });

  it("finds what earlier versions cached", async () => {
    const cache = await CallCache.open(path.join(folder, "earlier"), silent);
    const completion = { text: "as before", tokensIn: 3, tokensOut: 2, finish: "stop" };
    await cache.put("835d91fadc644791508e7ecf4c8cff97a1c252a3f08c1e501871badd61225aab", { at: 7, completion });
    await cache.put("9e1e0ab787047f0f03365041e7e352e0fbedce8985a31b5125573f2de68f425f", { at: 8, tokens: [-1, -2] });
    await cache.put("9c82cb22bc67f7507a6b6b07a2700553c39885870c6c1fd9348a0348936f3bff", { at: 9, tokens: [-3] });
    const bare = layered(numbering(), services({ cache }));
    expect(await bare.generate(request(0))).toEqual({ ...completion, cachedAt: 7 });
    const cool = { prompt, continuation: "fine", end: false, temperature: 0.5 };
    expect(await bare.score?.(cool)).toMatchObject({ total: -3, cachedAt: 9 });
    const scoring = { begin: "<s>", end: "</s>", asItAnswers: true };
    const ending = layered({ ...numbering(), scoring }, services({ cache }));
    expect(await ending.score?.({ prompt, continuation: "fine" })).toMatchObject({ total: -3, cachedAt: 8 });
    cache.close();
  });

  it("writes recordings whose lines are the same for the same answers", async () => {
    const file = path.join(folder, "earlier.jsonl");
    const model = layered(numbering(), services({ recording: await testRecording(file) }));
    await model.generate(request(0));
    await model.score?.({ prompt, continuation: "fine", end: false, temperature: 0.5 });
    expect(await readFile(file, "utf8")).toBe(
      `{"key":"835d91fadc644791508e7ecf4c8cff97a1c252a3f08c1e501871badd61225aab","kept":{"at":1000000,"completion":{"text":"answer 1","tokensIn":3,"tokensOut":2,"finish":"stop"}},"checksum":"ae6a54061719d1ffc129074d0818e76a758a31c02e470a4d48de5564b3e01603"}
{"key":"9c82cb22bc67f7507a6b6b07a2700553c39885870c6c1fd9348a0348936f3bff","kept":{"at":1000000,"tokens":[-2,-0.5]},"checksum":"c8f03b9eece73657fc1331fa244605caf0d52921f6a1bbb5b04abfd6ec301f06"}
`,
    );
  });

  it("records each of many calls at once, in whole lines", async () => {
    const file = path.join(folder, "many.jsonl");
    const model = layered(numbering(), services({ recording: await testRecording(file) }));
    const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => model.generate(request(i))));
    const replay = layered(numbering(), services({ recording: await Recording.replay(file) }));
    for (const [i, { text }] of answers.entries()) expect((await replay.generate(request(i))).text).toBe(text);
    expect((await readFile(file, "utf8")).split("\n")).toHaveLength(301);
  });

  it("asks again where the cache holds an answer of another kind, and refuses to replay one", async () => {
    const key = "835d91fadc644791508e7ecf4c8cff97a1c252a3f08c1e501871badd61225aab";
    const cache = await CallCache.open(path.join(folder, "mixed"), silent);
    await cache.put(key, { at: 7, tokens: [-1] });
    const answer = await layered(numbering(), services({ cache })).generate(request(0));
    expect(answer).toEqual({ text: "answer 1", tokensIn: 3, tokensOut: 2, finish: "stop" });
    cache.close();
    const file = path.join(folder, "mixed.jsonl");
    await (await testRecording(file)).add(key, { at: 7, tokens: [-1] });
    const replay = layered(numbering(), services({ recording: await Recording.replay(file) }));
    await expect(replay.generate(request(0))).rejects.toThrow(/cannot be read. Record again/);
  });

  it("refuses to call out when offline", () => {
    expect(() => layered(numbering(), services({ offline: true }))).toThrow(/--offline/);
  });

  it("refuses a budget in dollars for a model whose price is not known", () => {
    expect(() => layered(numbering(), services({ meter: new Meter({ usd: 1 }) }))).toThrow(/needs the price/);
  });

  it("holds nothing of the budget while a call waits to be made again, and counts each attempt", async () => {
    const model = numbering();
    const served: number[] = [];
    const generate: BaseModel["generate"] = async ({ sampleIndex }) => {
      served.push(sampleIndex);
      if (served.length === 1) throw new CallError("server", "busy", { retryable: true });
      return { text: "fine", tokensIn: 3, tokensOut: 2, finish: "stop" };
    };
    const one = tokensAtMost(prompt) + decoding.maxTokens;
    const meter = new Meter({ tokens: one + 5, calls: 3 });
    const wrapped = layered({ ...model, generate }, services({ meter }));
    await Promise.all([wrapped.generate(request(0)), wrapped.generate(request(1))]);
    expect(served).toEqual([0, 1, 0]);
    expect(meter.spent).toMatchObject({ generated: 2, retries: 1, errors: 0, atMost: { calls: 3, tokens: 10 } });
    await expect(wrapped.generate(request(2))).rejects.toThrow(/Raise budget.calls/);
  });

  it("writes nothing of the environment into the cache", async () => {
    const files = await readdir(path.join(folder, "draws", "calls"));
    const contents = await Promise.all(
      files.map((name) => readFile(path.join(folder, "draws", "calls", name), "latin1")),
    );
    expect(contents.join("")).toContain("answer 1");
    expect(contents.join("")).not.toContain(process.env.PATH ?? "no path");
  });

  it("drops the oldest answers when it has grown too large", async () => {
    const where = path.join(folder, "bounded");
    const cache = await CallCache.open(where, silent);
    const answer = { text: "x", tokensIn: 1, tokensOut: 1, finish: "stop" };
    for (let i = 0; i < 8; i++) await cache.put(`k${i}`, { at: i, completion: answer });
    cache.close();
    const smaller = await CallCache.open(where, silent, 1);
    expect(smaller.get("k0")).toBeUndefined();
    expect(smaller.get("k7")).toBeDefined();
    expect(smaller.summary().entries).toBe(6);
    smaller.close();
    const roomy = await CallCache.open(where, silent, 6 * 4096); // the file keeps its size, the entries do not need it
    expect(roomy.summary().entries).toBe(6);
    roomy.close();
    const last = await CallCache.open(where, silent);
    last.clear();
    expect(last.summary().entries).toBe(0);
    last.close();
  });
});
