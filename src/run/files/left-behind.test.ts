import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it, vi } from "vitest";
import { writeAtomic } from "../../storage/atomic.ts";
import { disk } from "../../storage/disk.ts";
import { testRun } from "../../testing/experiment.ts";
import { testFolder } from "../../testing/test-folder.ts";

it("is removed on resume: temporary files of the run's own; the user's stay", async () => {
  const dir = path.join(testFolder(), "run");
  const config = { methods: ["plain"], repeats: 1 };
  await testRun({ run: { out: dir }, config });
  const left: string[] = [];
  const rename = vi.spyOn(disk, "rename").mockImplementation(async (from) => void left.push(from));
  const cell = path.join(dir, "cells/town/scripted/plain/0");
  for (const file of ["run.json", "budget.json", path.relative(dir, path.join(cell, "metrics.json"))])
    await writeAtomic(path.join(dir, file), "half");
  rename.mockRestore();
  expect(left.map((file) => existsSync(file))).toEqual([true, true, true]);
  const others = ["notes.17080.mf1abcdefghijk.tmp", "run.json.tmp", "report/report.md.1.mf1abcdefghijk.tmp"];
  await mkdir(path.join(dir, "report"));
  for (const file of others) await writeFile(path.join(dir, file), "mine");
  await testRun({ run: { resume: dir }, config });
  expect(left.map((file) => existsSync(file))).toEqual([false, false, false]);
  expect(others.map((file) => existsSync(path.join(dir, file)))).toEqual([true, true, true]);
});
