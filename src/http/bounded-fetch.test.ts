import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallError } from "../core/errors.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { retryAfter } from "./failures.ts";

const KEY = "sk-sentinel-5f2c";
const caller = { model: "openai:test", apiKeyEnv: "TEST_KEY" };

/** One route a fault. */
const routes: Record<string, (response: ServerResponse) => void> = {
  "/fine": (r) => r.end(JSON.stringify({ ok: true })),
  "/html": (r) => r.setHeader("content-type", "text/html").end("<html><body>Bad gateway</body></html>"),
  "/truncated": (r) => r.end('{"choices": ['),
  "/binary": (r) => r.end(Buffer.from([0x22, 0xff, 0xfe, 0x22])),
  "/large": (r) => r.end(`"${"x".repeat(11 * 1024 * 1024)}"`),
  "/cut": (r) => {
    r.writeHead(200, { "content-length": "500" });
    r.write('{"cho', () => r.destroy());
  },
  "/429": (r) => r.writeHead(429, { "retry-after": "3" }).end(JSON.stringify({ error: { message: "slow down" } })),
  "/quota": (r) =>
    r.writeHead(429).end(JSON.stringify({ error: { message: "none left", code: "insufficient_quota" } })),
  "/401": (r) => r.writeHead(401).end(JSON.stringify({ error: { message: `wrong key ${KEY}` } })),
  "/404": (r) => r.writeHead(404).end(JSON.stringify({ error: "no such model" })),
  "/503": (r) => r.writeHead(503).end("<html>busy</html>"),
  "/503-timeout": (r) => r.writeHead(503).end("upstream connect error or disconnect/reset before headers: timeout"),
  "/504-timeout": (r) => r.writeHead(504).end("<html><h1>504 Gateway Time-out</h1>timed out</html>"),
  "/524-timeout": (r) => r.writeHead(524).end("error code: 524: a timeout occurred"),
  "/408-timeout": (r) => r.writeHead(408).end(JSON.stringify({ error: { message: "Request timed out." } })),
  "/409": (r) => r.writeHead(409).end(JSON.stringify({ error: { message: "conflict" } })),
  "/425": (r) => r.writeHead(425).end("too early"),
  "/400-timeout": (r) => r.writeHead(400).end(JSON.stringify({ error: { message: "your `timeout` timed out" } })),
  "/400-busy": (r) =>
    r.writeHead(400).end(JSON.stringify({ error: { message: "slow down", type: "rate_limit_error", code: null } })),
  "/424-generation": (r) =>
    r.writeHead(424).end(JSON.stringify({ error: "CUDA error: timed out", error_type: "generation" })),
  "/200-timeout": (r) => r.end(JSON.stringify({ error: { message: "Request timed out.", type: "timeout" } })),
  "/429-date": (r) => r.writeHead(429, { "retry-after": new Date(Date.now() + 60_000).toUTCString() }).end("{}"),
  "/odd-header": (r) => {
    // Node's server would not send it.
    r.socket?.end("HTTP/1.1 503 x\r\nx-note: \u65e5\u672c\r\nretry-after: 2\r\ncontent-length: 2\r\n\r\n{}");
  },
  "/deep": (r) => r.writeHead(500).end(`{"error": {"message": ${"[".repeat(1e5)}${"]".repeat(1e5)}}}`),
  "/gzip": (r) => r.setHeader("content-encoding", "gzip").end(gzipSync('{"ok": true}')),
  "/br": (r) => r.setHeader("content-encoding", "br").end(brotliCompressSync('{"ok": true}')),
  "/deflate": (r) => r.setHeader("content-encoding", "deflate").end(deflateSync('{"ok": true}')),
  "/deflate-raw": (r) => r.setHeader("content-encoding", "deflate").end(deflateRawSync('{"ok": true}')),
  "/twice": (r) => r.setHeader("content-encoding", "br, gzip").end(gzipSync(brotliCompressSync('{"ok": true}'))),
  "/gzip-503": (r) =>
    r.writeHead(503, { "content-encoding": "gzip" }).end(gzipSync('{"error": {"message": "busy inside"}}')),
  "/bomb": (r) => r.setHeader("content-encoding", "gzip").end(gzipSync(Buffer.alloc(11 * 1024 * 1024, " "))),
  "/gzip-cut": (r) => r.setHeader("content-encoding", "gzip").end(gzipSync('{"ok": true}').subarray(0, 15)),
  "/gzip-not": (r) => r.setHeader("content-encoding", "gzip").end('{"ok": true}'),
  "/odd-encoding": (r) => r.setHeader("content-encoding", "aws-chunked").end('{"ok": true}'),
  "/many-encodings": (r) => r.setHeader("content-encoding", "gzip,".repeat(500)).end('{"ok": true}'),
  "/200-429": (r) => r.end(JSON.stringify({ error: { message: "slow down", code: 429 } })),
  "/200-quota": (r) => r.end(JSON.stringify({ error: { message: "none left", code: "insufficient_quota" } })),
  "/200-key": (r) =>
    r.end(JSON.stringify({ error: { message: "wrong key", type: "authentication_error", code: null } })),
  "/200-model": (r) =>
    r.end(JSON.stringify([{ error: { message: "no such model", code: "404", status: "NOT_FOUND" } }])),
  "/200-asked": (r) =>
    r.end(JSON.stringify({ object: "error", message: "too long", type: "invalid_request_error", code: null })),
  "/200-text": (r) => r.end(JSON.stringify({ error: "the worker died" })),
  "/200-choice": (r) =>
    r.end(JSON.stringify({ choices: [{ error: { message: "upstream", code: 502 }, finish_reason: "error" }] })),
  "/200-answer": (r) => r.end(JSON.stringify({ choices: [{ text: "fine" }], error: "" })),
  "/422": (r) => {
    const detail = [{ type: "extra_forbidden", loc: ["body", "seed"], msg: "Extra inputs are not permitted" }];
    r.writeHead(422).end(JSON.stringify({ object: "error", message: { detail }, type: "invalid_request_error" }));
  },
  "/308": (r) => r.writeHead(308, { location: `https://user:pw@other.example/v1/x?key=${KEY}` }).end("moved"),
  "/302": (r) => r.writeHead(302, { location: "/api/v1/x" }).end("<html>moved</html>"),
  "/300": (r) => r.writeHead(300).end(),
  "/echo": (r) => r.end(JSON.stringify({ text: `a seed for ${KEY}` })),
  "/key-400": (r) =>
    r
      .writeHead(400)
      .end(JSON.stringify({ error: { message: `${"x".repeat(280)} ${KEY}`, code: KEY, param: "a.tnt-71c2bb04" } })),
  "/key-text": (r) => r.writeHead(400).end(`${"x".repeat(72)} ${KEY}`),
  "/echo-400": (r) => r.writeHead(400).end(JSON.stringify({ error: { message: "wrong: seed", param: "seed" } })),
  "/400": (r) => r.writeHead(400).end(JSON.stringify({ error: { message: "prompt too long" } })),
};

