import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CellCalls, RunManifest } from "../src/analysis/run-manifest.ts";
import type { Sample } from "../src/core/sample.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { type Ended, mopbench } from "./support/cli.ts";
import { type CompletionsServer, completionsServer, sendJson } from "./support/completions-server.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

/** A message of the chat route, and what else a body may hold. */
const chat = (message: object, finish = "stop", usage: object = { prompt_tokens: 9, completion_tokens: 5 }) => ({
  choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: finish }],
  usage,
});

/** What the server answers, by the model's name; `call` counts that model's calls from 0. */
const ANSWERS: Readonly<Record<string, (call: number) => unknown>> = {
  parts: () =>
    chat({
      content: [
        { type: "text", text: "Fine " },
        { type: "text", text: "soup." },
      ],
    }),
  thinks: (call) => chat({ content: `\n<think>\nIs <think> fine? ${call}\n</think>\n\nFine soup ${call}.` }),
  "opened in the prompt": () => chat({ content: "They want soup.\n</think>\nFine soup." }),
  "at times too long": (call) =>
    chat({ content: call === 1 ? "<think>\nHmm, and" : "<think>a</think>Fine." }, "length"),
  "always too long": () => chat({ content: "<think>\nHmm, and" }, "length"),
  "opened in the prompt and at times cut": (call) =>
    call === 2 ? chat({ content: "They want soup, so" }, "length") : chat({ content: "They.\n</think>\nFine." }),
  "talks of tags": () => chat({ content: "I write <think> and </think> around it." }),
  reasoning_content: () => chat({ content: null, reasoning_content: "They want" }, "length"),
  reasoning: () => chat({ content: null, reasoning: "They want" }, "length"),
  "thinking parts": () =>
    chat({ content: [{ type: "thinking", thinking: [{ type: "text", text: "They" }] }] }, "length"),
  unseen: () => chat({ content: "" }, "length", { completion_tokens_details: { reasoning_tokens: 30 } }),
  nothing: () => chat({ content: "" }, "length"),
  "busy in a 200": (call) => (call === 0 ? { error: { message: "slow down", code: 429 } } : chat({ content: "Fine." })),
  "no quota in a 200": () => ({ error: { message: "none left", code: "insufficient_quota" } }),
};

let folder = "";
let server: CompletionsServer;
const calls = new Map<string, number>();

beforeAll(async () => {
  folder = testFolder({ "reviews.csv": reviewsCsv(100) });
  server = await completionsServer(tinyLlama(), {
    intercept: (_request, text, response) => {
      const { model } = JSON.parse(text);
      const call = calls.get(model) ?? 0;
      calls.set(model, call + 1);
      const answer = ANSWERS[model]?.(call);
      if (answer === undefined) return false;
      sendJson(response, 200, answer);
      return true;
    },
  });
});
afterAll(async () => {
  await server.close();
});

interface Answered extends Ended {
  readonly samples: readonly Sample[];
  readonly manifest: RunManifest;
  readonly cell: CellCalls | undefined;
  readonly report: string;
}

/** Asks a model for one cell of four answers. */
async function run(model: string, options: Readonly<Record<string, string>> = {}): Promise<Answered> {
  const { provider = "openai", own = "", more = "" } = options;
  const where =
    provider === "openai" ? `baseUrl: '${server.baseUrl}'` : `endpointUrl: '${server.baseUrl.slice(0, -3)}'`;
  const config = `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ ${provider}: { model: ${model}, ${where}${own}, as: m } }]
methods: [zero-shot]
samples: 4
repeats: 1
attempts: 2
metrics: [distinct]
decoding: { maxTokens: 30 }
${more}`;
  await writeFile(path.join(folder, "c.yaml"), config);
  await rm(path.join(folder, "out"), { recursive: true, force: true });
  calls.clear();
  const ended = await mopbench(["run", "c.yaml", "--out", "out", "--quiet", "--no-cache"], folder);
  const read = (name: string) => readFile(path.join(folder, "out", name), "utf8").catch(() => "null");
  const lines = await read("cells/reviews/m/zero-shot/0/samples.jsonl");
  const manifest: RunManifest = JSON.parse(await read("run.json"));
  const samples: Sample[] =
    lines === "null"
      ? []
      : lines
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line));
  return { ...ended, samples, manifest, cell: manifest?.cells[0], report: await read("report/report.md") };
}

describe("content in parts", { timeout: 120_000 }, () => {
  it.each(["openai", "huggingface"])("is joined (%s)", async (provider) => {
    const { code, stderr, samples } = await run("parts", { provider });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(samples.map(({ text }) => text)).toEqual(Array(4).fill("Fine soup."));
  });
});

