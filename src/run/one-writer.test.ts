import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { InputError, RunFailedError } from "../core/errors.ts";
import { seeded, testRun } from "../testing/experiment.ts";
import { testFolder } from "../testing/test-folder.ts";

let root = "";
let dir = "";
beforeEach(() => {
  root = testFolder();
  dir = path.join(root, "run");
});

const results = (folder: string) => readFile(path.join(folder, "results.json"), "utf8");

/** As `rm -r`, again where a file was written meanwhile. */
const remove = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 1 });

/** A model that does something before its answer `n`. */
function at(n: number, then: () => Promise<unknown>) {
  const calls = { asked: 0 };
  const answer: typeof seeded = async (request) => {
    calls.asked += 1;
    if (calls.asked === n) await then();
    return seeded(request);
  };
  return { calls, world: { answer } };
}

describe("one writer a run folder", () => {
  it.each([
    ["--resume", (folder: string) => ({ resume: folder })],
    ["--out", (folder: string) => ({ out: folder })],
  ])("refuses a second %s, saying who holds it, and the first run ends as it would", async (_, second) => {
    const alone = path.join(root, "alone");
    await testRun({ run: { out: alone }, config: { repeats: 1 } });
    const refused: unknown[] = [];
    const { world } = at(15, async () => {
      const before = await readdir(dir, { recursive: true });
      refused.push(await testRun({ run: second(dir), config: { repeats: 1 } }).catch((error: unknown) => error));
      expect(await readdir(dir, { recursive: true })).toEqual(before);
    });
    await testRun({ run: { out: dir }, world, config: { repeats: 1 }, overrides: { concurrency: 1 } });
    expect(refused).toEqual([expect.any(InputError)]);
    expect(String(refused[0])).toMatch(/is being written by .* \(process \d+ on .+, since \d{4}-.*Z\)/);
    expect(await results(dir)).toBe(await results(alone));
    expect(await readdir(dir)).not.toContain("run.lock");
  });

  it("refuses of two that begin at once one, whatever the folder", async () => {
    const other = testFolder();
    for (const run of [{ out: dir }, { resume: other }]) {
      const outcomes = await Promise.allSettled([testRun({ run }), testRun({ run })]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    }
  });

  it("takes a folder that holds nothing but the lock of a killed run for empty", async () => {
    const { world } = at(1, () => cp(path.join(dir, "run.lock"), path.join(root, "run.lock")));
    await testRun({ run: { out: dir }, world });
    const lock = await readFile(path.join(root, "run.lock"), "utf8");
    const other = path.join(root, "other");
    await mkdir(other);
    await writeFile(path.join(other, "run.lock"), lock);
    // As this process holds it, it is refused; a run of its own process is killed in tests/resume.test.ts.
    await expect(testRun({ run: { out: other } })).rejects.toThrow(/is being written by this very process/);
    await expect(testRun({ run: { out: other } })).rejects.not.toThrow(/not empty/);
  });
});

describe("a run folder that vanishes while the run goes on", () => {
  it.each<[string, (folder: string) => Promise<unknown>]>([
    ["is removed", remove],
    ["is moved", (folder) => rename(folder, `${folder}-moved`)],
    [
      "makes place for another",
      async (folder) => {
        await rename(folder, `${folder}-moved`);
        await mkdir(folder);
        await writeFile(path.join(folder, "mine.txt"), "mine");
      },
    ],
    [
      "makes place for its own copy",
      async (folder) => {
        // Files that are being written come and go.
        const copy = () => cp(folder, `${folder}-copy`, { recursive: true });
        for (
          let tries = 0;
          tries < 50 &&
          !(await copy().then(
            () => true,
            () => false,
          ));
          tries++
        );
        await rename(folder, `${folder}-moved`);
        await rename(`${folder}-copy`, folder);
      },
    ],
  ])("ends the run with exit code 3 when it %s, and nothing is put there", async (_, harm) => {
    for (const n of [1, 30, 80]) {
      const folder = path.join(root, String(n));
      let after: string[] = [];
      let asked = 0;
      const { calls, world } = at(n, async () => {
        await harm(folder);
        after = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
        asked = calls.asked;
      });
      const run = testRun({ run: { out: folder }, world, overrides: { concurrency: 4 } });
      const error: unknown = await run.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RunFailedError);
      expect(String(error)).toMatch(
        /is no longer the folder that this run writes to: it was removed, moved or replaced/,
      );
      expect(calls.asked - asked).toBeLessThanOrEqual(4); // what was being written or asked
      // A copy has the folders that the run was writing to, and may get the last file of a cell; anything else gets nothing.
      const put = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
      expect(put).not.toContain("results.json");
      if (!after.includes("run.json")) expect(put).toEqual(after);
      if (existsSync(`${folder}-moved`)) {
        await rm(folder, { recursive: true, force: true });
        await rename(`${folder}-moved`, folder);
        await rm(path.join(folder, "run.lock")); // that of a process that has ended would be taken over
        expect((await testRun({ run: { resume: folder } })).manifest.exit).toBe(0);
      }
    }
  });

  it("ends it also where cells alone are gone", async () => {
    const { world } = at(70, () => remove(path.join(dir, "cells", "town", "scripted", "plain")));
    const run = testRun({ run: { out: dir }, world });
    await expect(run).rejects.toThrow(RunFailedError);
    await expect(run).rejects.toThrow(/metrics\.json was removed or moved while the run went on\..*--resume/);
    expect((await testRun({ run: { resume: dir } })).manifest.exit).toBe(0);
  });
});
