import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../src/storage/package-root.ts";
import { measure, seconds, shown, type Timing } from "./support/measure.ts";
import { runPromptfoo } from "./support/promptfoo.ts";
import { type Stub, startStub } from "./support/stub.ts";

const DELAY_MS = 50;
const IN_FLIGHT = 200;
const REQUESTS = 10_000;
/** promptfoo is sent fewer, since it is slower; its start-up is measured apart and taken off. */
const PROMPTFOO_REQUESTS = 2000;
const CACHED_SAMPLES = 2000;

/**
 * The engine: requests a second through every layer to a stub server in its own process, beside promptfoo's on the same server
 * where MOPBENCH_PROMPTFOO names its program; a run whose answers all come from the cache; start-up.
 */
export async function benchmarkEngine(): Promise<void> {
  const stub = await startStub(DELAY_MS);
  try {
    console.log(`\nEngine: ${REQUESTS} requests of ${DELAY_MS} ms, ${IN_FLIGHT} in flight`);
    const ours = await send(stub);
    console.log(`  mopbench   ${row(ours, REQUESTS)}, peak memory ${Math.round(ours.megabytes)} MB`);
    comparePromptfoo(stub, ours);
    await cachedRun(stub);
  } finally {
    stub.stop();
  }
  startUp();
}

/** Sends the requests from a process of its own that runs the code as it is packed: bundled, without the loader of a clone. */
async function send(stub: Stub): Promise<Timing & { readonly megabytes: number }> {
  const { build } = await import("esbuild");
  const outfile = path.join(packageRoot(), "node_modules", ".cache", "mopbench-send.mjs");
  const entryPoints = [path.join(import.meta.dirname, "support", "send.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
  const args = [outfile, stub.baseUrl, String(REQUESTS), String(IN_FLIGHT)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

function comparePromptfoo(stub: Stub, ours: Timing): void {
  const bin = process.env.MOPBENCH_PROMPTFOO;
  if (bin === undefined || bin === "") {
    console.log("  promptfoo  not measured: MOPBENCH_PROMPTFOO does not name its program");
    return;
  }
  const idle = runPromptfoo(bin, stub.baseUrl, 1, IN_FLIGHT);
  const whole = runPromptfoo(bin, stub.baseUrl, PROMPTFOO_REQUESTS, IN_FLIGHT);
  const theirs = { wall: whole.wall - idle.wall, cpu: whole.cpu - idle.cpu };
  console.log(`  promptfoo  ${row(theirs, PROMPTFOO_REQUESTS)}, without its start-up (${shown(idle)})`);
  const rate = theirs.wall / PROMPTFOO_REQUESTS / (ours.wall / REQUESTS);
  const cpu = theirs.cpu / PROMPTFOO_REQUESTS / (ours.cpu / REQUESTS);
  console.log(
    `  mopbench sends ${rate.toFixed(1)} times as many a second, with 1/${cpu.toFixed(1)} of the processor time`,
  );
}

function row(timing: Timing, requests: number): string {
  const each = `${((1e3 * timing.cpu) / requests).toFixed(3)} ms CPU each`;
  return `${Math.round(requests / timing.wall)} a second, ${each} (${shown(timing)})`;
}

/** The same run twice: the second takes every answer from the cache. */
async function cachedRun(stub: Stub): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "mopbench-cached-"));
  const texts = Array.from({ length: 400 }, (_, i) => `A fine place, number ${i}, really.`).join("\n");
  await writeFile(path.join(folder, "people.txt"), texts);
  const config = {
    datasets: [{ file: { path: "people.txt", format: "lines" } }],
    models: [{ openai: { model: "stub", baseUrl: stub.baseUrl, concurrency: IN_FLIGHT, scoring: "none" } }],
    methods: ["zero-shot"],
    samples: CACHED_SAMPLES,
    repeats: 1,
    concurrency: IN_FLIGHT,
    metrics: ["distinct"],
  };
  await writeFile(path.join(folder, "cached.json"), JSON.stringify(config));
  const { main } = await import("../src/cli/main.ts");
  const run = async (out: string) => {
    const stderr: string[] = [];
    const code = await main(["run", "cached.json", "--out", out, "--quiet"], {
      stdout: () => {},
      stderr: (text) => stderr.push(text),
      terminal: false,
      columns: null,
      env: { MOPBENCH_CACHE: path.join(folder, "cache") },
      cwd: folder,
      signal: new AbortController().signal,
    });
    if (code !== 0) throw new Error(stderr.join(""));
  };
  try {
    const first = await measure(() => run("first"));
    const second = await measure(() => run("second"));
    console.log(
      `\nA run of ${CACHED_SAMPLES} samples, scores and report: ${shown(first)}; fully cached: ${shown(second)}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function startUp(): void {
  const bin = path.join(packageRoot(), "src", "cli", "mopbench.mjs");
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    spawnSync(process.execPath, [bin, "--help"]);
    return (performance.now() - start) / 1000;
  });
  console.log(`\nmopbench --help from a clone: ${seconds(times.sort((a, b) => a - b)[2]!)} (median of 5)`);
}
