import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { ResultRow } from "../src/core/result.ts";
import { packageRoot } from "../src/storage/package-root.ts";
import { resultRow } from "../src/testing/rows.ts";
import { testFolder } from "../src/testing/test-folder.ts";

/** The values of one metric of a method: two repeats, and their mean. */
function rowsOf(method: string, metric: string, mean: number): readonly ResultRow[] {
  const row = { method, metric, encoder: metric === "fid" ? "embedded:lsa" : null };
  return [
    resultRow({ ...row, repeat: 0, value: mean - 0.01 }),
    resultRow({ ...row, repeat: 1, value: mean + 0.01 }),
    resultRow({ ...row, repeat: null, value: mean }),
  ];
}

it("docs/frames.md prints what it says", async () => {
  const page = readFileSync(path.join(packageRoot(), "docs", "frames.md"), "utf8");
  const [, program = ""] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const [, printed] = /```text\n(.*?)```/s.exec(page) ?? [];
  const now = [
    ...rowsOf("persona", "fid", 0.2),
    ...rowsOf("persona", "distinct", 0.5),
    ...rowsOf("mop", "fid", 0.15),
    ...rowsOf("mop", "distinct", 0.75),
  ];
  const results = (rows: readonly ResultRow[]) => JSON.stringify({ schema: 1, rows, comparisons: [] });
  const folder = testFolder({
    "before/results.json": results(rowsOf("persona", "fid", 0.25)),
    "now/results.json": results(now),
  });
  const file = path.join(folder, "example.mts");
  writeFileSync(file, program.replace('"mopbench"', JSON.stringify(path.join(packageRoot(), "src", "index.ts"))));
  const tsx = path.join(packageRoot(), "node_modules", "tsx", "dist", "cli.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [tsx, file], { cwd: folder });
  expect(stdout).toBe(printed);
});
