import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { InputError, RunFailedError } from "../core/errors.ts";
import { seeded, testRun } from "../testing/experiment.ts";
import { failingDisk } from "../testing/failing-disk.ts";
import { testFolder } from "../testing/test-folder.ts";

let root = "";
let dir = "";
beforeEach(() => {
  root = testFolder();
  dir = path.join(root, "a", "run");
});

/** A model that counts, and answers after other things had their turn. */
function counting() {
  const calls = { asked: 0, answered: 0 };
  const answer: typeof seeded = async (request) => {
    calls.asked += 1;
    await new Promise(setImmediate);
    calls.answered += 1;
    return seeded(request);
  };
  return { calls, world: { answer } };
}

const results = (folder: string) => readFile(path.join(folder, "results.json"), "utf8");

const CODES = ["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO", "EMFILE", "ENFILE", "ENOMEM", "EACCES", "EPERM", "ENXIO"];

describe("a disk that fails in mid-run", () => {
  it.each(CODES)(
    "%s ends the run with exit code 3 and a sentence; --resume goes on to the same bytes",
    async (code) => {
      await testRun({ run: { out: dir } });
      const other = path.join(root, "other");
      const { calls, world } = counting();
      const { failed, mend } = failingDisk("write", code, (file) => file.includes("calls.partial") && calls.asked > 30);
      const error: unknown = await testRun({ run: { out: other }, world }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RunFailedError);
      expect(String(error)).toMatch(/calls\.partial\.jsonl: [^.]+\. ?[^.]*\.? ?What is finished is kept; .*--resume/);
      expect(failed()).toBeGreaterThan(0);
      expect(JSON.parse(await readFile(path.join(other, "run.json"), "utf8"))).toMatchObject({ exit: 3 });
      mend();
      await testRun({ run: { resume: other } });
      expect(await results(other)).toBe(await results(dir));
    },
  );

  it.each([
    ["open", "calls.partial.jsonl"],
    ["open", "samples.jsonl"],
    ["write", "samples.jsonl"],
    ["sync", "samples.jsonl"],
    ["rename", "samples.jsonl"],
    ["write", "metrics.json"],
    ["rename", "metrics.json"],
    ["write", "fit.json"],
    ["rename", "run.json"],
    ["write", "maps.json"],
    ["rename", "results.json"],
    ["makeFolder", "cells"],
    ["makeFolder", "artifacts"],
  ] as const)("EMFILE at %s of %s is no bug, and the run can be gone on with", async (step, name) => {
    await testRun({ run: { out: dir } });
    const other = path.join(root, "other");
    let begun = false;
    const { world } = counting();
    const { failed, mend } = failingDisk(step, "EMFILE", (file) => {
      // run.json is first written before the run has begun; that is for the tests below.
      const first = file.endsWith("run.json") && !begun;
      begun ||= first;
      return file.slice(other.length).includes(name) && !first;
    });
    const error: unknown = await testRun({ run: { out: other }, world }).catch((reason: unknown) => reason);
    expect(failed()).toBeGreaterThan(0);
    expect(error).toBeInstanceOf(RunFailedError);
    expect(String(error)).toMatch(/too many files are open\. Raise the limit \(`ulimit -n`\)\..*--resume/);
    mend();
    await testRun({ run: { resume: other } });
    expect(await results(other)).toBe(await results(dir));
    const left = await readdir(other, { recursive: true });
    expect(left.filter((file) => file.endsWith(".tmp") || file.includes("run.lock"))).toEqual([]);
  });

  it("pays for no more than what was in flight: 57 of 400 answers kept, 8 at once", async () => {
    const { calls, world } = counting();
    let lines = 0;
    let askedAtFailure: number | null = null;
    failingDisk("write", "ENOSPC", (file) => {
      if (!file.includes("calls.partial")) return false;
      if (lines >= 57) askedAtFailure ??= calls.asked;
      lines += 1;
      return askedAtFailure !== null;
    });
    const config = { methods: ["plain"], samples: 40, repeats: 10 };
    await expect(testRun({ run: { out: dir }, world, config, overrides: { concurrency: 8 } })).rejects.toThrow(
      /no space left on the disk/,
    );
    expect(askedAtFailure).not.toBeNull();
    expect(calls.asked - (askedAtFailure ?? 0)).toBeLessThanOrEqual(8);
    expect(calls.answered).toBe(calls.asked); // what was in flight has ended
    const found = await Promise.all(
      Array.from({ length: 10 }, (_, repeat) =>
        readFile(path.join(dir, `cells/town/scripted/plain/${repeat}/calls.partial.jsonl`), "utf8"),
      ),
    );
    const kept = found.join("").split("\n").length - 1;
    expect(calls.asked - kept).toBeLessThanOrEqual(16); // in flight, and what waited to be written
  });

  it("stops the other repeats where one of them cannot be written", async () => {
    const { calls, world } = counting();
    let askedAtFailure: number | null = null;
    failingDisk("write", "EIO", (file) => {
      const hit = file.includes(`${path.sep}0${path.sep}calls.partial`) && calls.asked > 20;
      if (hit) askedAtFailure ??= calls.asked;
      return hit;
    });
    const config = { methods: ["plain"], samples: 40, repeats: 10 };
    await expect(testRun({ run: { out: dir }, world, config, overrides: { concurrency: 8 } })).rejects.toThrow(
      /the disk failed to read or write/,
    );
    expect(calls.asked - (askedAtFailure ?? 0)).toBeLessThanOrEqual(8);
  });
});

