import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { Stream } from "../src/core/stream.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { startMopbench } from "./support/cli.ts";
import { completionsServer } from "./support/completions-server.ts";
import { KILLED, killAndResume } from "./support/kills.ts";
import { seededServer } from "./support/seeded-server.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

/** A folder with a config, `c.yaml`, of sixty calls. */
function slowRun(baseUrl: string): string {
  const config = `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ openai: { model: tiny, baseUrl: "${baseUrl}", scoring: none } }]
methods: [zero-shot]
samples: 60
metrics: [fid]
decoding: { maxTokens: 2 }
`;
  return testFolder({ "c.yaml": config, "reviews.csv": reviewsCsv(300) });
}

it("ends with the same bytes after kills at random moments, and asks for nothing twice but what was in flight", async () => {
  const report = await killAndResume(3, Stream.root(1).derive("kills"));
  expect(report.hit).toBeGreaterThan(0);
  expect(report.resumed).toBe(report.undisturbed);
  expect(report.repeated).toBeLessThanOrEqual(report.inFlight);
});

it("makes no call twice but what was in flight where a text is made of several calls, in rounds, and where a fit generates", async () => {
  const report = await killAndResume(5, Stream.root(2).derive("kills"), KILLED.several);
  expect(report.hit).toBeGreaterThan(1);
  expect(report.resumed).toBe(report.undisturbed);
  expect(report.repeated).toBeLessThanOrEqual(report.inFlight);
});

it("stops cleanly at Ctrl-C, says how to go on, and goes on", async () => {
  const server = await seededServer(40);
  const folder = slowRun(server.baseUrl);
  try {
    const run = startMopbench(["run", "c.yaml", "--out", "r", "--concurrency", "2"], folder);
    await run.seen("shuffled words");
    while (server.requests.length < 10) await new Promise((resolve) => setTimeout(resolve, 10));
    run.child.kill("SIGINT");
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("add --resume r to the same command");
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(JSON.parse(await readFile(path.join(folder, "r", "run.json"), "utf8"))).toMatchObject({ exit: 130 });
    const resumed = startMopbench(["run", "c.yaml", "--resume", "r", "--quiet"], folder);
    expect((await resumed.ended).code).toBe(0);
  } finally {
    await server.close();
  }
});

it("refuses a second run of a folder, and goes on at once when the first was killed", async () => {
  let open = () => {};
  let answered = 0;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const server = await seededServer(1, () => (++answered > 10 ? opened : Promise.resolve())); // the first run cannot end
  const folder = slowRun(server.baseUrl);
  try {
    const first = startMopbench(["run", "c.yaml", "--out", "r", "--no-cache", "--concurrency", "2"], folder);
    await first.seen("shuffled words");
    while (server.requests.length < 11) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const flag of ["--resume", "--out"]) {
      const { code, stderr } = await startMopbench(["run", "c.yaml", flag, "r", "--no-cache"], folder).ended;
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining(`r is being written by another run (process ${first.child.pid} on `),
      ]);
    }
    first.child.kill("SIGKILL");
    await first.ended;
    open();
    expect(await readdir(path.join(folder, "r"))).toContain("run.lock");
    const resumed = startMopbench(["run", "c.yaml", "--resume", "r", "--no-cache", "--quiet"], folder);
    expect((await resumed.ended).code).toBe(0);
    expect((await readdir(path.join(folder, "r"))).filter((name) => name.startsWith("run.lock"))).toEqual([]);
  } finally {
    await server.close();
  }
});

it("sends nothing where the folder cannot be made or written", async () => {
  const server = await seededServer(40);
  const config = `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ openai: { model: tiny, baseUrl: "${server.baseUrl}" } }]
methods: [zero-shot, mop: { personas: 3, exemplars: 12, records: 16, pairs: 3 }]
encoder: { openai: { model: tiny, baseUrl: "${server.baseUrl}" } }
metrics: [fid]
`;
  const folder = testFolder({ "c.yaml": config, "reviews.csv": reviewsCsv(300) });
  try {
    for (const out of [`deep/${"a".repeat(300)}`, "/dev/null/run"]) {
      const { code, stderr } = await startMopbench(["run", "c.yaml", "--out", out], folder).ended;
      expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot be written to|is a file/)]);
      expect(stderr).not.toMatch(/^ {4}at /m);
    }
    expect(server.requests).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(["c.yaml", "reviews.csv"]);
  } finally {
    await server.close();
  }
});

it("ends at a second Ctrl-C", async () => {
  // A server that never answers: the first Ctrl-C waits for nothing either, so the second is sent in the same moment.
  const server = await completionsServer(tinyLlama(), { intercept: () => true });
  const config = `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ openai: { model: tiny, baseUrl: "${server.baseUrl}", scoring: none } }]
methods: [zero-shot]
metrics: [fid]
`;
  const folder = testFolder({ "c.yaml": config, "reviews.csv": reviewsCsv(300) });
  try {
    const run = startMopbench(["run", "c.yaml", "--out", "r"], folder);
    while (server.requests.length < 1) await new Promise((resolve) => setTimeout(resolve, 10));
    run.child.kill("SIGINT");
    await run.seen("Stopping");
    run.child.kill("SIGINT");
    expect((await run.ended).code).toBe(130);
  } finally {
    await server.close();
  }
});