describe("reasoning inside the content", { timeout: 120_000 }, () => {
  it.each(["openai", "huggingface"])("is cut from the text, kept in raw and counted (%s)", async (provider) => {
    const { code, stderr, samples, cell, report } = await run("thinks", { provider });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(samples.map(({ text }) => text).sort()).toEqual([0, 1, 2, 3].map((call) => `Fine soup ${call}.`));
    for (const { text, raw } of samples) expect(raw).toMatch(new RegExp(`^\\n<think>[^]*</think>\\n\\n${text}$`));
    expect(cell).toMatchObject({ asked: 4, reasoned: 4, failed: 0 });
    expect(report).toMatch(/^\| zero-shot \| m \| reviews \| 4 \| 0 % \| 0 % \| {2}\| 100 % \| 0 % \|$/m);
  });

  it("is cut up to a closing mark whose opening stood in the prompt", async () => {
    const { samples, cell } = await run("opened in the prompt");
    expect(samples.map(({ text }) => text)).toEqual(Array(4).fill("Fine soup."));
    expect(cell).toMatchObject({ reasoned: 4 });
  });

  it("is found where a limit cut it off and other answers of the cell show that the prompt opened it", async () => {
    const { code, samples, cell } = await run("opened in the prompt and at times cut", { more: "maxErrorRate: 0.25" });
    expect(code).toBe(0);
    expect(cell).toMatchObject({ asked: 4, reasoned: 3, failed: 1 });
    const failed = samples.filter(({ error }) => error !== null);
    expect(failed).toMatchObject([{ text: null, raw: "They want soup, so", error: { kind: "reasoning" } }]);
    const strict = await run("opened in the prompt and at times cut");
    expect(strict).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/1 of 4 calls failed.*decoding\.maxTokens/),
    });
  });

  it("is kept where the config says so, and where a text only speaks of it", async () => {
    const kept = await run("thinks", { own: ", reasoning: keep" });
    for (const { text, raw } of kept.samples) expect(text).toBe(raw?.trim());
    const { samples, cell } = await run("talks of tags");
    expect(samples.map(({ text }) => text)).toEqual(Array(4).fill("I write <think> and </think> around it."));
    expect(cell).toMatchObject({ reasoned: 0 });
  });

  it("that does not end makes the sample an error which says so", async () => {
    const { code, samples, cell } = await run("at times too long", { more: "maxErrorRate: 0.5" });
    expect(code).toBe(0);
    expect(cell).toMatchObject({ asked: 4, reasoned: 3, failed: 1 });
    const failed = samples.filter(({ error }) => error !== null);
    expect(failed).toMatchObject([
      { text: null, raw: "<think>\nHmm, and", finish: "error", error: { kind: "reasoning" } },
    ]);
    expect(failed[0]?.error?.message).toMatch(/its <think> block is not closed, finish: length.*decoding\.maxTokens/);
  });
});

describe("answers without text", { timeout: 120_000 }, () => {
  it.each([
    ["always too long", /<think> block is not closed/],
    ["reasoning_content", /spent its tokens on reasoning.*finish: length/],
    ["reasoning", /spent its tokens on reasoning/],
    ["thinking parts", /spent its tokens on reasoning/],
    ["unseen", /30 tokens of reasoning/],
    ["nothing", /ended by length after 5 tokens before it had any text/],
  ])("stop the run at once and say why: %s", async (model, message) => {
    for (const provider of ["openai", "huggingface"]) {
      const { code, stderr } = await run(model, { provider, more: "maxErrorRate: 1\nconcurrency: 1" });
      expect(code, stderr).toBe(2);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/the first 3 answers have no text within 30 tokens.*[Rr]aise `decoding\.maxTokens`/);
      if (model !== "nothing") expect(stderr).toMatch(/extraBody.*enable_thinking: false/);
      expect(calls.get(model)).toBe(3); // none was asked twice
    }
  });
});

describe("an error in the body of a success", { timeout: 120_000 }, () => {
  it("is asked again where its code says that it may pass", async () => {
    const { code, cell, samples } = await run("busy in a 200");
    expect(code).toBe(0);
    expect(cell).toMatchObject({ asked: 4, retried: 1, failed: 0 });
    expect(samples.map(({ text }) => text)).toEqual(Array(4).fill("Fine."));
  });

  it("ends the run at once where its code says that nothing will help", async () => {
    const { code, stderr } = await run("no quota in a 200");
    expect(code).toBe(3);
    expect(stderr).toMatch(/no quota left \(200 with an error in its body, taken for 402: none left\)/);
    expect(calls.get("no quota in a 200")).toBeLessThanOrEqual(4);
  });
});