describe("a recording in mid-run", () => {
  const record = () => path.join(root, "record.jsonl");

  it.each(["ENOSPC", "EIO"])(
    "whose disk fails (%s) ends the run with exit code 3, and is gone on with",
    async (code) => {
      const { calls, world } = counting();
      let askedAtFailure = 0;
      const { mend } = failingDisk("write", code, (file) => {
        const hit = file === record() && calls.asked > 30;
        if (hit) askedAtFailure ||= calls.asked;
        return hit;
      });
      const recording = testRun({ run: { out: dir, record: record() }, world, overrides: { concurrency: 8 } });
      const error: unknown = await recording.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RunFailedError);
      expect(String(error)).toMatch(/record\.jsonl: [^.]+\..*What is finished is kept; .*--resume/);
      expect(calls.asked - askedAtFailure).toBeLessThanOrEqual(8);
      mend();
      await testRun({ run: { resume: dir, record: record() } });
      const other = path.join(root, "other");
      await testRun({ run: { out: other, replay: record() } });
      expect(await results(other)).toBe(await results(dir));
    },
  );

  it.each([
    ["vanishes", 30, (file: string) => rm(file)],
    ["is replaced", 30, (file: string) => rm(file).then(() => writeFile(file, ""))],
    ["vanishes with its last line", 80, (file: string) => rm(file)],
  ])("that %s ends the run with exit code 3", async (_, when, change) => {
    const { calls, world } = counting();
    const answer: typeof seeded = async (request) => {
      const given = await world.answer(request);
      if (calls.answered === when) await change(record());
      return given;
    };
    const error: unknown = await testRun({ run: { out: dir, record: record() }, world: { answer } }).catch((e) => e);
    expect(error).toBeInstanceOf(RunFailedError);
    expect(String(error)).toMatch(
      /record\.jsonl: it was removed, moved or replaced while it was being written\. Put it/,
    );
    expect(JSON.parse(await readFile(path.join(dir, "run.json"), "utf8"))).toMatchObject({ exit: 3 });
    await rm(record(), { force: true });
    await expect(testRun({ run: { resume: dir, record: record() } })).rejects.toThrow(
      /--record .*record\.jsonl: there is no such file to go on with/,
    );
  });
});

describe("a folder that cannot be written", () => {
  it.each([
    ["makeFolder", "EACCES", "permission denied"],
    ["makeFolder", "EROFS", "the disk is read-only"],
    ["open", "EACCES", "permission denied"],
    ["write", "ENOSPC", "no space left on the disk"],
    ["sync", "EIO", "the disk failed"],
  ] as const)("is found before anything is asked, and nothing is left: %s %s", async (step, code, words) => {
    const { calls, world } = counting();
    failingDisk(step, code, (file) => file.startsWith(dir));
    const record = path.join(root, "record.jsonl");
    const encoded: (readonly string[])[] = [];
    const watched = { ...world, onEncode: (texts: readonly string[]) => void encoded.push(texts) };
    const error: unknown = await testRun({ run: { out: dir, record }, world: watched }).catch((reason) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toContain(`${dir} cannot be written to, so nothing was begun: `);
    expect(String(error)).toContain(words);
    expect([calls.asked, encoded.length]).toEqual([0, 0]);
    expect(await readdir(root)).toEqual([]);
  });

  it("is one where a file stands in the way", async () => {
    const { world } = counting();
    const file = path.join(testFolder({ here: "a file" }), "here");
    const under = testRun({ run: { out: path.join(file, "run") }, world });
    await expect(under).rejects.toThrow(InputError);
    await expect(testRun({ run: { out: file }, world })).rejects.toThrow(/is a file; a run needs a folder/);
  });

  it("leaves no recording and no folder of a run that is refused before it begins", async () => {
    const record = path.join(root, "record.jsonl");
    const refused = testRun({ run: { out: dir, record }, world: { encoder: "leters" } });
    await expect(refused).rejects.toThrow(InputError);
    expect(await readdir(root)).toEqual([]);
    const nowhere = path.join(root, "none", "record.jsonl");
    await expect(testRun({ run: { out: dir, record: nowhere } })).rejects.toThrow(/--record .* cannot be made/);
    expect(existsSync(path.join(root, "a"))).toBe(false);
  });
});
