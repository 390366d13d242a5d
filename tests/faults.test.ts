import { describe, expect, it } from "vitest";
import { systemClock } from "../src/http/clock.ts";
import { completionsServer } from "./support/completions-server.ts";
import { faults } from "./support/faults.ts";
import { PatientClock } from "./support/patient-clock.ts";
import { storm } from "./support/storm.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

describe("a server that fails 30 % of its calls", () => {
  it("costs retries, not samples: each is an answer or a record that says why", async () => {
    const clock = new PatientClock();
    const fault = faults(0.3, { slowMs: 300, onSilent: () => clock.addSilent() });
    const server = await completionsServer(tinyLlama(), { intercept: fault.intercept });
    const calls = 200;
    const result = await storm(server.baseUrl, calls, clock);
    await server.close();
    const failed = [...result.errors.values()].reduce((sum, n) => sum + n, 0);
    expect(result.answered + failed).toBe(calls);
    // Only a refusal is final: it is an answer of the model's, and asking again would bias the sample.
    expect([...result.errors.keys()].filter((kind) => kind !== "refusal")).toEqual([]);
    expect(result.errors.get("refusal")).toBe(fault.counts.get("refusal"));
    const final =
      (fault.counts.get("refusal") ?? 0) + (fault.counts.get("length") ?? 0) + (fault.counts.get("slow") ?? 0);
    expect(fault.counts.get("silent")).toBeGreaterThan(0);
    const all = [...fault.counts.values()].reduce((sum, n) => sum + n, 0);
    expect(result.retries).toBe(all - final);
  });

  it("ends at once for what no retry can mend", async () => {
    const server = await completionsServer(tinyLlama(), {
      intercept: (_request, _body, response) => {
        response.writeHead(429).end(JSON.stringify({ error: { message: "none", code: "insufficient_quota" } }));
        return true;
      },
    });
    const result = await storm(server.baseUrl, 50);
    await server.close();
    expect(result.errors.get("quota")).toBe(50);
    expect(server.requests.length).toBeLessThanOrEqual(8); // what was in flight when the first answer came
    expect(result.retries).toBe(0);
  });

  it("finds out after five refused connections that a server is down", async () => {
    const server = await completionsServer(tinyLlama());
    const { baseUrl } = server;
    await server.close();
    let now = 0;
    const clock = {
      ...systemClock,
      now: () => {
        now += 1000;
        return now;
      },
    };
    const result = await storm(baseUrl, 20, clock);
    expect(result.errors.get("network")).toBe(20);
    expect(result.retries).toBe(4);
  });
});
