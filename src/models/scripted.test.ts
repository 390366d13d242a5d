import { describe, expect, it } from "vitest";
import { CallError } from "../core/errors.ts";
import type { Prompt } from "../prompts/prompt.ts";
import { scriptedModel } from "../testing/scripted-model.ts";

const prompt: Prompt = {
  content: { context: { text: "x", label: null }, persona: null, exemplars: [] },
  instruction: "",
  persona: "",
  example: "",
  task: "",
  hash: "h",
};
const request = { prompt, decoding: { temperature: 1, topP: 1, maxTokens: 9 }, seed: 4, sampleIndex: 2 };

describe("scriptedModel", () => {
  it("answers and scores as told", async () => {
    const model = scriptedModel({
      generate: ({ seed, sampleIndex }) => `${seed}/${sampleIndex}`,
      score: ({ continuation }) => Array.from(continuation, () => -0.5),
    });
    expect(await model.generate(request)).toEqual({ text: "4/2", tokensIn: null, tokensOut: null, finish: "stop" });
    expect(await model.score?.({ prompt, continuation: "abc" })).toEqual({
      total: -1.5,
      tokens: Float64Array.of(-0.5, -0.5, -0.5),
    });
    expect(model.can.promptLogprobs).toBe(true);
  });

  it("cannot score without a script for it, and passes failures on", async () => {
    const model = scriptedModel({
      can: { seed: false },
      generate: () => {
        throw new CallError("server", "down", { retryable: true });
      },
    });
    expect(model.score).toBeUndefined();
    expect(model.can).toMatchObject({ promptLogprobs: false, seed: false });
    await expect(model.generate(request)).rejects.toThrow(CallError);
  });

  it("stops when the signal says so", async () => {
    const model = scriptedModel({ generate: () => "late" });
    await expect(model.generate({ ...request, signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
