import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { type CompletionsServer, completionsServer } from "./support/completions-server.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

const KEY = "sk-sentinel-0b7e41";
const model = tinyLlama();
const cwd = testFolder();
let server: CompletionsServer;

beforeAll(async () => {
  server = await completionsServer(model);
  const lines = Array.from({ length: 60 }, (_, i) => {
    const text = `${["the bread and the soup", "a train that was late", "the garden in the rain"][i % 3]} number ${i}`;
    return JSON.stringify({ id: `r${i}`, text, topic: ["food", "travel", "park"][i % 3] });
  });
  await writeFile(path.join(cwd, "people.jsonl"), lines.join("\n"));
});
afterAll(async () => {
  await server.close();
});

async function config(
  name: string,
  options: { baseUrl?: string; methods?: string; more?: string } = {},
): Promise<string> {
  const baseUrl = options.baseUrl ?? server.baseUrl;
  const text = `
name: ${name}
seed: 3
datasets: [{ file: { path: people.jsonl, text: text, context: topic, id: id } }]
models:
  - openai: { model: tiny, baseUrl: "${baseUrl}", apiKeyEnv: TINY_KEY, api: completions, as: tiny }
methods: ${options.methods ?? "[zero-shot, few-shot, { mop: { personas: 2, exemplars: 6, pairs: 4 } }]"}
samples: 6
repeats: 1
encoder: { embedded: { name: lsa, dimensions: 4 } }
metrics: [fid, distinct]
decoding: { temperature: 1, topP: 1, maxTokens: 4 }
prompts: { instruction: "Write.", persona: "I am {{persona}}", example: "{{#each exemplars}}{{text}}{{/each}}", task: "On {{context}}:" }
${options.more ?? ""}
`;
  await writeFile(path.join(cwd, `${name}.yaml`), text);
  return `${name}.yaml`;
}

/** Every byte below a folder. */
async function contents(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, "latin1")))).join("\n");
}

const env = { TINY_KEY: KEY };
const results = (run: string) => readFile(path.join(cwd, run, "results.json"), "utf8");

