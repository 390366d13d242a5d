import { readdirSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { type CompletionsServer, completionsServer, sendJson } from "./support/completions-server.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

const KEY = "sk-sentinel/5f1d+e0";
const TENANT = "tnt-71c2bb04e9";
const TOKEN = "usr-Q0b1x7Zz33";
const SECRETS = [KEY, TENANT, TOKEN];

let folder = "";
let server: CompletionsServer;
/** Answers given so far. The server repeats all it was sent, in every form: in its first three as errors. */
let answers = 0;

beforeAll(async () => {
  folder = testFolder({ "reviews.csv": reviewsCsv(100) });
  server = await completionsServer(tinyLlama(), {
    intercept: (request, text, response) => {
      if (text.includes('"parts"')) {
        const [begin, end] = [KEY.slice(0, 7), KEY.slice(7)];
        const parts = [
          { type: "text", text: `Your key ${begin}` },
          { type: "text", text: `${end} and more` },
        ];
        const choice = { index: 0, message: { role: "assistant", content: parts }, finish_reason: "stop" };
        sendJson(response, 200, { choices: [choice] });
        return true;
      }
      if (text.includes('"asks for a key"')) {
        sendJson(response, 401, { error: { message: `none at ${request.url}` } });
        return true;
      }
      const seen = `${request.headers.authorization} ${request.url} ${text}`;
      const basic = Buffer.from(`user:${KEY}`).toString("base64");
      const forms = `${seen} ${encodeURIComponent(KEY)} Basic ${basic} ${JSON.stringify(KEY).replaceAll("/", "\\/")}`;
      const nth = answers++;
      if (nth === 0) sendJson(response, 400, { error: { message: forms, code: KEY, param: TENANT } });
      else if (nth === 1) sendJson(response, 503, { detail: [{ loc: ["body", KEY], msg: forms, type: TOKEN }] });
      else if (nth === 2) response.writeHead(200, { "content-type": "text/html" }).end(`<html>${forms}</html>`);
      else {
        // Every letter of the answer is escaped, as JSON allows.
        const content = [...`an answer to ${forms}, number ${nth}`].map(
          (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
        response.setHeader("content-type", "application/json");
        response.end(`{"choices": [{"message": {"content": "${content.join("")}"}, "finish_reason": "stop"}]}`);
      }
      return true;
    },
  });
});
afterAll(() => server.close());

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await writeFile(
    path.join(folder, "c.yaml"),
    `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ openai: { model: m, baseUrl: "http://127.0.0.1:\${PORT}/\${TENANT}/v1", apiKeyEnv: MY_KEY, extraBody: { user: "\${TOKEN}" } } }]
methods: [zero-shot]
samples: 20
repeats: 1
attempts: 3
maxErrorRate: 0.9
metrics: [distinct]
`,
  );
  const { port } = new URL(server.baseUrl);
  return mopbench(["run", "c.yaml", ...args], folder, { MY_KEY: ` ${KEY}\r\n`, TENANT, TOKEN, PORT: port, ...env });
}

/** Every file under a folder, with all it holds. */
function filesIn(dir: string): (readonly [file: string, bytes: Buffer])[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file)] as const);
}

/** What of a secret would give it away: itself, and what base64 and URLs make of it. */
const traces = SECRETS.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64").slice(0, -3),
  Buffer.from(`user:${secret}`).toString("base64").slice(8, -3),
]);

