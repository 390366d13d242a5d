import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os, { availableParallelism } from "node:os";
import path from "node:path";
import { z } from "zod";
import { packageRoot } from "../src/storage/package-root.ts";
import { seconds } from "./support/measure.ts";
import { writeScoreInput } from "./support/write-score-input.ts";

/** Makes the measured process say on its last line what it used. */
const REPORT = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write("\\n" + JSON.stringify(process.resourceUsage())));',
)}`;

const REPEATS = 3;

const used = z.object({ userCPUTime: z.number(), systemCPUTime: z.number(), maxRSS: z.number() });

interface Run {
  readonly cpu: number;
  readonly wall: number;
  readonly megabytes: number;
}

/** Prints time and memory of the whole command, start-up and reading included, without and with what it keeps of gold. */
export function benchmarkScore(): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), "mopbench-score-"));
  try {
    writeScoreInput(folder);
    const threads = availableParallelism() > 1 ? "two threads" : "one thread";
    console.log("mopbench score --metrics all: 5000 + 5000 texts with embeddings x 768, start-up and reading included");
    console.log(`  ${threads}, median of ${REPEATS}, greatest memory of these`);
    for (const name of ["near", "far"]) {
      const caches = Array.from({ length: REPEATS }, (_, i) => path.join(folder, `cache-${name}-${i}`));
      const first = caches.map((cache) => run(folder, name, cache));
      const again = caches.map((cache) => run(folder, name, cache));
      console.log(`  ${name}: ${shown(first)}; gold known: ${shown(again)}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(folder: string, name: string, cache: string): Run {
  const bin = path.join(packageRoot(), "src", "cli", "mopbench.mjs");
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...["--import", REPORT, bin, "score", "--metrics", "all", "--subsamples", "0", "--json", "--quiet"],
      ...["--gold", "gold.jsonl", "--gold-embeddings", "gold.npy"],
      ...["--synthetic", `${name}.jsonl`, "--synthetic-embeddings", `${name}.npy`],
    ],
    { cwd: folder, env: { ...process.env, MOPBENCH_CACHE: cache }, encoding: "utf8" },
  );
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(stderr);
  const { userCPUTime, systemCPUTime, maxRSS } = used.parse(JSON.parse(stderr.slice(stderr.lastIndexOf("\n") + 1)));
  return { cpu: (userCPUTime + systemCPUTime) / 1e6, wall, megabytes: maxRSS / 1024 };
}

function shown(runs: readonly Run[]): string {
  const middle = (of: (run: Run) => number) => runs.map(of).sort((a, b) => a - b)[runs.length >> 1]!;
  const memory = Math.max(...runs.map(({ megabytes }) => megabytes));
  return `${seconds(middle(({ cpu }) => cpu))} CPU, ${seconds(middle(({ wall }) => wall))} wall, ${Math.round(memory)} MB`;
}
