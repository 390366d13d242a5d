import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { InputError, RunFailedError } from "../core/errors.ts";
import { Stream } from "../core/stream.ts";
import { datasetOf } from "../data/dataset-of.ts";
import type { BaseModel } from "../models/model.ts";
import { failingDisk } from "../testing/failing-disk.ts";
import { worldModel, worldRecords, worldScore } from "../testing/mop-world.ts";
import { testFolder } from "../testing/test-folder.ts";
import { fitMop } from "./fit-mop.ts";

const dataset = datasetOf({ id: "world", records: worldRecords(300, Stream.root(5).derive("train")) });
const mop = { personas: 3, exemplars: 12, pairs: 4, maxSteps: 5, records: 40 };
const CONCURRENCY = 8;

let cwd = "";
beforeEach(() => {
  cwd = testFolder();
});

/** A model that counts, and answers after others had their turn. */
function counting(onScore: (asked: number) => Promise<void> = async () => {}) {
  const calls = { asked: 0 };
  const model: BaseModel = {
    ...worldModel(),
    score: async (request) => {
      calls.asked += 1;
      await onScore(calls.asked);
      await new Promise(setImmediate);
      return worldScore(request);
    },
  };
  return { calls, model };
}

const fitMine = (model: BaseModel) =>
  fitMop(dataset, model, {
    mop,
    cwd,
    out: "fits/mine",
    concurrency: CONCURRENCY,
    cache: false,
    env: { MOPBENCH_CACHE: path.join(cwd, "cache") },
  });

describe("fitMop", () => {
  it("refuses a folder that another fit writes to, and the first one ends as it would", async () => {
    const refused: unknown[] = [];
    const { model } = counting(async (asked) => {
      if (asked === 20) refused.push(await fitMine(counting().model).catch((error: unknown) => error));
    });
    const { artifact } = await fitMine(model);
    expect(refused).toEqual([expect.any(InputError)]);
    expect(String(refused[0])).toMatch(/fits\/mine is being written by this very process \(process \d+ on /);
    expect(await readdir(path.dirname(artifact))).toEqual(["mop.json", "scores.bin", "scores.json"]);
  });

  it("finds before it asks that its folder cannot be written, and leaves nothing", async () => {
    const { calls, model } = counting();
    failingDisk("write", "EROFS", (file) => file.includes("mine"));
    await expect(fitMine(model)).rejects.toThrow(InputError);
    await expect(fitMine(model)).rejects.toThrow(
      /fits\/mine cannot be written to, so nothing was begun: the disk is read-only\./,
    );
    expect(calls.asked).toBe(0);
    expect(await readdir(cwd)).toEqual([]);
  });

  it("stops at the first score that cannot be kept, and goes on from there", async () => {
    const whole = await fitMine(counting().model);
    const bytes = await readFile(whole.artifact, "utf8");
    const alone = counting();
    cwd = testFolder();
    await fitMine(alone.model);
    cwd = testFolder();
    const { calls, model } = counting();
    let atFailure: number | null = null;
    const { mend } = failingDisk("write", "ENOSPC", (file) => {
      const full = file.endsWith("scores.bin") && calls.asked > 60;
      if (full) atFailure ??= calls.asked;
      return full;
    });
    const error: unknown = await fitMine(model).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunFailedError);
    expect(String(error)).toMatch(/scores\.bin: no space left on the disk\. Free some\. What was scored is kept/);
    expect(calls.asked - (atFailure ?? 0)).toBeLessThanOrEqual(CONCURRENCY);
    mend();
    const rest = counting();
    const { artifact } = await fitMine(rest.model);
    expect(await readFile(artifact, "utf8")).toBe(bytes);
    expect(rest.calls.asked).toBeLessThanOrEqual(alone.calls.asked - calls.asked + 2 * CONCURRENCY);
  });
});
