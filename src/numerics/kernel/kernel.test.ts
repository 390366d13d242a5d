import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { Workspace } from "./workspace.ts";

it("the committed module is what the AssemblyScript sources build to", async () => {
  const script = fileURLToPath(new URL("./build.mjs", import.meta.url));
  await expect(promisify(execFile)(process.execPath, [script, "--check"])).resolves.toMatchObject({ stderr: "" });
});

it("runs as SIMD WebAssembly here, and plain when asked", () => {
  expect(new Workspace([64]).kind).toBe("simd");
  expect(new Workspace([64], "plain").kind).toBe("plain");
});

it("refuses more memory than it was made for", () => {
  const space = new Workspace([64]);
  space.reserve(64);
  expect(() => space.reserve(1e6)).toThrow(RangeError);
});
