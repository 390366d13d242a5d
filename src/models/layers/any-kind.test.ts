import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CallError } from "../../core/errors.ts";
import { silent } from "../../core/progress.ts";
import { openRedactor } from "../../prompts/redact.ts";
import { callServices } from "../../testing/call-services.ts";
import { scriptedModel } from "../../testing/scripted-model.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { testRecording } from "../../testing/test-recording.ts";
import type { CallKind } from "../calls/call.ts";
import { generate } from "../calls/generate.ts";
import type { BaseModel, CallAnswer, CallRequest } from "../model.ts";
import { CallCache } from "./cache.ts";
import { layered } from "./layered.ts";
import { Meter } from "./meter.ts";
import { Recording } from "./recording.ts";

interface RankRequest extends CallRequest {
  readonly texts: readonly string[];
}
interface Ranked extends CallAnswer {
  readonly order: readonly number[];
  readonly reason: string;
}

declare module "../model.ts" {
  interface BaseModel {
    rank?(request: RankRequest): Promise<Ranked>;
  }
}

/** A kind of call that none of the layers has heard of. */
const rank: CallKind<RankRequest, Ranked> = {
  name: "rank",
  lacking: "ranks nothing",
  provided: (model) => model.rank?.bind(model),
  key: ({ texts }) => ({ texts }),
  encode: ({ order, reason }) => ({ order, reason }),
  decode: (cached) => z.object({ order: z.array(z.number()), reason: z.string() }).safeParse(cached).data ?? null,
  bound: ({ texts }) => ({ tokensIn: texts.join().length, tokensOut: 10 }),
  cost: () => ({ tokensIn: 7, tokensOut: 3 }),
  mapTexts: (request, map) => ({ ...request, texts: request.texts.map(map) }),
  mapWritten: (answer, map) => {
    const written = { text: answer.reason, tokensIn: null, tokensOut: null, finish: "stop" as const };
    return { ...answer, reason: map(written).text };
  },
};

const folder = testFolder();

/** A model behind a server that ranks by length, and notes what it was asked. @param failures that come first */
function ranking(...failures: readonly CallError[]): BaseModel & { readonly asked: RankRequest[] } {
  const left = [...failures];
  const asked: RankRequest[] = [];
  return {
    ...scriptedModel({ id: "fake:ranking", generate: () => "no" }),
    profile: {
      identity: { provider: "fake" },
      account: "fake",
      limits: { concurrency: 4, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 60_000 },
      price: { inputPerMillion: 1, outputPerMillion: 1 },
      reasoning: "cut",
    },
    asked,
    async rank(request) {
      asked.push(request);
      const failure = left.shift();
      if (failure !== undefined) throw failure;
      const order = request.texts.map((_, i) => i).sort((a, b) => request.texts[a]!.length - request.texts[b]!.length);
      return { order, reason: "<think>Which is short?</think>The shorter the better." };
    },
  };
}

const request = { texts: ["Mail ann@mail.example, please", "Hello"] };
const answer = { order: [1, 0], reason: "The shorter the better." };

describe("a kind of call that no layer knows", () => {
  it("passes all of them together", async () => {
    const file = path.join(folder, "ranked.jsonl");
    const cache = await CallCache.open(path.join(folder, "ranked"), silent);
    const [recording, redact] = [await testRecording(file), await openRedactor()];
    const model = layered(ranking(), callServices({ cache, recording, redact }));
    expect(await model.call(rank, request)).toEqual(answer);
    cache.close();
  });

  it("is redacted", async () => {
    const [model, meter] = [ranking(), new Meter()];
    await layered(model, callServices({ redact: await openRedactor(), meter })).call(rank, request);
    expect(model.asked[0]?.texts).toEqual(["Mail [email], please", "Hello"]);
    expect(meter.spent.redacted).toBe(1);
  });

  it("has its reasoning cut", async () => {
    const { reason } = await layered(ranking(), callServices()).call(rank, request);
    expect(reason).toBe("The shorter the better.");
  });

  it("is recorded as it came, and replayed", async () => {
    const file = path.join(folder, "recorded.jsonl");
    await layered(ranking(), callServices({ recording: await testRecording(file) })).call(rank, request);
    expect(await readFile(file, "utf8")).toMatch(/"kept":{"at":1000000,"order":\[1,0\],"reason":"<think>/);
    const model = ranking();
    const replay = layered(model, callServices({ recording: await Recording.replay(file), offline: true }));
    expect(await replay.call(rank, request)).toEqual(answer);
    expect(model.asked).toEqual([]);
    await expect(replay.call(rank, { texts: ["other"] })).rejects.toThrow(/holds no answer/);
  });

  it("is cached", async () => {
    const cache = await CallCache.open(path.join(folder, "cached"), silent);
    const [model, meter] = [ranking(), new Meter()];
    const asking = layered(model, callServices({ cache, meter }));
    await asking.call(rank, request);
    expect(await asking.call(rank, request)).toEqual({ ...answer, cachedAt: 1_000_000 });
    expect(model.asked).toHaveLength(1);
    expect(meter.spent).toMatchObject({ cached: 1, others: { rank: 1 } });
    cache.close();
  });

  it("is metered, under the budget", async () => {
    const meter = new Meter({ tokens: 70 });
    const asking = layered(ranking(), callServices({ meter }));
    await asking.call(rank, request);
    expect(meter.spent).toMatchObject({ generated: 0, scored: 0, chosen: 0, others: { rank: 1 }, tokensIn: 7 });
    await expect(asking.call(rank, { texts: ["x".repeat(60)] })).rejects.toThrow(/Raise budget.tokens/);
  });

  it("is made again after a failure that may pass", async () => {
    const [model, meter] = [ranking(new CallError("server", "busy", { retryable: true })), new Meter()];
    const answered = await layered(model, callServices({ meter })).call(rank, request);
    expect(answered).toEqual({ ...answer, retries: 1 });
    expect(meter.spent).toMatchObject({ retries: 1, errors: 0 });
  });

  it("waits at the account's limiter, which a fatal failure closes for all kinds", async () => {
    const model = ranking(new CallError("auth", "wrong key", { fatal: true }));
    const asking = layered(model, callServices());
    await expect(asking.call(rank, request)).rejects.toThrow("wrong key");
    expect(model.asked[0]?.signal).toBeInstanceOf(AbortSignal);
    await expect(asking.call(rank, request)).rejects.toThrow("wrong key");
    expect(model.asked).toHaveLength(1);
    const prompt = { content: { context: { text: "", label: null }, persona: null, exemplars: [] }, instruction: "" };
    const decoding = { temperature: 1, topP: 1, maxTokens: 1 };
    const drawn = { prompt: { ...prompt, persona: "", example: "", task: "", hash: "" }, decoding, seed: 1 };
    await expect(asking.call(generate, { ...drawn, sampleIndex: 0 })).rejects.toThrow("wrong key");
  });

  it("is refused in a sentence by a model without it", async () => {
    const bare = layered(scriptedModel({ generate: () => "no" }), callServices());
    await expect(bare.call(rank, request)).rejects.toThrow("Model `scripted:model` ranks nothing.");
  });
});
