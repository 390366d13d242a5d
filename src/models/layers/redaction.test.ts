import { expect, it } from "vitest";
import type { Prompt } from "../../prompts/prompt.ts";
import { openRedactor } from "../../prompts/redact.ts";
import { scriptedModel } from "../../testing/scripted-model.ts";
import type { CallProfile, GenerateRequest, ScoreRequest } from "../model.ts";
import { redacted } from "./redaction.ts";
import { through } from "./through.ts";

const prompt: Prompt = {
  content: { context: { text: "", label: null }, persona: null, exemplars: [] },
  instruction: "Write a review.",
  persona: "I am @ann_k of 212-555-2368.",
  example: "Mail me: ann@mail.example, card 4111 1111 1111 1111",
  task: "The shop:",
  hash: "h",
};
const limits = { concurrency: 1, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 1000 };
const profile = (account: string | null): CallProfile => ({
  identity: {},
  account,
  limits,
  price: null,
  reasoning: "cut",
});

async function ask(account: string | null) {
  const generated: GenerateRequest[] = [];
  const scored: ScoreRequest[] = [];
  const scripted = scriptedModel({
    generate: (request) => {
      generated.push(request);
      return "answer to ann@mail.example";
    },
    score: (request) => {
      scored.push(request);
      return [-1];
    },
  });
  let replaced = 0;
  const layer = redacted(await openRedactor(), (count) => {
    replaced += count;
  });
  const model = through({ ...scripted, profile: profile(account) }, [layer]);
  const decoding = { temperature: 1, topP: 1, maxTokens: 5 };
  const answer = await model.generate({ prompt, decoding, seed: 1, sampleIndex: 0 });
  await model.score?.({ prompt, continuation: "or bob@mail.example" });
  return { answer, generated: generated[0]!, scored: scored[0]!, replaced };
}

it("replaces personal data in every slot and in scored texts that leave the process, and counts it", async () => {
  const { answer, generated, scored, replaced } = await ask("server");
  expect(generated.prompt).toMatchObject({
    instruction: "Write a review.",
    persona: "I am [handle] of [phone].",
    example: "Mail me: [email], card [card]",
    task: "The shop:",
  });
  expect(generated.prompt.hash).not.toBe("h");
  expect(generated).toMatchObject({ seed: 1, sampleIndex: 0 });
  expect(scored.prompt.example).toBe("Mail me: [email], card [card]");
  expect(scored.continuation).toBe("or [email]");
  expect(answer.text).toBe("answer to ann@mail.example");
  expect(replaced).toBe(9);
});

it("leaves what stays in the process as it is", async () => {
  const { generated, scored, replaced } = await ask(null);
  expect(generated.prompt).toBe(prompt);
  expect(scored.continuation).toBe("or bob@mail.example");
  expect(replaced).toBe(0);
});
