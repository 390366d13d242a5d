import { getEventListeners } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exchange } from "./exchange.ts";

let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {};
const server = createServer((request, response) => handle(request, response));
const dispatcher = new Agent();
let url: URL;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  url = new URL(`http://127.0.0.1:${address.port}/route?q=1`);
});
afterAll(async () => {
  await dispatcher.destroy();
  server.closeAllConnections();
  server.close();
});

const send = (signal: AbortSignal | null = null, largest = 1000) =>
  exchange(dispatcher, { url, method: "POST", headers: { "x-mine": "1" }, body: "caf\u00e9", signal }, largest);

describe("exchange", () => {
  it("sends what it is told and reads the whole answer, of several parts and behind an early hint", async () => {
    let seen = "";
    handle = (request, response) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      request.on("data", (chunk: Buffer) => {
        seen = `${request.method} ${request.url} ${request.headers["x-mine"]} ${chunk}`;
      });
      request.on("end", () => {
        response.writeHead(201, { "x-theirs": "2" });
        response.write("one ");
        setTimeout(() => response.end("two"), 5);
      });
    };
    const stop = new AbortController();
    const { status, headers, body } = await send(stop.signal);
    expect(seen).toBe("POST /route?q=1 1 caf\u00e9");
    expect(status).toBe(201);
    expect(headers["x-theirs"]).toBe("2");
    expect(body.toString()).toBe("one two");
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  });

  it("closes the connection when it is canceled, in the middle of an answer as well", async () => {
    for (const begun of [false, true]) {
      const stop = new AbortController();
      const closed = new Promise<void>((done) => {
        handle = (request, response) => {
          request.socket.on("close", () => done());
          if (begun) response.write("one ");
          setTimeout(() => stop.abort(), 5);
        };
      });
      await expect(send(stop.signal)).rejects.toMatchObject({ kind: "canceled" });
      await closed;
    }
  });

  it("sends nothing that was canceled before", async () => {
    let asked = 0;
    handle = (_request, response) => {
      asked += 1;
      response.end("next");
    };
    await expect(send(AbortSignal.abort())).rejects.toMatchObject({ kind: "canceled" });
    const stop = new AbortController();
    const fresh = new Agent();
    const late = exchange(fresh, { url, method: "POST", headers: {}, body: null, signal: stop.signal }, 1000);
    stop.abort(); // no connection stands yet
    await expect(late).rejects.toMatchObject({ kind: "canceled" });
    await new Promise((done) => setTimeout(done, 50)); // what was sent would arrive
    expect(asked).toBe(0);
    expect((await send()).body.toString()).toBe("next");
    expect(asked).toBe(1);
    await fresh.destroy();
  });

  it("keeps none of the parts in which an answer comes: each would hold on to a whole read of the socket", async () => {
    const parts = Array.from({ length: 5000 }, () => Buffer.from("x"));
    const controller = { aborted: false, paused: false, reason: null, abort() {}, pause() {}, resume() {} };
    const fed = new Agent();
    fed.dispatch = (_options, handler) => {
      handler.onRequestStart?.(controller, {});
      handler.onResponseStart?.(controller, 200, {}, "OK");
      for (const part of parts) {
        handler.onResponseData?.(controller, part);
        part.fill("y"); // as the socket does when it reads on
      }
      handler.onResponseEnd?.(controller, {});
      return true;
    };
    const { body } = await exchange(fed, { url, method: "GET", headers: {}, body: null, signal: null }, 5000);
    expect(body.toString()).toBe("x".repeat(5000));
    await fed.destroy();
  });

  it("stops reading at the limit", async () => {
    handle = (_request, response) => response.end("x".repeat(1001));
    await expect(send()).rejects.toMatchObject({ kind: "too-large" });
    handle = (_request, response) => response.end("x".repeat(1000));
    expect((await send()).body).toHaveLength(1000);
  });
});
