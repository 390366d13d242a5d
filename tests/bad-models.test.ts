import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { type CompletionsServer, completionsServer, sendJson } from "./support/completions-server.ts";
import { embeddingsServer } from "./support/embeddings-server.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

const KEY = "sk-sentinel-5f1d";
let folder = "";
let server: CompletionsServer;

/** A server whose model's name says how it fails. */
beforeAll(async () => {
  folder = testFolder({
    "reviews.csv": reviewsCsv(100),
    "model.gguf": "this is no model",
    "notes.txt": "nor this",
  });
  server = await completionsServer(tinyLlama(), {
    intercept: (request, text, response) => {
      const { model } = JSON.parse(text);
      if (model === "gone") {
        sendJson(response, 404, { error: { message: "The model `gone` does not exist", code: "model_not_found" } });
      } else if (model === "huge") {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(`{"choices": [{"message": {"content": "${"x".repeat(11 * 2 ** 20)}"}}]}`);
      } else if (model === "latin1") {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(Buffer.concat([Buffer.from('{"choices": "caf'), Buffer.of(0xe9), Buffer.from('"}')]));
      } else if (model === "quota") {
        sendJson(response, 429, { error: { message: "You exceeded your quota", code: "insufficient_quota" } });
      } else if (model === "forbidden") {
        sendJson(response, 403, { error: { message: `no ${request.headers.authorization}` } });
      } else return false;
      return true;
    },
  });
});
afterAll(async () => {
  await server.close();
});

/** Runs zero-shot on a model, and gives the one message it ended with. */
async function failure(model: string, code: 2 | 3, more = "", flags: readonly string[] = []): Promise<string> {
  const config = `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [${model.replaceAll("BASE", server.baseUrl)}]
methods: [zero-shot]
samples: 4
repeats: 1
attempts: 2
metrics: [distinct]
${more.replaceAll("BASE", server.baseUrl)}
`;
  await writeFile(path.join(folder, "c.yaml"), config);
  await rm(path.join(folder, "out"), { recursive: true, force: true });
  const env = { GIVEN_KEY: KEY, EMPTY_KEY: "" };
  const ended = await mopbench(["run", "c.yaml", "--out", "out", "--quiet", ...flags], folder, env);
  expect(ended.code, ended.stderr).toBe(code);
  expect(ended.stdout).toBe("");
  expect(ended.stderr).toMatch(/^mopbench: [^\n]+\n$/);
  expect(ended.stderr).not.toContain(KEY);
  return ended.stderr;
}

describe("a model that is named wrongly: exit 2 before anything is asked", () => {
  it.each([
    ["an unknown provider", "opnai:gpt-4.1-mini", /c\.yaml:2:10: models\[0\].*Did you mean `openai`\?/],
    ["a missing key variable", "openai:gpt-4.1-mini", /OPENAI_API_KEY \(it is missing or empty\)/],
    ["an empty key variable", "openai: { model: m, baseUrl: 'BASE', apiKeyEnv: EMPTY_KEY }", /EMPTY_KEY/],
    ["a missing token", "huggingface:org/model", /HF_TOKEN/],
    [
      "a key in place of its variable",
      "openai: { model: m, apiKeyEnv: sk-sentinel-5f1d }",
      /never write the key itself/,
    ],
    [
      "an address that is none",
      "openai: { model: m, baseUrl: localhost }",
      /baseUrl: found "localhost"; allowed: a url/,
    ],
    [
      "a password in an address",
      "openai: { model: m, baseUrl: 'http://u:p@localhost/v1' }",
      /without user and password/,
    ],
    ["a gguf file that is none", "gguf:./model.gguf", /model\.gguf.*GGUF/],
    ["another file for gguf", "gguf:./notes.txt", /notes\.txt.*GGUF/],
    ["a gguf file that is not there", "gguf:./nowhere.gguf", /nowhere\.gguf/],
  ])("%s", async (_, model, message) => {
    const before = server.requests.length;
    expect(await failure(model.startsWith("openai: ") ? `{ ${model} }` : model, 2)).toMatch(message);
    expect(server.requests.length).toBe(before);
  });
});

describe("a server that fails for good: exit 3, and the run can go on", () => {
  it.each([
    ["an unknown model", "gone", /knows no such model or route.*Check the model's name.*--resume out/],
    ["an answer over 10 MB", "huge", /more than 10 MB.*--resume out/],
    ["bytes that are not UTF-8", "latin1", /bytes that are not UTF-8.*\(2 attempts\).*--resume out/],
    ["no quota left", "quota", /no quota left.*another key\..*--resume out/],
    ["a key that is not accepted", "forbidden", /does not accept the key in GIVEN_KEY.*--resume out/],
  ])("%s", async (_, model, message) => {
    const before = server.requests.length;
    expect(await failure(`{ openai: { model: ${model}, baseUrl: 'BASE', apiKeyEnv: GIVEN_KEY } }`, 3)).toMatch(message);
    // One attempt for each of the four samples, two where the failure may pass.
    expect(server.requests.length - before).toBeLessThanOrEqual(model === "latin1" ? 8 : 4);
  });

  it("a base URL that nobody answers, found by the run or by the probe before it", async () => {
    const dead = "{ openai: { model: m, baseUrl: 'http://127.0.0.1:9/v1' } }";
    expect(await failure(dead, 3)).toMatch(/127\.0\.0\.1:9.*could not be reached/);
    expect(await failure(dead, 3, "", ["--seed", "2"])).toMatch(/127\.0\.0\.1:9.*could not be reached/);
  });
});

describe("an encoder behind a server", () => {
  const model = "{ openai: { model: tiny, baseUrl: 'BASE' } }";
  const encoder = (name: string) => `encoder: { openai: { model: ${name}, baseUrl: 'BASE', attempts: 1 } }`;

  it("is refused offline, and named when it knows no such model", async () => {
    expect(await failure("embedded:small", 2, encoder("tiny"), ["--offline"])).toMatch(/`openai:tiny`.*--offline/);
    expect(await failure(model, 3, encoder("gone"))).toMatch(/openai:gone.*no such model or route/);
  });

  it("is asked nothing by a plan", async () => {
    const other = await embeddingsServer();
    const config = `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ openai: { model: tiny, baseUrl: '${server.baseUrl}' } }]
methods: [zero-shot, mop]
encoder: { openai: { model: e, baseUrl: '${other.url}/v1' } }
`;
    await writeFile(path.join(folder, "plan.yaml"), config);
    const before = server.requests.length;
    expect(await mopbench(["plan", "plan.yaml"], folder)).toMatchObject({ code: 0 });
    expect([other.requests.length, server.requests.length - before]).toEqual([0, 0]);
    other.close();
  });

  it("is refused where personal data are to be redacted: it would be sent texts as they are", async () => {
    const other = await embeddingsServer();
    const more = `encoder: { openai: { model: e, baseUrl: '${other.url}/v1' } }\nredact: true`;
    expect(await failure("embedded:small", 2, more)).toMatch(/`redact`.*`openai:e` sends texts to a server/);
    expect(other.requests).toEqual([["a"]]);
    other.close();
  });

  it("and countries that nobody knows are refused whatever the model", async () => {
    for (const asked of [model, "embedded:small"])
      expect(await failure(asked, 2, "redact: { countries: [US, XX] }")).toMatch(
        /yaml:\d+:\d+: redact\.countries\[1\]: XX is no country's code .*did you mean AX, CX, MX, SX or XK/,
      );
  });
});
