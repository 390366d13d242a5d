import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { packageRoot, packageVersion } from "../src/storage/package-root.ts";
import { mopbench } from "./support/cli.ts";

const root = packageRoot();
const bin = path.join(root, "src", "cli", "mopbench.mjs");
const commands = readdirSync(path.join(root, "src", "cli", "commands"))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.slice(0, -3));

/** Prints the processor time (user and system, ms) that a process took, on its last line of stderr. */
const METER =
  'data:text/javascript,process.on("exit",()=>{const u=process.cpuUsage();console.error((u.user+u.system)/1000)})';

describe("start-up", () => {
  it("shows --help in under 0.5 s of processor time, from a clone", async () => {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 4 && best >= 500; i++) {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", METER, bin, "--help"]);
      expect(stdout).toContain("mopbench run configs/quickstart.yaml");
      best = Math.min(best, Number(stderr.trim().split("\n").at(-1)));
    }
    expect(best).toBeLessThan(500);
  });

  it("knows its version", async () => {
    expect(await mopbench(["--version"], root)).toEqual({ code: 0, stdout: `${packageVersion()}\n`, stderr: "" });
  });

  it.each(commands)("%s --help, and that of what stands below it, has an example", async (name) => {
    const groups = await mopbench([name, "--help"], root);
    expect(groups.code).toBe(0);
    const below = [...groups.stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].map((found) => [name, found[1] ?? ""]);
    for (const command of below.length === 0 ? [[name]] : below) {
      const { code, stdout } = await mopbench([...command, "--help"], root);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}\$ mopbench /);
      expect(stdout).toContain("--quiet");
      expect(stdout).toContain("--json");
    }
  });
});
