import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sendJson } from "../../tests/support/completions-server.ts";
import {
  type EmbeddingsServer,
  embeddingsServer,
  SERVER_MAXIMUM,
  serverRow,
} from "../../tests/support/embeddings-server.ts";
import { row } from "../core/matrix.ts";
import { testFolder } from "../testing/test-folder.ts";
import { huggingface } from "./huggingface.ts";
import { openai } from "./openai.ts";

let server: EmbeddingsServer;
beforeAll(async () => {
  server = await embeddingsServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
  server.faults.length = 0;
});

const environment = {
  id: "e",
  background: [],
  env: {},
  baseDir: ".",
  offline: false,
  storeDir: null,
  backoff: { first: 1, longest: 5 },
};
const open = (more: object = {}, env: object = {}) =>
  openai.bind({ model: "m", baseUrl: `${server.url}/v1`, ...more }).create({ ...environment, ...env });
const openHub = (more: object = {}, env: object = {}) =>
  huggingface.bind({ model: "org/m", endpointUrl: server.url, ...more }).create({ ...environment, ...env });

type Rows = readonly (readonly number[])[];

/** Rows as the /embeddings route gives them. */
function asOpenai(rows: unknown): object {
  return { data: Array.isArray(rows) ? rows.map((embedding, index) => ({ index, embedding })) : rows };
}

/** The server's row for a text, at unit length, as float32. */
function unit(text: string): Float32Array {
  const values = serverRow(text);
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}
function expectRow(actual: Float32Array, expected: Float32Array): void {
  for (const [j, value] of expected.entries()) expect(actual[j]).toBeCloseTo(value, 6);
}
const numbered = (n: number) => Array.from({ length: n }, (_, i) => `word${i}`).join(" ");

describe.each([
  ["openai", open],
  ["huggingface", openHub],
])("the %s encoder", (_, create) => {
  it("gives the server's rows in the order of the texts, at unit length, in batches", async () => {
    const encoder = await create({ batch: 4 });
    const texts = ["a b", "", "c", "d e", "f", "g", "h", "a b", "i"];
    const encoded = await encoder.encode(texts);
    expect(encoder).toMatchObject({ width: 6, normalized: true });
    for (const [i, text] of texts.entries()) expectRow(row(encoded, i), unit(text));
    expect(server.requests.map((sent) => sent.length)).toEqual([1, 4, 4, 1]);
  });

  it("cuts a text at the server's own maximum", async () => {
    const encoder = await create({ batch: 3 });
    const long = numbered(40);
    const encoded = await encoder.encode(["short", long, "other"]);
    expectRow(row(encoded, 0), unit("short"));
    expectRow(row(encoded, 1), unit(numbered(SERVER_MAXIMUM - 2)));
    expectRow(row(encoded, 2), unit("other"));
  });

  it("leaves rows as they come when told to", async () => {
    const encoder = await create({ normalize: false });
    expectRow(row(await encoder.encode(["x y"]), 0), Float32Array.from(serverRow("x y")));
    expect(encoder.normalized).toBe(false);
    expect(encoder.fingerprint).not.toBe((await create()).fingerprint);
  });

  it("asks again after failures that may pass, and says how often it tried when they do not", async () => {
    const encoder = await create({ attempts: 4 });
    server.faults.push(
      (response) => sendJson(response, 429, { error: { message: "slow down" } }),
      (response) => response.writeHead(200, { "content-type": "application/json" }).end("[[0.1, 0.2"),
      (response) => sendJson(response, 200, { data: [], usage: {} }),
    );
    expectRow(row(await encoder.encode(["again"]), 0), unit("again"));
    for (let i = 0; i < 4; i++) server.faults.push((response) => sendJson(response, 503, { error: "busy" }));
    await expect(encoder.encode(["never"])).rejects.toThrow(/503: busy \(4 attempts\)/);
  });

  it("refuses rows of another width and numbers that are none", async () => {
    const encoder = await create({ attempts: 1 });
    const answers = [[[1, 2]], [[1, 2, 3, 4, 5, null]]];
    for (const rows of answers) {
      const data = rows.map((embedding, index) => ({ index, embedding }));
      server.faults.push((response) =>
        sendJson(response, 200, encoder.description.kind === "openai" ? { data } : rows),
      );
      await expect(encoder.encode(["x"])).rejects.toMatchObject({
        kind: "malformed",
        message: expect.stringContaining(`${encoder.id}: `),
      });
    }
  });

  it.each([
    ["a value that no float32 can hold", (rows: Rows) => [[...rows[0]!.slice(0, 5), 1e39], ...rows.slice(1)]],
    ["null in a row", (rows: Rows) => [[null, ...rows[0]!.slice(1)], ...rows.slice(1)]],
    ["a text in a row", (rows: Rows) => [["NaN", ...rows[0]!.slice(1)], ...rows.slice(1)]],
    ["a row of base64", (rows: Rows) => [Buffer.from(Float32Array.from(rows[0]!).buffer).toString("base64"), rows[1]]],
    ["a row too few", (rows: Rows) => rows.slice(1)],
    ["a row too many", (rows: Rows) => [...rows, rows[0]]],
    ["rows of another width", (rows: Rows) => rows.map((one) => [...one, 1])],
    ["one row of another width", (rows: Rows) => [...rows.slice(1), rows[0]!.slice(1)]],
    ["rows without numbers", (rows: Rows) => rows.map(() => [])],
    ["no list", (rows: Rows) => ({ rows })],
  ])("asks again after %s, and keeps none of it", async (_, spoil) => {
    const storeDir = testFolder();
    const texts = ["one two", "three"];
    const encoder = await create({ attempts: 2, normalize: false }, { storeDir });
    const wrong = spoil(texts.map(serverRow));
    const send = (response: ServerResponse) =>
      sendJson(response, 200, encoder.description.kind === "openai" ? asOpenai(wrong) : wrong);
    server.faults.push(send, send);
    await expect(encoder.encode(texts)).rejects.toMatchObject({ kind: "malformed", attempts: 2 });
    server.faults.push(send);
    const encoded = await encoder.encode(texts);
    for (const [i, text] of texts.entries()) expectRow(row(encoded, i), Float32Array.from(serverRow(text)));
    await encoder.close?.();
    const again = await create({ attempts: 2, normalize: false }, { storeDir });
    expect((await again.encode(texts)).data).toEqual(encoded.data);
    await again.close?.();
  });

  it("learns its width from no damaged answer", async () => {
    const wrong = [["NaN", 1, 2, 3, 4]];
    server.faults.push((response) => sendJson(response, 200, create === open ? asOpenai(wrong) : wrong));
    expect((await create({ attempts: 2 })).width).toBe(6);
  });

  it("is refused offline and names the missing variable of the key", async () => {
    const plugin = (await create()).description.kind === "openai" ? openai : huggingface;
    const bound = plugin.bind({ model: "m" });
    await expect(bound.create({ ...environment, offline: true })).rejects.toThrow(/--offline/);
    await expect(bound.create(environment)).rejects.toThrow(/OPENAI_API_KEY|HF_TOKEN/);
  });
});

