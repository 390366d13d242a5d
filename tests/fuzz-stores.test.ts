import { spawn } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { packageRoot } from "../src/storage/package-root.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { drawsOf } from "./support/draws.ts";

const script = path.join(packageRoot(), "tests", "support", "store-fuzzer.ts");

const ended = z.object({ draw: z.number(), there: z.tuple([z.number(), z.number()]).optional() });

/** Damages that many stores in a process of its own. @returns the lines it printed, and how it ended */
async function fuzz(
  draws: number,
): Promise<{ readonly lines: readonly string[]; readonly end: unknown; readonly stderr: string }> {
  const args = ["--import", "tsx", script, testFolder(), String(draws)];
  const child = spawn(process.execPath, args, { cwd: packageRoot(), stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (more: Buffer) => {
      text[name] += more.toString();
    });
  const end = await new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
  return { lines: text.stdout.trimEnd().split("\n"), end, stderr: text.stderr };
}

it("answers, embeddings, numbers of gold and recordings give back what was kept or nothing, whatever befell their files", async () => {
  const draws = drawsOf({ quick: 32, full: 1200 });
  const { lines, end, stderr } = await fuzz(draws);
  expect({ end, stderr, last: lines.at(-1) }).toMatchObject({
    end: 0,
    stderr: "",
    last: expect.stringContaining("there"),
  });
  expect(lines.filter((line) => line.includes('"fault"'))).toEqual([]);
  const outcomes = lines.map((line) => ended.parse(JSON.parse(line))).flatMap(({ there }) => (there ? [there] : []));
  expect(outcomes).toHaveLength(draws);
  // Not everything is lost to every damage, and what is kept anew is there.
  expect(outcomes.filter(([before]) => before > 0).length).toBeGreaterThan(draws / 4);
  expect(outcomes.filter(([, after]) => after > 0).length).toBeGreaterThan(draws / 2);
});
