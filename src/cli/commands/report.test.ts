import { readdir } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeTestRun } from "../../testing/run-folder.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { main } from "../main.ts";

const dir = testFolder();
beforeAll(async () => {
  await writeTestRun(path.join(dir, "run"));
});

async function mopbench(...argv: string[]) {
  const written = { stdout: "", stderr: "" };
  const code = await main(argv, {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
    terminal: false,
    columns: null,
    env: {},
    cwd: dir,
    signal: new AbortController().signal,
  });
  return { code, ...written };
}

describe("mopbench report", () => {
  it("writes the formats asked for and says where", async () => {
    const { code, stdout, stderr } = await mopbench("report", "run", "--format", "md,junit");
    expect(code).toBe(0);
    expect(stdout + stderr).toContain("run/report/report.md\nrun/report/junit.xml\n");
    expect((await readdir(path.join(dir, "run/report"))).sort()).toEqual(["junit.xml", "report.md"]);
  });

  it("prints JSON alone on stdout", async () => {
    const { code, stdout } = await mopbench("report", "run", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).rows.length).toBeGreaterThan(100);
  });

  it("refuses an unknown format, naming the nearest, and a folder that is no run", async () => {
    const format = await mopbench("report", "run", "--format", "htm");
    expect([format.code, format.stderr]).toEqual([2, expect.stringContaining("Did you mean `html`?")]);
    const folder = await mopbench("report", "nowhere");
    expect([folder.code, folder.stderr]).toEqual([2, expect.stringContaining("no run's folder")]);
    expect(folder.stderr).not.toContain("    at ");
  });
});
