import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../src/storage/package-root.ts";
import { testFolder } from "../src/testing/test-folder.ts";

const bin = path.join(packageRoot(), "src", "cli", "mopbench.mjs");

/** Runs a shell's line, in which `$MOPBENCH` is the bin. */
function shell(
  line: string,
  cwd: string,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const env = { ...process.env, MOPBENCH: `${process.execPath} ${bin}`, MOPBENCH_CACHE: path.join(cwd, "cache") };
  return new Promise((resolve) =>
    execFile("bash", ["-c", line], { cwd, env, maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}

describe("what is printed", () => {
  it.skipIf(!existsSync("/dev/full"))("is a failure, in one line, where the disk is full", async () => {
    const folder = testFolder();
    const { code, stderr } = await shell("$MOPBENCH schema > /dev/full", folder);
    expect(stderr).toBe("mopbench: stdout: no space left on the disk. What was printed is not complete.\n");
    expect(code).toBe(3);
    const wrong = await shell("$MOPBENCH plan nowhere.yaml > /dev/full", folder);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("nowhere.yaml") });
  });

  it.skipIf(!existsSync("/dev/full"))("ends the command as ever where nothing can be said of it", async () => {
    expect((await shell("$MOPBENCH schema 2> /dev/full", testFolder())).code).toBe(0);
    expect((await shell("$MOPBENCH plan nowhere.yaml 2> /dev/full", testFolder())).code).toBe(2);
  });

  it("may be read in part: nothing is said, and the exit code is the command's own", async () => {
    const line = "set -o pipefail; $MOPBENCH schema | head -c 1";
    expect(await shell(line, testFolder())).toEqual({ code: 0, stdout: "{", stderr: "" });
  });

  it("is complete before the process ends, however slowly it is read", async () => {
    const folder = testFolder();
    const whole = (await shell("$MOPBENCH schema", folder)).stdout;
    expect(whole.length).toBeGreaterThan(100_000); // more than a pipe holds
    const child = spawn(process.execPath, [bin, "schema"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((resolve) => child.on("close", resolve));
    let read = "";
    for await (const chunk of child.stdout) {
      read += chunk;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ended).toBe(0);
    expect(read).toBe(whole);
  });
});

it("says that the working folder is gone", async () => {
  const folder = testFolder();
  await mkdir(path.join(folder, "gone"));
  for (const command of ["--version", "run quick.yaml"]) {
    const { code, stderr } = await shell(`mkdir -p gone && cd gone && rmdir ../gone && $MOPBENCH ${command}`, folder);
    expect(stderr).toBe(
      "mopbench: The working folder is gone. Change to one that is there, then give the same command.\n",
    );
    expect(code).toBe(3);
  }
});

it("says that too many files are open where not even its own can be", async () => {
  const code = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
  const hook = `export function resolve(name, context, next) {
    if (name === "tsx/esm/api") throw Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });
    return next(name, context);
  }`;
  const hooks = code(`import { register } from "node:module"; register(${JSON.stringify(code(hook))});`);
  const args = ["--import", hooks, bin, "--version"];
  const ended = await new Promise((resolve) =>
    execFile(process.execPath, args, (error, stdout, stderr) => resolve({ code: error?.code, stdout, stderr })),
  );
  expect(ended).toEqual({
    code: 3,
    stdout: "",
    stderr: expect.stringMatching(/^mopbench: Too many files are open to start\. Raise the limit .*\n$/),
  });
});