describe("a key, and what a config takes from the environment into an address or a request", () => {
  it("get into no file, message or table, whatever the server makes of them", async () => {
    const ended = await run(["--out", "out", "--record", "record.jsonl", "--keep-prompts"]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    for (const trace of traces) {
      expect(ended.stdout + ended.stderr).not.toContain(trace);
      const holding = filesIn(folder).filter(([, bytes]) => bytes.includes(trace));
      expect(holding.map(([file]) => file)).toEqual([]);
    }
    const manifest = readFileSync(path.join(folder, "out", "run.json"), "utf8");
    expect(manifest).toContain("http://127.0.0.1:$" + "{PORT}/$" + "{TENANT}/v1");
    expect(manifest).toContain('"user": "$' + '{TOKEN}"');
    const samples = filesIn(path.join(folder, "out", "cells"))
      .map(([, bytes]) => bytes.toString("utf8"))
      .join("");
    expect(samples).toContain("an answer to Bearer [key]");
    expect(samples).toMatch(/the server refused the request.*\[key\]/);
  });

  it("are asked for anew where they hold other values, and a recording serves without them", async () => {
    const before = server.requests.length;
    expect(await run(["--out", "again", "--no-cache", "--record", "again.jsonl"])).toMatchObject({ code: 0 });
    expect(server.requests.length - before).toBe(20);
    expect(await run(["--out", "cached"])).toMatchObject({ code: 0 });
    expect(server.requests.length - before).toBe(21); // the one that was refused
    expect(await run(["--out", "other"], { TENANT: "tnt-another-one-1" })).toMatchObject({ code: 0 });
    expect(server.requests.length - before).toBe(41);

    const asked = server.requests.length;
    const replayed = await run(["--out", "replayed", "--replay", "again.jsonl", "--no-cache"], {
      TENANT: "none",
      PORT: "9",
    });
    expect(replayed.code, replayed.stderr).toBe(0);
    expect(server.requests.length).toBe(asked);
    const resultsOf = (name: string) => readFileSync(path.join(folder, name, "results.json"), "utf8");
    expect(resultsOf("replayed")).toBe(resultsOf("again"));
  });

  it("may hold other values when a run goes on, which is said there and in its report", async () => {
    await rm(path.join(folder, "other", "results.json"));
    const resumed = await run(["--resume", "other"], { TENANT: "tnt-a-third-one-1" });
    expect(resumed.code, resumed.stderr).toBe(0);
    const said =
      /`openai:m`: the environment's variables in its options hold other values than when this run was begun/;
    expect(resumed.stderr).toMatch(said);
    expect(readFileSync(path.join(folder, "other", "run.json"), "utf8")).toMatch(said);
    expect((await run(["--resume", "other"], { TENANT: "tnt-a-third-one-1" })).stderr).not.toMatch(said);
  });
});

describe("a key that comes in parts", () => {
  it.each(["openai", "huggingface"])("gets out of no answer of %s", async (provider) => {
    const address = provider === "openai" ? "baseUrl" : "endpointUrl";
    const asked = `model: parts, ${address}: "${server.baseUrl}", apiKeyEnv: MY_KEY, scoring: none`;
    const checked = await mopbench(["models", "check", `{ ${provider}: { ${asked} } }`], folder, { MY_KEY: KEY });
    expect(checked.code, checked.stderr).toBe(0);
    expect(checked.stdout).toContain("Your key [key] and more");
    expect(checked.stdout + checked.stderr).not.toContain(KEY);
  });
});

describe("a variable in an address", () => {
  const check = (address: string, env: Readonly<Record<string, string>>) =>
    mopbench(["models", "check", `{ openai: { model: asks for a key, baseUrl: "${address}" } }`], folder, env);

  it.each(["sk-Zz99q8nl\n", ' Tok-9Zq"7|x\\\\Y8a', "acme", "A/../b%2e%21", "tok-ä|é"])(
    "is shown by its name, whatever a URL makes of %j",
    async (value) => {
      const { port } = new URL(server.baseUrl);
      for (const at of [port, "9"]) {
        const ended = await check(`http://127.0.0.1:${at}/$\{TOK}/v1`, { TOK: value });
        expect(ended.code).toBe(3);
        expect(ended.stderr).toContain(
          at === "9" ? `http://127.0.0.1:9/$\{TOK}/v1/completions could` : "asks for a key",
        );
        expect(ended.stderr).not.toMatch(/Zz99q8nl|9Zq|acme|%2e|tok-/);
      }
    },
  );

  it("holds no line break", async () => {
    const ended = await check(`http://127.0.0.1:9/$\{TOK}/v1`, { TOK: "sk-Zz99\nq8nl" });
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.stderr).toMatch(/variable TOK stands in an address and holds a line break/);
    expect(ended.stderr).not.toMatch(/Zz99|q8nl/);
  });

  it("needs no key until the server asks for one, and then how to name it is said once", async () => {
    const { stderr } = await check(server.baseUrl, {});
    expect(stderr).toMatch(
      /^mopbench: openai:asks for a key: the server asks for a key \(401: .*`apiKeyEnv: NAME`\.\n$/,
    );
  });
});

describe("a key that may be a word", () => {
  it.each(["tea", "e", "EMPTY"])("`%s` leaves answers as they are, which is said once", async (key) => {
    const out = `word-${key}`;
    const other = { MY_KEY: key, TENANT: `tenant-of-${key}-1` };
    const ended = await run(["--out", out, "--no-cache"], other);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr.match(/answers are not searched for the key in MY_KEY/g)).toHaveLength(1);
    const samples = filesIn(path.join(folder, out, "cells"))
      .map(([, bytes]) => bytes.toString("utf8"))
      .join("");
    expect(samples).toContain(`an answer to Bearer ${key} `);
  });
});

describe("what is wrong in a config", () => {
  it("is shown as it was written", async () => {
    const ended = await run(["--out", "none"], { PORT: "sk-sentinel-as-a-port" });
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.stderr).toMatch(
      /c\.yaml:2:\d+: models\[0\]\.openai\.baseUrl: found "http:\/\/127\.0\.0\.1:\$\{PORT\}/,
    );
    expect(ended.stderr).not.toContain("sk-sentinel");
  });
});
