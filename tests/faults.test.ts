import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../src/http/clock.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { completionsServer, sendJson } from "./support/completions-server.ts";
import { faults } from "./support/faults.ts";
import { PatientClock } from "./support/patient-clock.ts";
import { storm } from "./support/storm.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";
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

  it.each(["openai", "huggingface"])(
    "that speaks of timeouts ends no run of %s: it is asked again by the status, whatever the words",
    async (provider) => {
      const said: ((response: ServerResponse) => void)[] = [
        (response) => response.writeHead(503).end("upstream connect error or disconnect/reset before headers: timeout"),
        (response) => response.writeHead(504).end("<html><h1>504 Gateway Time-out</h1>The server timed out</html>"),
        (response) => sendJson(response, 200, { error: { message: "Request timed out.", type: "timeout" } }),
        (response) => sendJson(response, 408, { error: { message: "timed out", code: "timeout" } }),
      ];
      const server = await completionsServer(tinyLlama(), {
        intercept(_request, _body, response) {
          const fault = said.shift();
          fault?.(response);
          return fault !== undefined;
        },
      });
      const where = provider === "openai" ? `baseUrl: "${server.baseUrl}"` : `endpointUrl: "${server.baseUrl}"`;
      const folder = testFolder({
        "reviews.csv": reviewsCsv(100),
        "c.yaml": `name: c
datasets: [{ file: { path: reviews.csv, text: review, context: topic } }]
models: [{ ${provider}: { model: tiny, ${where} } }]
methods: [zero-shot]
samples: 4
encoder: embedded:lsa
metrics: [distinct]
decoding: { maxTokens: 8 }
`,
      });
      const { code, stderr } = await mopbench(["run", "c.yaml", "--out", "out"], folder);
      await server.close();
      expect(code, stderr).toBe(0);
      const { calls } = JSON.parse(await readFile(path.join(folder, "out", "run.json"), "utf8"));
      expect(calls).toMatchObject({ generated: 12, retries: 4, errors: 0 });
    },
  );

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
