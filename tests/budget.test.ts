import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench, startMopbench } from "./support/cli.ts";
import { type CompletionsServer, completionsServer, sendJson } from "./support/completions-server.ts";
import { seededServer } from "./support/seeded-server.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

/** A server that tells no tokens, and is silent after so many answers. */
let server: CompletionsServer;
let answers = 0;
let silentAfter = Number.POSITIVE_INFINITY;

beforeAll(async () => {
  server = await completionsServer(tinyLlama(), {
    intercept(_request, _body, response) {
      if (answers >= silentAfter) return true;
      answers += 1;
      const message = { role: "assistant", content: `answer ${answers}` };
      sendJson(response, 200, { choices: [{ index: 0, message, finish_reason: "stop" }] });
      return true;
    },
  });
});

afterAll(() => server.close());

const configOf = (budget: string) => `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ openai: { model: tiny, baseUrl: "${server.baseUrl}", scoring: none } }]
methods: [zero-shot]
samples: 60
metrics: [distinct]
decoding: { maxTokens: 200 }
cache: { mode: off }
budget: ${budget}
`;

async function spentIn(folder: string) {
  return JSON.parse(await readFile(path.join(folder, "r", "run.json"), "utf8")).calls;
}

describe("a budget of calls", () => {
  it("counts each request of a fit's scores", async () => {
    const scorer = await seededServer(1);
    const config = `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ openai: { model: tiny, baseUrl: "${scorer.baseUrl}", api: completions, concurrency: 3 } }]
methods: [{ mop: { personas: 3, exemplars: 12, records: 16, pairs: 3, maxSteps: 5 } }]
samples: 20
metrics: [distinct]
decoding: { maxTokens: 5 }
cache: { mode: off }
budget: { calls: 60 }
`;
    const folder = testFolder({ "c.yaml": config, "reviews.csv": reviewsCsv(300) });
    try {
      const ended = await mopbench(["run", "c.yaml", "--out", "r", "--quiet"], folder);
      expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining("Raise budget.calls") });
      const { scored, atMost } = await spentIn(folder);
      expect(scored).toBeGreaterThan(10);
      expect(scorer.requests.length).toBeGreaterThan(scored + 10);
      expect(scorer.requests.length).toBeLessThanOrEqual(60);
      expect(atMost.calls).toBeGreaterThanOrEqual(scorer.requests.length); // what was stopped counts at its bound
    } finally {
      await scorer.close();
    }
  });
});

describe("a budget in tokens of a model in process", () => {
  it("is not exceeded", async () => {
    const config = configOf("{ tokens: 3000 }").replace(/models: .*/, "models: [embedded:small]");
    const folder = testFolder({ "c.yaml": config, "reviews.csv": reviewsCsv(300) });
    const first = await mopbench(["run", "c.yaml", "--out", "r", "--quiet"], folder);
    expect(first).toMatchObject({ code: 3, stderr: expect.stringContaining("Raise budget.tokens") });
    const { generated, tokensIn, tokensOut, atMost } = await spentIn(folder);
    expect(generated).toBeGreaterThan(0);
    expect(tokensIn + tokensOut).toBeLessThanOrEqual(3000);
    expect(atMost.tokens).toBeLessThanOrEqual(3000);
  });
});

describe("a budget where the server tells no tokens", () => {
  it("is used up, once: no resume gets it again", async () => {
    const folder = testFolder({ "c.yaml": configOf("{ tokens: 8000 }"), "reviews.csv": reviewsCsv(300) });
    const before = server.requests.length;
    const first = await mopbench(["run", "c.yaml", "--out", "r", "--quiet"], folder);
    expect(first).toMatchObject({ code: 3, stderr: expect.stringContaining("Raise budget.tokens") });
    const asked = server.requests.length - before;
    const spent = await spentIn(folder);
    expect(spent).toMatchObject({ generated: asked, tokensIn: null, atMost: { calls: asked } });
    const each = spent.atMost.tokens / asked;
    expect(spent.atMost.tokens).toBeLessThanOrEqual(8000);
    expect(spent.atMost.tokens).toBeGreaterThan(8000 - 2 * each);
    for (let i = 0; i < 2; i++) {
      const resumed = await mopbench(["run", "c.yaml", "--resume", "r", "--quiet"], folder);
      expect(resumed).toMatchObject({ code: 3, stderr: expect.stringContaining("Raise budget.tokens") });
    }
    expect(server.requests.length - before).toBe(asked);
  });

  it("holds over kills: what was sent before one is never forgotten", async () => {
    const folder = testFolder({ "c.yaml": configOf("{ tokens: 8000 }"), "reviews.csv": reviewsCsv(300) });
    const before = server.requests.length;
    for (let kill = 0; kill < 3; kill++) {
      const begun = server.requests.length;
      silentAfter = answers + 2;
      const run = startMopbench(
        ["run", "c.yaml", kill === 0 ? "--out" : "--resume", "r", "--concurrency", "2"],
        folder,
      );
      let ended = false;
      void run.ended.then(() => {
        ended = true;
      });
      while (!ended && server.requests.length < begun + 4) await new Promise((resolve) => setTimeout(resolve, 2));
      run.child.kill("SIGKILL");
      expect(await run.ended).toMatchObject({ code: null });
    }
    silentAfter = Number.POSITIVE_INFINITY;
    const last = await mopbench(["run", "c.yaml", "--resume", "r", "--quiet"], folder);
    expect(last).toMatchObject({ code: 3, stderr: expect.stringContaining("Raise budget.tokens") });
    const { atMost } = await spentIn(folder);
    expect(server.requests.length - before).toBeGreaterThanOrEqual(12);
    expect(atMost.calls).toBeGreaterThanOrEqual(server.requests.length - before);
    expect(atMost.tokens).toBeLessThanOrEqual(8000);
  });
});
