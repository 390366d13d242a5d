import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CompletionsServer, completionsServer } from "../../../tests/support/completions-server.ts";
import { EOS, tinyLlama } from "../../../tests/support/tiny-llama.ts";
import { probing } from "../../models/layers/probing.ts";
import { callServices } from "../../testing/call-services.ts";
import { plainPrompt } from "../render.ts";
import { openai } from "./openai.ts";

const model = tinyLlama();
const environment = {
  id: "openai:tiny",
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
  persona: "You are thrifty.",
  example: "",
  task: "Your review:",
  hash: "h",
};
const decoding = { temperature: 1, topP: 1, maxTokens: 6 };

let server: CompletionsServer;
beforeAll(async () => {
  server = await completionsServer(model);
});
afterAll(() => server.close());

const open = (options: object = {}) =>
  openai.bind({ model: "tiny", baseUrl: server.baseUrl, ...options }).create(environment);

/** log p(continuation | prompt) straight from the model. */
function exact(before: string, continuation: string, by = model): number {
  const sum = (text: string) => {
    const ids = by.tokenize(text);
    const rows = by.forward(ids);
    return ids.slice(1).reduce((total, id, i) => total + rows[i]![id]!, 0);
  };
  return sum(before + continuation) - sum(before);
}

describe("openai provider", () => {
  it("draws by seed through the chat route, roles as they are", async () => {
    const chat = await open();
    const draw = (seed: number) => chat.generate({ prompt, decoding, seed, sampleIndex: 0 });
    expect((await draw(1)).text).toBe((await draw(1)).text);
    expect((await draw(1)).text).not.toBe((await draw(2)).text);
    const sent = JSON.parse(server.requests.at(-1)?.body ?? "{}");
    expect(sent.messages).toEqual([
      { role: "system", content: "Write a review.\n\nYou are thrifty." },
      { role: "user", content: "Your review:" },
    ]);
    expect(sent).toMatchObject({ seed: 2, temperature: 1, top_p: 1, max_tokens: 6 });
  });

  it("scores exactly what the model says, also where tokens merge across the boundary", async () => {
    const completions = await open({ api: "completions" });
    expect(completions.can.promptLogprobs).toBe(true);
    for (const [task, continuation] of [
      ["Your review:", "the soup was fine"],
      ["Your review: t", "he end"],
      ["Your review:", "\u00e9\u65e5 ok"],
    ] as const) {
      const asked = { ...prompt, task };
      const scored = await completions.score?.({ prompt: asked, continuation, end: false });
      expect(scored?.total).toBeCloseTo(exact(plainPrompt(asked), continuation), 9);
      expect(scored?.tokens.reduce((sum, value) => sum + value, 0)).toBeCloseTo(scored?.total ?? Number.NaN, 9);
    }
  });

  it("takes the end of a text for its last token, unless asked not to", async () => {
    const completions = await open({ api: "completions" });
    expect(completions.can.endLogprobs).toBe(true);
    expect(completions.scoring).toEqual({ begin: null, end: "</s>", asItAnswers: true });
    const [whole, bare] = [
      await completions.score?.({ prompt, continuation: "the soup was fine" }),
      await completions.score?.({ prompt, continuation: "the soup was fine", end: false }),
    ];
    const ids = model.tokenize(`${plainPrompt(prompt)}the soup was fine`);
    expect(whole?.tokens.at(-1)).toBeCloseTo(model.forward(ids).at(-1)![EOS]!, 9);
    expect([...(whole?.tokens.slice(0, -1) ?? [])]).toEqual([...(bare?.tokens ?? [])]);
  });

  it("names a server that reads no end token, and refuses to score one there", async () => {
    const spelled = { ...model, tokenize: (text: string) => model.tokenize(text.replaceAll("</s>", "< /s>")) };
    const other = await completionsServer(spelled);
    const opened = await openai.bind({ model: "tiny", baseUrl: other.baseUrl }).create(environment);
    expect(opened.can).toMatchObject({ promptLogprobs: true, endLogprobs: false });
    expect(opened.description.scoring).toMatch(/the end of a text cannot be scored/);
    await expect(opened.score?.({ prompt, continuation: "fine", end: true })).rejects.toThrow(/cannot score the end/);
    await other.close();
  });

  it("says that texts are scored after other tokens than the chat route answers after", async () => {
    expect((await open()).scoring?.asItAnswers).toBe(false);
  });

  it.each([
    ["llama", null],
    ["chatml", "<|im_start|>"],
  ] as const)(
    "reads what llama-cpp-python lists for a %s vocabulary as the model's own values",
    async (style, begin) => {
      const own = tinyLlama(42, style);
      const other = await completionsServer(own, { echo: "llama-cpp-python" });
      const opened = await openai
        .bind({ model: "tiny", baseUrl: other.baseUrl, api: "completions" })
        .create(environment);
      expect(opened.scoring).toEqual({
        begin,
        end: style === "llama" ? "</s>" : "<|im_end|>",
        asItAnswers: begin === null,
      });
      const before = `${begin ?? ""}${plainPrompt(prompt)}`;
      for (const continuation of ["the soup was fine", "\u00e9\u65e5 ok"]) {
        const scored = await opened.score?.({ prompt, continuation });
        expect(scored?.total).toBeCloseTo(exact(before, `${continuation}${opened.scoring?.end}`, own), 9);
      }
      await other.close();
    },
  );

  it("draws answers after the token that the config puts in front of prompts", async () => {
    const own = tinyLlama(42, "chatml");
    const other = await completionsServer(own, { echo: "llama-cpp-python" });
    const opened = await openai
      .bind({ model: "tiny", baseUrl: other.baseUrl, api: "completions", bosToken: "<|im_start|>" })
      .create(environment);
    expect(opened.scoring).toEqual({ begin: null, end: "<|im_end|>", asItAnswers: true });
    await opened.generate({ prompt, decoding, seed: 1, sampleIndex: 0 });
    expect(JSON.parse(other.requests.at(-1)?.body ?? "{}").prompt).toBe(`<|im_start|>${plainPrompt(prompt)}`);
    await other.close();
  });

  it("says how many tokens a score took: the prompt's own are paid once", async () => {
    const completions = await open({ api: "completions" });
    const [before, whole] = [plainPrompt(prompt), `${plainPrompt(prompt)}fine`].map(
      (text) => model.tokenize(text).length,
    );
    const [first, second] = [
      await completions.score?.({ prompt, continuation: "fine", end: false }),
      await completions.score?.({ prompt, continuation: "fine", end: false }),
    ];
    expect([first?.tokensIn, second?.tokensIn]).toEqual([(before ?? 0) + (whole ?? 0), whole]);
  });

  it("refuses to score at another temperature than the model's own", async () => {
    const completions = await open({ api: "completions" });
    await expect(completions.score?.({ prompt, continuation: "fine", temperature: 0.6 })).rejects.toMatchObject({
      kind: "bad-request",
      fatal: false,
    });
  });

  it.each(["generated-only", "refused"] as const)("refuses to score by a server whose echo is %s", async (echo) => {
    const other = await completionsServer(model, { echo });
    const opened = await openai.bind({ model: "tiny", baseUrl: other.baseUrl }).create(environment);
    expect(opened.can.promptLogprobs).toBe(false);
    expect(opened.score).toBeUndefined();
    expect(String(opened.description.scoring)).toMatch(/no prompt log-probabilities/);
    await other.close();
  });

  it("does not ask the server anything when nothing needs scores", async () => {
    const before = server.requests.length;
    await openai.bind({ model: "tiny", baseUrl: server.baseUrl }).create({ ...environment, probe: undefined });
    expect(server.requests.length).toBe(before);
  });

  it("names a missing key's variable, and keeps a given one to the header", async () => {
    await expect(open({ apiKeyEnv: "NO_SUCH_KEY" })).rejects.toThrow(/NO_SUCH_KEY/);
    await expect(openai.bind({ model: "gpt-4.1-mini" }).create(environment)).rejects.toThrow(/OPENAI_API_KEY/);
    const keyed = await openai
      .bind({ model: "tiny", baseUrl: server.baseUrl, apiKeyEnv: "KEY" })
      .create({ ...environment, env: { KEY: "sk-sentinel" } });
    await keyed.generate({ prompt, decoding, seed: 1, sampleIndex: 0 });
    expect(server.requests.at(-1)?.headers.authorization).toBe("Bearer sk-sentinel");
    expect(JSON.stringify([keyed.description, keyed.profile])).not.toContain("sk-sentinel");
  });
});
