import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Timing } from "./measure.ts";

/**
 * Sends requests with promptfoo, as its user would: one prompt, a test a request, cache and telemetry off. Its start-up is in
 * the time; processor time is that of its whole process tree, by the shell's `time`.
 * @throws Error with the end of its output when it fails
 */
export function runPromptfoo(bin: string, baseUrl: string, requests: number, inFlight: number): Timing {
  const folder = mkdtempSync(path.join(os.tmpdir(), "mopbench-promptfoo-"));
  try {
    const config = {
      prompts: ["Write one short review of a place in town, number {{n}}."],
      providers: [
        { id: "openai:chat:stub", config: { apiBaseUrl: baseUrl, apiKey: "none", temperature: 1, max_tokens: 40 } },
      ],
      tests: Array.from({ length: requests }, (_, n) => ({ vars: { n } })),
    };
    writeFileSync(path.join(folder, "config.json"), JSON.stringify(config));
    const flags = `eval -c config.json --no-cache --no-write --no-table --no-progress-bar -j ${inFlight} -o out.json`;
    const command = `TIMEFORMAT='%R %U %S'; time "${bin}" ${flags} > log.txt 2>&1`;
    const env = {
      ...process.env,
      PROMPTFOO_DISABLE_TELEMETRY: "1",
      PROMPTFOO_DISABLE_UPDATE: "1",
      PROMPTFOO_CONFIG_DIR: folder,
      HOME: folder,
    };
    const { stderr, status } = spawnSync("bash", ["-c", command], { cwd: folder, env, encoding: "utf8" });
    const [wall, user, system] = stderr.trim().split(/\s+/).map(Number);
    if (status !== 0 || wall === undefined || user === undefined || system === undefined) {
      const log = spawnSync("tail", ["-n", "20", "log.txt"], { cwd: folder, encoding: "utf8" }).stdout;
      throw new Error(`promptfoo ended with ${status}: ${stderr}\n${log}`);
    }
    return { wall, cpu: user + system };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
