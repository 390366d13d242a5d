import { appendFile, copyFile, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { writeSealed } from "../storage/sealed.ts";
import { NO_FILES, putInPlace } from "../testing/in-its-place.ts";
import { writeTestRun } from "../testing/run-folder.ts";
import { testFolder } from "../testing/test-folder.ts";
import { renderReport } from "./render.ts";
import { type RunData, readRun } from "./run-data.ts";

let dir: string;
let whole: RunData;
beforeEach(async () => {
  dir = testFolder();
  await writeTestRun(dir);
  whole = await readRun(dir);
});

const at = (name: string) => path.join(dir, name);
const cut = async (name: string) => writeFile(at(name), (await readFile(at(name))).subarray(0, 50));
const SAMPLES = "cells/townsquare/embedded-small/persona/0/samples.jsonl";
const MOP = "artifacts/townsquare/embedded-small/mop/mop.json";

/** run.json with members changed, sealed again unless told otherwise. */
async function rewrite(changes: object, write = writeSealed): Promise<void> {
  const written: object = JSON.parse(await readFile(at("run.json"), "utf8"));
  await write(at("run.json"), JSON.stringify({ ...written, checksum: undefined, ...changes }));
}

describe("the results of a run", () => {
  it.each([
    ["cut", () => cut("results.json"), /results\.json is damaged: .* --resume, which makes it again\.$/],
    ["changed by one digit", () => change("results.json"), /results\.json is damaged/],
    ["gone", () => rm(at("results.json")), /results\.json is missing: go on with the run by --resume/],
    ["those of a run that has not finished", () => rewrite({ files: {} }), /results\.json: the run has not finished/],
  ])("are refused when they are %s", async (_, damage, message) => {
    await damage();
    const report = renderReport(dir, ["md"]);
    await expect(report).rejects.toThrow(InputError);
    await expect(report).rejects.toThrow(message);
  });

  const change = async (name: string) =>
    writeFile(at(name), (await readFile(at(name), "utf8")).replace(/"value":\d/, '"value":7'));
});

describe("what a report can do without", () => {
  const cases: readonly (readonly [string, (name: string) => Promise<void>, keyof RunData, string])[] = [
    ["maps.json", cut, "maps", "the maps are"],
    ["maps.json", (name) => rm(at(name)), "maps", "the maps are"],
    [SAMPLES, (name) => appendFile(at(name), "{"), "samples", "its samples are"],
    [SAMPLES, (name) => copyFile(at(SAMPLES.replace("persona", "mop")), at(name)), "samples", "its samples are"],
    [MOP, cut, "curves", "its training curve is"],
    [MOP, (name) => writeFile(at(name), "{}"), "curves", "its training curve is"],
  ];

  it.each(cases)("is left out where it is damaged, which the report says: %s", async (name, damage, part, shown) => {
    await damage(name);
    const found = await readRun(dir);
    const sentence = `${name} is not as the run wrote it: ${shown} left out of this report.`;
    expect(found.leftOut).toEqual([sentence]);
    const others = { ...whole, [part]: null, leftOut: null };
    expect({ ...found, [part]: null, leftOut: null }).toEqual(others);
    expect(JSON.stringify(found[part]).length).toBeLessThan(JSON.stringify(whole[part]).length);
    const [md = ""] = await renderReport(dir, ["md"]);
    expect(await readFile(md, "utf8")).toContain(`${shown} left out of this report`);
  });
});

describe.each(Object.keys(NO_FILES))("%s in the place of a file", (what) => {
  it.each([
    ["run.json", /run\.json is damaged: it is not as the run wrote it; put it back/],
    ["results.json", /results\.json is damaged: it is not as the run wrote it/],
  ])("is damage: %s", async (name, message) => {
    await putInPlace(what, at(name));
    await expect(readRun(dir)).rejects.toThrow(InputError);
    await expect(readRun(dir)).rejects.toThrow(message);
  });

  it.each(["maps.json", SAMPLES, MOP])("is left out: %s", async (name) => {
    await putInPlace(what, at(name));
    expect((await readRun(dir)).leftOut).toEqual([expect.stringContaining(`${name} is not as the run wrote it`)]);
  });
});

describe("a run of version 0.1", () => {
  it("is shown, and the report says that nothing of it was checked", async () => {
    await rewrite({ id: undefined, files: undefined }, writeFile);
    const { leftOut, ...found } = await readRun(dir);
    expect(leftOut).toEqual([expect.stringContaining("carry no checksums")]);
    expect(found.results).toEqual(whole.results);
    expect(found.samples).toEqual(whole.samples);
  });

  it("is none that lost its checksum alone", async () => {
    await rewrite({}, writeFile);
    await expect(readRun(dir)).rejects.toThrow(/run\.json is damaged/);
  });
});
