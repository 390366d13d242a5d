import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

/** A server in a process of its own. */
export interface Stub {
  readonly baseUrl: string;
  stop(): void;
}

/** Starts stub-server.mjs. @param delayMs after which it answers each request */
export async function startStub(delayMs: number): Promise<Stub> {
  const script = path.join(import.meta.dirname, "stub-server.mjs");
  const child = spawn(process.execPath, [script, String(delayMs)], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await firstLine(child);
  return { baseUrl: `http://127.0.0.1:${port}/v1`, stop: () => void child.kill() };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => reject(new Error("the stub server ended")));
    child.stdout?.once("data", (line: Buffer) => resolve(line.toString().trim()));
  });
}
