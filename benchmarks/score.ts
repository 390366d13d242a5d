import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { packageRoot } from "../src/storage/package-root.ts";
import { seconds } from "./support/measure.ts";
import { writeScoreInput } from "./support/write-score-input.ts";

/** Makes the measured process say on its last line what it used. */
const REPORT = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write("\\n" + JSON.stringify(process.resourceUsage())));',
)}`;

const used = z.object({ userCPUTime: z.number(), systemCPUTime: z.number(), maxRSS: z.number() });

/** Prints time and memory of the whole command, start-up and reading included, without and with what it keeps of gold. */
export function benchmarkScore(): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), "mopbench-score-"));
  try {
    writeScoreInput(folder);
    console.log("mopbench score --metrics all: 5000 + 5000 texts with embeddings x 768, start-up and reading included");
    for (const name of ["near", "far"]) {
      const cache = path.join(folder, `cache-${name}`);
      console.log(`  ${name}: ${run(folder, name, cache)}; gold known: ${run(folder, name, cache)}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(folder: string, name: string, cache: string): string {
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
  return `${seconds((userCPUTime + systemCPUTime) / 1e6)} CPU, ${seconds(wall)} wall, ${Math.round(maxRSS / 1024)} MB`;
}
