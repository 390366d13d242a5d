import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { InputError } from "../core/errors.ts";
import { openClient } from "./json-client.ts";

interface Asked {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const asked: Asked[] = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk;
  });
  request.on("end", () => {
    asked.push({ url: request.url, headers: request.headers, body });
    response.setHeader("content-type", "application/json").end('{"choices": [{"text": "fine"}]}');
  });
});
let baseUrl = "";
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address: AddressInfo | string | null = server.address();
  if (address !== null && typeof address === "object") baseUrl = `http://127.0.0.1:${address.port}/v1`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

afterEach(() => vi.unstubAllEnvs());

/** What belongs to the connection and to a clock that is not used here. */
const TRANSPORT = ["host", "connection", "content-length", "accept-encoding", "accept-language", "sec-fetch-mode"];

function fields({ headers }: Asked): object {
  const own = Object.entries(headers).filter(([name]) => !TRANSPORT.includes(name) && name !== "x-stainless-timeout");
  return Object.fromEntries(own);
}

it("asks each route as the openai package would, with the key and the body", async () => {
  asked.length = 0;
  const post = await openClient(baseUrl, "sk-test", { model: "m", apiKeyEnv: "KEY" });
  const body = { model: "stub", prompt: "caf\u00e9" };
  expect(await post("/completions", body, undefined)).toEqual({ choices: [{ text: "fine" }] });
  await post("/chat/completions", body, undefined);
  await post("/completions", body, new AbortController().signal);
  await new OpenAI({ baseURL: baseUrl, apiKey: "sk-test", organization: null, project: null }).post("/completions", {
    body,
  });
  expect(asked.map(({ url }) => url?.split("/v1")[1])).toEqual([
    "/completions",
    "/chat/completions",
    "/completions",
    "/completions",
  ]);
  expect(asked[0]?.headers.authorization).toBe("Bearer sk-test");
  for (const ours of asked.slice(0, 3)) {
    expect(fields(ours)).toEqual(fields(asked[3]!));
    expect(ours.body).toBe(asked[3]?.body);
  }
});

it("sends nothing of a key that is not there", async () => {
  asked.length = 0;
  const post = await openClient(baseUrl, null, { model: "m", apiKeyEnv: null });
  await post("/completions", {}, undefined);
  expect(asked[0]?.headers.authorization).toBe("Bearer none");
});

it("shows no key that cannot be sent", async () => {
  const post = await openClient(baseUrl, "secret\nmore", { model: "m", apiKeyEnv: "KEY" });
  const caught = await post("/completions", {}, undefined).catch((error) => error);
  expect(caught).toBeInstanceOf(InputError);
  expect(inspect(caught)).toMatch(/with the key in KEY/);
  expect(inspect(caught)).not.toMatch(/secret|more/);
});

it("sends no server what the package's own variables hold", async () => {
  asked.length = 0;
  const other = "sk-of-another-server";
  vi.stubEnv(
    "OPENAI_CUSTOM_HEADERS",
    `X-Gateway: ${other}\nAuthorization: Bearer ${other}\nUser-Agent: ${other}\nX-Stainless-OS: ${other}`,
  );
  for (const name of ["API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "WEBHOOK_SECRET"])
    vi.stubEnv(`OPENAI_${name}`, other);
  vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1");
  for (const key of [null, "sk-test"]) {
    const post = await openClient(baseUrl, key, { model: "m", apiKeyEnv: null });
    await post("/completions", { model: "stub" }, undefined);
  }
  expect(asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer none", "Bearer sk-test"]);
  expect(JSON.stringify(asked)).not.toContain(other);
  expect(asked[0]?.headers).toMatchObject({ accept: "application/json", "content-type": "application/json" });
});