const server = createServer((request, response) => routes[(request.url ?? "").split("?")[0] ?? ""]?.(response));
let base = "";
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address: AddressInfo | string | null = server.address();
  if (address !== null && typeof address === "object") base = `http://127.0.0.1:${address.port}`;
});
afterAll(() => server.close());

describe("boundedFetch", () => {
  it("hands on a good answer", async () => {
    const response = await boundedFetch(caller, KEY)(`${base}/fine`);
    expect(await response.json()).toEqual({ ok: true });
  });

  it.each([
    ["/html", { kind: "malformed", retryable: true }],
    ["/truncated", { kind: "malformed", retryable: true }],
    ["/binary", { kind: "malformed", retryable: true }],
    ["/large", { kind: "too-large", retryable: false }],
    ["/cut", { kind: "malformed", retryable: true }], // it answered: what was written may be paid for
    ["/429", { kind: "rate-limit", retryable: true, retryAfterMs: 3000 }],
    ["/quota", { kind: "quota", retryable: false, fatal: true }],
    ["/401", { kind: "auth", retryable: false, fatal: true }],
    ["/404", { kind: "not-found", retryable: false, fatal: true }],
    ["/503", { kind: "server", retryable: true }],
    ["/503-timeout", { kind: "server", retryable: true, message: expect.stringContaining("503: upstream connect") }],
    ["/504-timeout", { kind: "server", retryable: true }],
    ["/524-timeout", { kind: "server", retryable: true }],
    ["/408-timeout", { kind: "server", retryable: true }],
    ["/409", { kind: "server", retryable: true }],
    ["/425", { kind: "server", retryable: true }],
    ["/400-timeout", { kind: "bad-request", retryable: false, fatal: false }],
    [
      "/400-busy",
      { kind: "rate-limit", retryable: true, message: expect.stringMatching(/400, but its body names \d+: /) },
    ],
    ["/424-generation", { kind: "server", retryable: true }],
    ["/200-timeout", { kind: "server", retryable: true, message: expect.stringContaining("taken for 504") }],
    ["/429-date", { kind: "rate-limit", retryAfterMs: expect.closeTo(60_000, -4) }],
    ["/odd-header", { kind: "server", retryable: true, retryAfterMs: 2000 }],
    ["/deep", { kind: "server", retryable: true }],
    ["/gzip-503", { kind: "server", retryable: true, message: expect.stringContaining("503: busy inside") }],
    ["/bomb", { kind: "too-large", retryable: false }],
    ["/gzip-cut", { kind: "malformed", retryable: true, message: expect.stringContaining("broken gzip") }],
    ["/gzip-not", { kind: "malformed", retryable: true, message: expect.stringContaining("broken gzip") }],
    ["/odd-encoding", { kind: "malformed", retryable: true, message: expect.stringContaining("`aws-chunked`") }],
    ["/many-encodings", { kind: "malformed", retryable: true, message: expect.stringContaining("500 encodings") }],
    ["/400", { kind: "bad-request", retryable: false, fatal: false }],
    ["/422", { kind: "bad-request", code: "extra_forbidden", param: "body.seed" }],
    [
      "/308",
      {
        fatal: true,
        message: expect.stringMatching(/ asks to go to https:\/\/other\.example; give that as baseUrl \(308/),
      },
    ],
    [
      "/302",
      { fatal: true, message: expect.stringMatching(/ asks to go to http:\S+\/api\/v1\/x; give that as baseUrl/) },
    ],
    [
      "/300",
      { kind: "redirect", fatal: true, message: expect.stringContaining("without saying where; check baseUrl (300)") },
    ],
    ["/200-429", { kind: "rate-limit", retryable: true, message: expect.stringContaining("slow down") }],
    ["/200-quota", { kind: "quota", fatal: true }],
    ["/200-key", { kind: "auth", fatal: true }],
    ["/200-model", { kind: "not-found", fatal: true }],
    ["/200-asked", { kind: "bad-request", retryable: false, fatal: false }],
    ["/200-text", { kind: "server", retryable: true, message: expect.stringContaining("the worker died") }],
    ["/200-choice", { kind: "server", retryable: true, message: expect.stringContaining("upstream") }],
  ])("types the failure of %s", async (route, expected) => {
    await expect(boundedFetch(caller, KEY)(base + route)).rejects.toMatchObject({ name: "CallError", ...expected });
  });

  it.each(["/gzip", "/br", "/deflate", "/deflate-raw", "/twice"])(
    "reads %s, which it did not ask for",
    async (route) => {
      expect(await (await boundedFetch(caller, KEY)(base + route)).json()).toEqual({ ok: true });
    },
  );

  it("takes an answer for one although its error field is empty", async () => {
    const response = await boundedFetch(caller, KEY)(`${base}/200-answer`);
    expect(await response.json()).toMatchObject({ choices: [{ text: "fine" }] });
  });

  it("keeps the key out of messages, also when the server repeats it", async () => {
    const error = await boundedFetch(caller, KEY)(`${base}/401?key=${KEY}`, {
      headers: { authorization: `Bearer ${KEY}` },
    }).catch((caught: CallError) => caught);
    expect(String(error)).not.toContain(KEY);
    const known = await boundedFetch(caller, KEY)(`${base}/401`).catch((caught: CallError) => caught);
    expect(String(known)).toContain("TEST_KEY");
    expect(String(known)).not.toContain(KEY);
  });

  it("takes a key out of what a refusal says is at fault, also where a cut would leave a part of it", async () => {
    const caught = await boundedFetch(
      { ...caller, variables: { TENANT: "tnt-71c2bb04" } },
      KEY,
    )(`${base}/key-400`).catch((error) => error);
    expect(caught).toMatchObject({ kind: "bad-request", code: "[key]", param: `a.$\{TENANT}` });
    expect(inspect(caught, { depth: 9 }) + caught.stack).not.toMatch(/sk-sent|tnt-71/);
    const text = await boundedFetch(caller, KEY)(`${base}/key-text`).catch((error) => error);
    expect(inspect(text, { depth: 9 }) + text.stack).not.toMatch(/sk-sent/);
  });

  it("takes a long key out of answers; one that may be a word, out of messages alone", async () => {
    const echoed = await boundedFetch(caller, KEY)(`${base}/echo`);
    expect(await echoed.json()).toEqual({ text: "a seed for [key]" });
    const kept = await boundedFetch(caller, "seed")(`${base}/echo`);
    expect(await kept.json()).toEqual({ text: `a seed for ${KEY}` });
    await expect(boundedFetch(caller, "seed")(`${base}/echo-400`)).rejects.toMatchObject({
      message: expect.stringContaining("wrong: [key]"),
      param: "seed",
    });
  });

  it("names a server that is not there", async () => {
    await expect(boundedFetch(caller, null)("http://127.0.0.1:9/v1/models")).rejects.toMatchObject({
      kind: "network",
      message: expect.stringContaining("127.0.0.1:9"),
    });
  });
});

describe("retryAfter", () => {
  it("reads seconds, dates and milliseconds", () => {
    expect(retryAfter({ "retry-after": "2" })).toBe(2000);
    expect(retryAfter({ "retry-after": ["3", "5"] })).toBe(3000);
    expect(retryAfter({ "retry-after-ms": "250", "retry-after": "9" })).toBe(250);
    expect(retryAfter({ "retry-after": "Thu, 01 Jan 1970 00:00:10 GMT" }, 4000)).toBe(6000);
    expect(retryAfter({ "retry-after": "Thu, 01 Jan 1970 00:00:10 GMT" }, 40_000)).toBe(0);
    expect(retryAfter({ "retry-after": "soon" })).toBeNull();
    expect(retryAfter({})).toBeNull();
  });
});
