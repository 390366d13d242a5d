import { readdir, readFile, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { score } from "../src/api/score.ts";
import { main } from "../src/cli/main.ts";
import { CallError, InterruptedError, RunFailedError } from "../src/core/errors.ts";
import { systemClock } from "../src/http/clock.ts";
import { RateLimiters } from "../src/http/rate-limiter.ts";
import { huggingface } from "../src/models/huggingface/huggingface.ts";
import { layered } from "../src/models/layers/layered.ts";
import { Meter } from "../src/models/layers/meter.ts";
import { probing } from "../src/models/layers/probing.ts";
import type { BaseModel } from "../src/models/model.ts";
import { openai } from "../src/models/openai/openai.ts";
import { callServices } from "../src/testing/call-services.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { type CompletionsServer, completionsServer, sendJson } from "./support/completions-server.ts";
import { seededServer } from "./support/seeded-server.ts";
import { reviewsCsv, TINY_CONFIG } from "./support/tiny-experiment.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

/** What becomes of the next requests, first to last; those after them are answered soundly. null: never answered. */
const faults: (((response: ServerResponse) => void) | null)[] = [];
/** Is told of each request that will never be answered. */
let onSilent = () => {};
let server: CompletionsServer;
const model = tinyLlama();

beforeAll(async () => {
  server = await completionsServer(model, {
    intercept(request, body, response) {
      const fault = faults.shift();
      if (fault === null) onSilent();
      else if (fault !== undefined) fault(response);
      else if (request.url === "/generate") sendJson(response, 200, prefilled(JSON.parse(body).inputs));
      else return false;
      return true;
    },
  });
  return () => server.close();
});
afterEach(() => {
  faults.length = 0;
  onSilent = () => {};
});

/** As TGI's own route answers. */
function prefilled(text: string): object {
  const ids = model.tokenize(text);
  const rows = model.forward(ids);
  const prefill = ids.map((id, i) => ({ id, text: model.piece(id), logprob: i === 0 ? null : rows[i - 1]![id]! }));
  return { generated_text: "x", details: { prefill } };
}

const busy = (response: ServerResponse) => sendJson(response, 429, { error: { message: "slow down" } });
const timedOut = (response: ServerResponse) => response.writeHead(503).end("upstream request timeout");
const cut = (response: ServerResponse) => response.destroy();
const page = (response: ServerResponse) => response.setHeader("content-type", "text/html").end("<html>wait</html>");

const environment = { id: "m", dataset: "d", background: [], env: {}, baseDir: ".", offline: false };
const openEcho = (services = callServices(), signal?: AbortSignal): Promise<BaseModel> =>
  openai.bind({ model: "tiny", baseUrl: server.baseUrl }).create({ ...environment, probe: probing(services, signal) });
const openTgi = (services = callServices(), signal?: AbortSignal): Promise<BaseModel> =>
  huggingface
    .bind({ model: "tiny", endpointUrl: server.baseUrl.replace("/v1", "") })
    .create({ ...environment, probe: probing(services, signal) });

/** A clock whose alarms ring when it is told so. */
function heldClock() {
  const alarms = new Set<() => void>();
  const alarm = (_ms: number, late: () => void) => {
    alarms.add(late);
    return () => void alarms.delete(late);
  };
  return { clock: { ...systemClock, alarm }, ring: () => [...alarms].forEach((late) => void late()) };
}

describe.each([
  ["echo", openEcho],
  ["prefill", openTgi],
])("the probe of a server that scores by %s", (_, open) => {
  it.each([
    ["a 429", busy],
    ["a proxy's 503", timedOut],
    ["a cut connection", cut],
    ["a page in place of JSON", page],
  ])("asks again after %s", async (_, fault) => {
    faults.push(fault);
    const services = callServices();
    expect((await open(services)).can).toMatchObject({ promptLogprobs: true, endLogprobs: true });
    expect(services.meter.spent).toMatchObject({ retries: 1, errors: 0 });
  });

  it("ends at its clock where the server is silent, and asks again", async () => {
    const { clock, ring } = heldClock();
    const asked: number[] = [];
    onSilent = () => {
      asked.push(server.requests.length);
      setImmediate(ring);
    };
    faults.push(null, null);
    const silent = open(callServices({ limiters: new RateLimiters(clock), attempts: 2 }));
    await expect(silent).rejects.toMatchObject({ kind: "timeout", attempts: 2 });
    expect(asked).toHaveLength(2);
  });

  it("ends when the user stops", async () => {
    const stop = new AbortController();
    onSilent = () => stop.abort();
    faults.push(null);
    await expect(open(callServices(), stop.signal)).rejects.toMatchObject({ kind: "canceled" });
  });

  it("counts among the calls, and not past the budget", async () => {
    const services = callServices();
    const before = server.requests.length;
    await open(services);
    const sent = server.requests.length - before;
    expect(services.meter.spent).toMatchObject({ others: { probe: sent }, generated: 0, scored: 0 });
    expect(services.meter.spent.tokensIn).toBeGreaterThan(sent);
    const meter = new Meter({ calls: 1 });
    await expect(open(callServices({ meter }))).rejects.toBeInstanceOf(RunFailedError);
    expect(server.requests.length - before).toBe(sent + 1);
  });

  it("takes a missing route for an answer: other routes of the account are asked on", async () => {
    const services = callServices();
    faults.push((response) => sendJson(response, 404, { error: { message: "no such route", code: "not_found" } }));
    const bare = await open(services);
    expect(bare.can.promptLogprobs).toBe(false);
    const content = { context: { text: "", label: null }, persona: null, exemplars: [] };
    const prompt = { content, instruction: "", persona: "", example: "", task: "Say something:", hash: "h" };
    const decoding = { temperature: 1, topP: 1, maxTokens: 4 };
    const answer = layered(bare, services).generate({ prompt, decoding, seed: 1, sampleIndex: 0 });
    expect((await answer).text).not.toBe("");
  });

  it("ends with a wrong key", async () => {
    faults.push((response) => sendJson(response, 401, { error: { message: "who are you" } }));
    await expect(open()).rejects.toMatchObject({ kind: "auth", fatal: true });
  });
});

/** Runs a command that the user stops as soon as the server has a request that it never answers. */
async function stoppedAtFirst(args: readonly string[], cwd: string): Promise<{ code: number; stderr: string }> {
  const stop = new AbortController();
  onSilent = () => stop.abort();
  faults.push(null);
  let stderr = "";
  const code = await main(args, {
    stdout: () => {},
    stderr: (text) => {
      stderr += text;
    },
    terminal: false,
    columns: null,
    env: { MOPBENCH_CACHE: `${cwd}/cache` },
    cwd,
    signal: stop.signal,
  });
  return { code, stderr };
}

it("the probe of a run with a budget counts before there is a folder to keep its books in", async () => {
  const own = `{openai: {model: tiny, baseUrl: "${server.baseUrl}"}}`;
  const config = TINY_CONFIG.replace("embedded:small", own);
  const folder = testFolder({ "reviews.csv": reviewsCsv(300), "c.yaml": `${config}budget: { calls: 3 }\n` });
  const before = server.requests.length;
  const { code, stderr } = await mopbench(["run", "c.yaml", "--out", "out"], folder);
  expect(code, stderr).toBe(3);
  expect(stderr).toContain("The budget ends here: 3 of 3 calls");
  expect(server.requests.length).toBe(before + 3);
  expect(await readdir(folder)).not.toContain("out"); // the same command can be given again
});

it("a resume asks nothing, of what a server can do neither, where a finished cell or the budget's file is damaged", async () => {
  const own = await seededServer(0);
  try {
    const config = `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ openai: { model: tiny, baseUrl: "${own.baseUrl}" } }]
methods: [zero-shot, mop: { personas: 3, exemplars: 12, records: 16, pairs: 3, maxSteps: 20 }]
samples: 10
repeats: 1
metrics: [distinct]
decoding: { maxTokens: 2 }
budget: { calls: 10000 }
`;
    const folder = testFolder({ "reviews.csv": reviewsCsv(400), "c.yaml": config });
    const { code, stderr } = await mopbench(["run", "c.yaml", "--out", "out", "--quiet"], folder);
    expect(code, stderr).toBe(0);
    const before = own.requests.length;
    for (const name of ["samples.jsonl", "budget.json"]) {
      const names = await readdir(path.join(folder, "out"), { recursive: true });
      const file = path.join(folder, "out", names.find((found) => found.endsWith(`zero-shot/0/${name}`)) ?? name);
      const written = await readFile(file);
      await writeFile(file, "");
      const resumed = await mopbench(["run", "c.yaml", "--resume", "out", "--quiet"], folder);
      expect(resumed).toMatchObject({ code: 2, stderr: expect.stringContaining(`${name} is damaged`) });
      expect(own.requests.length).toBe(before);
      await writeFile(file, written);
    }
    expect((await mopbench(["run", "c.yaml", "--resume", "out", "--quiet"], folder)).code).toBe(0);
    expect(own.requests.length).toBeGreaterThan(before); // it is asked what it can do
  } finally {
    await own.close();
  }
});

describe("one Ctrl-C while a server is silent", () => {
  const lines = Array.from({ length: 12 }, (_, i) => `A line of some words, the ${i}th.`).join("\n");
  const folder = testFolder({
    "a.txt": lines,
    "b.txt": lines.replaceAll("line", "row"),
  });

  it.each([
    ["models check", () => ["models", "check", `{openai: {model: tiny, baseUrl: "${server.baseUrl}"}}`]],
    [
      "models check, asking for an answer",
      () => ["models", "check", `{openai: {model: tiny, scoring: none, baseUrl: "${server.baseUrl}"}}`],
    ],
    [
      "score with an encoder",
      () => [
        "score",
        "--gold",
        "a.txt",
        "--synthetic",
        "b.txt",
        "--metrics",
        "fid",
        "--encoder",
        `{openai: {model: e, baseUrl: "${server.baseUrl}"}}`,
      ],
    ],
  ])("ends %s with 130", async (_, args) => {
    const { code, stderr } = await stoppedAtFirst(args(), folder);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "mopbench: Stopped.\n" });
  });

  it("ends the probe of a run with 130", async () => {
    const own = `{openai: {model: tiny, baseUrl: "${server.baseUrl}"}}`;
    const config = testFolder({
      "reviews.csv": reviewsCsv(300),
      "c.yaml": TINY_CONFIG.replace("embedded:small", own),
    });
    const { code, stderr } = await stoppedAtFirst(["run", "c.yaml", "--out", "out"], config);
    expect(code, stderr).toBe(130);
  });

  it("ends the library's score as an interruption", async () => {
    const stop = new AbortController();
    onSilent = () => stop.abort();
    faults.push(null);
    const texts = lines.split("\n");
    const encoders = [{ openai: { model: "e", baseUrl: server.baseUrl } }];
    const scored = score(
      { gold: texts, synthetic: texts },
      { encoders, metrics: ["fid"], signal: stop.signal, env: { MOPBENCH_CACHE: folder } },
    );
    const error: unknown = await scored.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InterruptedError);
    expect(error).not.toBeInstanceOf(CallError);
  });
});

it("models check asks again after a moment's failure", async () => {
  const cwd = testFolder();
  faults.push(busy, timedOut);
  let stdout = "";
  const io = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: () => {},
    terminal: false,
    columns: null,
    env: {},
    cwd,
  };
  const spec = `{openai: {model: tiny, baseUrl: "${server.baseUrl}"}}`;
  expect(await main(["models", "check", spec], { ...io, signal: new AbortController().signal })).toBe(0);
  expect(stdout).toMatch(/yes {2}promptLogprobs/);
});
