import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { portOf, sendJson } from "../../../tests/support/completions-server.ts";
import { tinyLlama } from "../../../tests/support/tiny-llama.ts";
import { probing } from "../../models/layers/probing.ts";
import { callServices } from "../../testing/call-services.ts";
import { plainPrompt } from "../render.ts";
import { huggingface } from "./huggingface.ts";

const model = tinyLlama();
const asked = z.object({ inputs: z.string() });
const seen: { url: string; authorization: string | undefined; body: string }[] = [];

/** TGI's two routes; under /without it was started without prefill log-probabilities. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString("utf8");
    const url = request.url ?? "";
    seen.push({ url, authorization: request.headers.authorization, body });
    if (url.endsWith("/generate")) {
      const ids = model.tokenize(asked.parse(JSON.parse(body)).inputs);
      const rows = model.forward(ids);
      const prefill = ids.map((id, i) => ({ id, text: model.piece(id), logprob: i === 0 ? null : rows[i - 1]![id]! }));
      sendJson(response, 200, { generated_text: "x", details: { prefill: url.startsWith("/without") ? [] : prefill } });
    } else if (url.startsWith("/broken/")) {
      sendJson(response, 200, { choices: "none" });
    } else if (url.endsWith("/v1/chat/completions")) {
      const message = { role: "assistant", content: "A fine place." };
      const choices = [{ index: 0, message, finish_reason: "stop" }];
      sendJson(response, 200, { choices, usage: { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 } });
    } else sendJson(response, 404, { error: "no such route" });
  });
});
let base = "";
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${portOf(server)}`;
});
afterAll(() => server.close());

const environment = {
  id: "huggingface:tiny",
  dataset: "d",
  background: [],
  env: {},
  baseDir: ".",
  offline: false,
  probe: probing(callServices(), undefined),
};
const prompt = {
  content: { context: { text: "", label: null }, persona: null, exemplars: [] },
  instruction: "Write a review.",
  persona: "",
  example: "",
  task: "Your review:",
  hash: "h",
};

describe("huggingface provider", () => {
  it("chats through a dedicated endpoint", async () => {
    const opened = await huggingface.bind({ model: "org/tiny", endpointUrl: base }).create(environment);
    const decoding = { temperature: 0.7, topP: 0.9, maxTokens: 20 };
    const completion = await opened.generate({ prompt, decoding, seed: 7, sampleIndex: 0 });
    expect(completion).toEqual({ text: "A fine place.", finish: "stop", tokensIn: 4, tokensOut: 3 });
    expect(seen.at(-1)?.url).toBe("/v1/chat/completions");
    expect(JSON.parse(seen.at(-1)?.body ?? "{}")).toMatchObject({
      seed: 7,
      temperature: 0.7,
      top_p: 0.9,
      max_tokens: 20,
    });
  });

  it("takes an answer of another form for a failure that may pass", async () => {
    const opened = await huggingface.bind({ model: "org/tiny", endpointUrl: `${base}/broken` }).create(environment);
    const asked = opened.generate({
      prompt,
      decoding: { temperature: 1, topP: 1, maxTokens: 2 },
      seed: 1,
      sampleIndex: 0,
    });
    await expect(asked).rejects.toMatchObject({ name: "CallError", kind: "malformed", retryable: true });
  });

  it("scores by prefill exactly what the model says, the end of the text included", async () => {
    const opened = await huggingface.bind({ model: "org/tiny", endpointUrl: base }).create(environment);
    const continuation = "the soup was fine";
    const sum = (text: string) => {
      const ids = model.tokenize(text);
      const rows = model.forward(ids);
      return ids.slice(1).reduce((total, id, i) => total + rows[i]![id]!, 0);
    };
    const before = plainPrompt(prompt);
    const scored = await opened.score?.({ prompt, continuation });
    expect(scored?.total).toBeCloseTo(sum(`${before + continuation}</s>`) - sum(before), 9);
    const bare = await opened.score?.({ prompt, continuation, end: false });
    expect(bare?.total).toBeCloseTo(sum(before + continuation) - sum(before), 9);
    expect(opened.scoring).toEqual({ begin: null, end: "</s>", asItAnswers: false });
  });

  it("says what is missing when the endpoint gives no prefill", async () => {
    const opened = await huggingface.bind({ model: "org/tiny", endpointUrl: `${base}/without` }).create(environment);
    expect(opened.can.promptLogprobs).toBe(false);
    expect(String(opened.description.scoring)).toContain("--enable-prefill-logprobs");
  });

  it("knows without asking that inference providers give no prompt log-probabilities, and names the token's variable", async () => {
    const opened = await huggingface.bind({ model: "org/tiny" }).create({ ...environment, env: { HF_TOKEN: "hf_x" } });
    expect(opened.can.promptLogprobs).toBe(false);
    await expect(huggingface.bind({ model: "org/tiny" }).create(environment)).rejects.toThrow(/HF_TOKEN/);
  });
});