describe("the openai encoder's own", () => {
  it.each([
    ["repeated", [0, 0]],
    ["missing", [0, undefined]],
    ["of no text", [0, 2]],
    ["of a text that has one", [1, 1]],
    ["below the first", [-1, 0]],
    ["no whole number", [0, 0.5]],
  ])("asks again where an index is %s", async (_, indices) => {
    const encoder = await open({ attempts: 2 });
    const data = indices.map((index) => ({ ...(index === undefined ? {} : { index }), embedding: serverRow("other") }));
    server.faults.push((response) => sendJson(response, 200, { data }));
    const encoded = await encoder.encode(["first", "second"]);
    expectRow(row(encoded, 0), unit("first"));
    expectRow(row(encoded, 1), unit("second"));
  });

  it("cuts to maxTokens by the server's count, and asks nothing twice of what is kept", async () => {
    const storeDir = testFolder();
    const texts = [numbered(9), "a b c", "kept"];
    const first = await open({ maxTokens: 7 }, { storeDir });
    const encoded = await first.encode(texts);
    expectRow(row(encoded, 0), unit(numbered(5)));
    expectRow(row(encoded, 1), unit("a b c"));
    await first.close?.();
    server.requests.length = 0;
    const second = await open({ maxTokens: 7 }, { storeDir });
    expect((await second.encode(texts)).data).toEqual(encoded.data);
    expect(server.requests).toEqual([["a"]]);
    await second.close?.();
  });

  it("never repeats the key", async () => {
    const env = { env: { EMBED_KEY: "sk-sentinel-99" } };
    server.faults.push((response) => sendJson(response, 401, { error: { message: "wrong key sk-sentinel-99" } }));
    const refused = open({ apiKeyEnv: "EMBED_KEY" }, env);
    await expect(refused).rejects.toThrow(/EMBED_KEY/);
    await expect(refused).rejects.not.toThrow(/sentinel/);
    expect(() => openai.bind({ model: "m", baseUrl: "http://user:secret@127.0.0.1/v1" })).toThrow(/apiKeyEnv/);
  });

  it("stops asking when the user stops", async () => {
    const stop = new AbortController();
    const encoder = await open({}, { signal: stop.signal });
    server.faults.push(() => stop.abort());
    await expect(encoder.encode(["waits"])).rejects.toMatchObject({ kind: "canceled" });
  });
});
