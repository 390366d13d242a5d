import { createServer } from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { portOf } from "../../tests/support/completions-server.ts";
import { BodiesInFlight } from "./bodies-in-flight.ts";
import { exchange } from "./exchange.ts";

/** Connections by name, and which of them are paused. */
function connections() {
  const paused = new Set<string>();
  const connection = (name: string) => ({
    pause: () => void paused.add(name),
    resume: () => void paused.delete(name),
  });
  return { paused, connection };
}

describe("BodiesInFlight", () => {
  it("lets the answer that began first go on, and makes the others wait", async () => {
    const { paused, connection } = connections();
    const bodies = new BodiesInFlight(100);
    const [a, b, c] = ["a", "b", "c"].map((name) => bodies.begin(connection(name)));
    b!.grow(60);
    expect([...paused]).toEqual([]);
    c!.grow(40);
    expect([...paused]).toEqual(["b", "c"]);
    a!.grow(1000);
    expect([...paused]).toEqual(["b", "c"]);
    a!.end();
    await turn();
    expect([...paused]).toEqual(["c"]); // b is first now; 100 are held still
    c!.end();
    await turn();
    expect([...paused]).toEqual(["c"]); // gone: nobody resumes it
    b!.end();
    expect(bodies.most).toBe(1100);
  });

  it("lets all go on once there is room again", async () => {
    const { paused, connection } = connections();
    const bodies = new BodiesInFlight(100);
    const all = ["a", "b", "c", "d"].map((name) => bodies.begin(connection(name)));
    for (const body of all) body.grow(30);
    expect([...paused]).toEqual(["b", "c", "d"]);
    all[0]!.end();
    all[0]!.end();
    all[0]!.grow(500);
    await turn();
    expect([...paused]).toEqual([]); // 90 of 100
  });
});

describe("answers over real connections", () => {
  const size = 4 * 1024 * 1024;
  const server = createServer((request, response) => {
    if (request.url === "/endless") response.write(Buffer.alloc(size));
    else response.end(Buffer.alloc(size, "x"));
  });
  const dispatcher = new Agent();
  const get = (route: string, bodies: BodiesInFlight, signal: AbortSignal | null = null) =>
    exchange(
      dispatcher,
      { url: new URL(`http://127.0.0.1:${portOf(server)}${route}`), method: "GET", headers: {}, body: null, signal },
      size,
      bodies,
    );
  beforeAll(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", () => resolve())));
  afterAll(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  });

  it("are all read to their end, and hold little more than the limit and one of them", async () => {
    const bodies = new BodiesInFlight(size);
    const answers = await Promise.all(Array.from({ length: 24 }, () => get("/", bodies)));
    expect(answers.every(({ body }) => body.length === size && body.every((byte) => byte === 120))).toBe(true);
    expect(bodies.most).toBeGreaterThanOrEqual(size);
    expect(bodies.most).toBeLessThan(3 * size);
  });

  it("that are given up make room for those that wait", async () => {
    const bodies = new BodiesInFlight(size);
    const stop = new AbortController();
    const stuck = [get("/endless", bodies, stop.signal), get("/endless", bodies, stop.signal)];
    const ended = Promise.allSettled(stuck);
    while (bodies.most < size) await turn();
    const waiting = get("/", bodies);
    stop.abort();
    expect((await ended).every(({ status }) => status === "rejected")).toBe(true);
    expect((await waiting).body.length).toBe(size);
  });
});