describe("a run over HTTP, fitted on the server's own log-probabilities", () => {
  it("records, replays the same bytes without server or key, and repeats itself from the cache", async () => {
    const file = await config("live");
    const live = await mopbench(["run", file, "--out", "live", "--record", "answers.jsonl", "--quiet"], cwd, env);
    expect(live.stderr).toBe("");
    expect(live.code).toBe(0);
    const { fit } = JSON.parse(await readFile(path.join(cwd, "live/artifacts/people/tiny/mop/mop.json"), "utf8"));
    expect(fit).toMatchObject({ scoredEnd: "</s>", scoredAsAnswered: true });
    const asked = server.requests.length;
    expect(server.requests.some(({ body }) => body.includes('"echo":true'))).toBe(true);

    const replay = await mopbench(
      ["run", file, "--out", "replayed", "--replay", "answers.jsonl", "--offline", "--quiet"],
      cwd,
    );
    expect(replay.stderr).toBe("");
    expect(await results("replayed")).toBe(await results("live"));
    expect(server.requests.length).toBe(asked);

    const again = await mopbench(["run", file, "--out", "again", "--quiet"], cwd, env);
    expect(again.code).toBe(0);
    expect(await results("again")).toBe(await results("live"));
    // The probe alone asks: what a server can do is never taken from the cache.
    const probes = /The weather today is|It was a fine day\./;
    expect(server.requests.slice(asked).every(({ body }) => probes.test(body))).toBe(true);
    const manifest = JSON.parse(await readFile(path.join(cwd, "again", "run.json"), "utf8"));
    expect(manifest.calls.generated).toBe(0);
    expect(manifest.calls.cached).toBeGreaterThanOrEqual(18);
    expect(manifest.calls.oldestCachedAt).not.toBeNull();
  });

  it("keeps the key out of everything it writes", async () => {
    expect(server.requests.every(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
    expect(await contents(cwd)).not.toContain(KEY);
  });

  it("refuses mop, before anything is asked, on a server that scores nothing, and says what would work", async () => {
    const other = await completionsServer(model, { echo: "generated-only" });
    const file = await config("unscored", { baseUrl: other.baseUrl, methods: "[mop]" });
    const ended = await mopbench(["run", file, "--out", "unscored", "--quiet"], cwd, env);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/no prompt log-probabilities/);
    expect(ended.stderr).toMatch(/Methods that would work: .*few-shot.* Or `mop` itself: with `objective: mmd`/);
    expect(other.requests.length).toBeLessThanOrEqual(3);
    await other.close();
  });

  it("refuses a mop that must score where texts end, on a server that reads no end token", async () => {
    const spelled = { ...model, tokenize: (text: string) => model.tokenize(text.replaceAll("</s>", "< /s>")) };
    const other = await completionsServer(spelled);
    const file = await config("endless", { baseUrl: other.baseUrl, methods: "[{ mop: { scoreEnd: always } }]" });
    const ended = await mopbench(["run", file, "--out", "endless", "--quiet"], cwd, env);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/endLogprobs.*the end of a text cannot be scored/);
    await other.close();
  });

  it("runs mop by MMD on a server that scores nothing", async () => {
    const other = await completionsServer(model, { echo: "generated-only" });
    const mmd = "{ objective: mmd, personas: 2, exemplars: 6, candidates: 4, answers: 4 }";
    const file = await config("mmd", { baseUrl: other.baseUrl, methods: `[{ mop: ${mmd} }]` });
    const ended = await mopbench(["run", file, "--out", "mmd", "--quiet"], cwd, env);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const artifact = JSON.parse(await readFile(path.join(cwd, "mmd/artifacts/people/tiny/mop/mop.json"), "utf8"));
    expect(artifact).toMatchObject({ gate: { kind: "simplex" }, fit: { objective: "mmd", groups: [{ group: null }] } });
    const manifest = JSON.parse(await readFile(path.join(cwd, "mmd/run.json"), "utf8"));
    expect(manifest.calls).toMatchObject({ scored: 0, generated: 4 * 4 + 6 });
    await other.close();
  });

  it("refuses to call out when offline, and ends with 3 when the server is down", async () => {
    const file = await config("down", { baseUrl: "http://127.0.0.1:9/v1", methods: "[zero-shot]" });
    const offline = await mopbench(["run", file, "--out", "offline", "--offline", "--quiet"], cwd, env);
    expect(offline).toMatchObject({ code: 2, stderr: expect.stringContaining("--offline") });
    const down = await mopbench(["run", file, "--out", "down", "--quiet"], cwd, env);
    expect(down).toMatchObject({ code: 3, stderr: expect.stringContaining("--resume down") });
    // Not each call's attempts were used up: the first few refusals closed the way for all.
    expect(down.stderr).toMatch(/The server is down: \d+ connections/);
  });

  it("stops before the budget is exceeded and goes on when it is raised", async () => {
    const before = server.requests.length;
    const small = await config("budget", {
      methods: "[zero-shot]",
      more: "budget: { calls: 4 }\ncache: { mode: off }",
    });
    const stopped = await mopbench(["run", small, "--out", "budget", "--quiet"], cwd, env);
    expect(stopped).toMatchObject({ code: 3, stderr: expect.stringContaining("budget.calls") });
    expect(server.requests.length - before).toBeLessThanOrEqual(4);
    const raised = await config("budget", {
      methods: "[zero-shot]",
      more: "budget: { calls: 50 }\ncache: { mode: off }",
    });
    const resumed = await mopbench(["run", raised, "--resume", "budget", "--quiet"], cwd, env);
    expect(resumed).toMatchObject({ code: 0, stderr: "" });
    expect(server.requests.length - before).toBe(6);
  });

  it("ends with 2 for a missing key and with 3 for a wrong one, naming the variable", async () => {
    const file = await config("key", { methods: "[zero-shot]" });
    const missing = await mopbench(["run", file, "--out", "nokey", "--quiet"], cwd, {});
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("TINY_KEY") });
    const refusing = await completionsServer(model, {
      intercept: (request, _body, response) => {
        const said = `wrong key: ${request.headers.authorization}`;
        response.writeHead(401).end(JSON.stringify({ error: { message: said } }));
        return true;
      },
    });
    const wrong = await config("wrong", { methods: "[zero-shot]", baseUrl: refusing.baseUrl });
    const ended = await mopbench(["run", wrong, "--out", "wrong", "--quiet"], cwd, env);
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining("TINY_KEY") });
    expect(ended.stderr).not.toContain(KEY);
    expect(await contents(cwd)).not.toContain(KEY);
    await refusing.close();
  });
});
