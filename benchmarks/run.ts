import { spawnSync } from "node:child_process";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { unknownName } from "../src/core/registry.ts";

/** Every benchmark by name; `make bench` runs them all, `node --import tsx benchmarks/run.ts NAME ...` some. */
const benchmarks: Readonly<Record<string, () => Promise<unknown>>> = {
  "start-up": async () => (await import("./start-up.ts")).benchmarkStartUp(),
  tables: async () => (await import("./tables.ts")).benchmarkTables(),
  kernels: async () => (await import("./kernels.ts")).benchmarkKernels(),
  sets: async () => (await import("./sets.ts")).benchmarkSets(),
  pairwise: async () => (await import("./pairwise.ts")).benchmarkPairwise(),
  text: async () => (await import("./text.ts")).benchmarkText(),
  embedded: async () => (await import("./embedded.ts")).benchmarkEmbedded(),
  engine: async () => (await import("./engine.ts")).benchmarkEngine(),
  score: async () => (await import("./score.ts")).benchmarkScore(),
  fit: () => import("./fit.ts"), // runs when imported
};

/** The child's way in: one benchmark in this process. */
const ONE = "--one";

/** Each benchmark in a process of its own, so that peak memory and warmth are its own. Returns the exit code. */
function runEach(names: readonly string[]): number {
  const cpus = os.cpus();
  console.log(`Node ${process.version}, ${cpus.length} x ${cpus[0]?.model ?? "unknown processor"}, ${os.platform()}`);
  let failed = 0;
  for (const name of names) {
    const { status } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ONE, name], {
      stdio: "inherit",
    });
    if (status !== 0) {
      console.error(`The benchmark ${name} failed.`);
      failed++;
    }
  }
  return failed === 0 ? 0 : 1;
}

const [flag, ...rest] = process.argv.slice(2);
if (flag === ONE) {
  await benchmarks[rest[0]!]!();
} else {
  const names = flag === undefined ? Object.keys(benchmarks) : [flag, ...rest];
  const unknown = names.find((name) => benchmarks[name] === undefined);
  if (unknown !== undefined) {
    console.error(unknownName("benchmark", unknown, Object.keys(benchmarks)));
    process.exitCode = 2;
  } else process.exitCode = runEach(names);
}
