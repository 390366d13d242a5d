import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { main } from "../../src/cli/main.ts";
import { packageRoot } from "../../src/storage/package-root.ts";

/** What a command ended with. */
export interface Ended {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process: quick, everything but signals and start-up as in the real one. */
export async function mopbench(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const text = { stdout: "", stderr: "" };
  const code = await main(args, {
    stdout: (more) => {
      text.stdout += more;
    },
    stderr: (more) => {
      text.stderr += more;
    },
    terminal: false,
    columns: null,
    env: { MOPBENCH_CACHE: path.join(cwd, "cache"), ...env },
    cwd,
    signal: new AbortController().signal,
  });
  return { code, ...text };
}

/** A mopbench of its own process, which can be sent signals. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr holds the text; rejects when the process ends without it. */
  seen(text: string): Promise<void>;
}

/** Starts the package's bin. */
export function startMopbench(args: readonly string[], cwd: string): Started {
  const bin = path.join(packageRoot(), "src", "cli", "mopbench.mjs");
  const env = { ...process.env, MOPBENCH_CACHE: path.join(cwd, "cache") };
  const child = spawn(process.execPath, [bin, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  const watchers: (() => void)[] = [];
  child.stdout.on("data", (more: Buffer) => {
    text.stdout += more.toString();
  });
  child.stderr.on("data", (more: Buffer) => {
    text.stderr += more.toString();
    for (const watch of watchers) watch();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...text }));
  });
  const seen = (wanted: string) =>
    new Promise<void>((resolve, reject) => {
      const watch = () => {
        if (text.stderr.includes(wanted)) resolve();
      };
      watchers.push(watch);
      watch();
      void ended.then(() => reject(new Error(`It ended without saying \`${wanted}\`: ${text.stderr}`)));
    });
  return { child, ended, seen };
}
