import { cpSync } from "node:fs";
import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InputError } from "../../core/errors.ts";
import { eventProgress } from "../../core/events.ts";
import { texts } from "../../methods/texts.ts";
import { sealLine } from "../../storage/sealed-lines.ts";
import { type Answer, seeded, testRun } from "../../testing/experiment.ts";
import { NO_FILES, putInPlace } from "../../testing/in-its-place.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { many } from "../../testing/toy-methods.ts";
import { isOfLock } from "../lock/run-lock.ts";
import { RunFiles } from "./run-files.ts";

let root = "";
let dir = "";
beforeEach(() => {
  root = testFolder();
  dir = path.join(root, "run");
});
afterEach(() => vi.restoreAllMocks());

const METHODS = ["plain", "many"];
/** 20 of `plain`; of `many` one for up to four texts of a context. */
const CALLS = 20 + 13;

/** Runs two methods, one repeat. @returns how many calls were made, and what was warned of */
async function run(folder: { out: string } | { resume: string }, { stopAt = 0, methods = METHODS } = {}) {
  const found = { asked: 0, warnings: [] as string[] };
  const stop = new AbortController();
  const answer: Answer = (request) => {
    found.asked += 1;
    if (found.asked === stopAt) stop.abort();
    return seeded(request);
  };
  const progress = eventProgress((event) => {
    if (event.type === "warning") found.warnings.push(event.message);
  });
  const running = testRun({
    run: folder,
    world: { methods: { many }, answer },
    config: { methods, repeats: 1 },
    overrides: { concurrency: 1 },
    environment: { progress, signal: stop.signal },
  });
  if (stopAt > 0) await expect(running).rejects.toThrow("Stopped.");
  else await running;
  return found;
}

const cell = (method: string, file: string, folder = dir) =>
  path.join(folder, "cells/town/scripted", method, "0", file);
const bytesOf = (folder: string) =>
  Promise.all(
    [
      path.join(folder, "results.json"),
      path.join(folder, "maps.json"),
      ...METHODS.map((m) => cell(m, "samples.jsonl", folder)),
    ].map((file) => readFile(file, "utf8")),
  );

describe("a run that is killed between any two of its writes", () => {
  it("loses no answer, and ends with the same bytes", async () => {
    const kills: { readonly folder: string; readonly asked: number }[] = [];
    let asked = 0;
    const kill = () => {
      const folder = path.join(root, `killed-${kills.length}`);
      cpSync(dir, folder, { recursive: true, filter: (file) => !isOfLock(path.basename(file)) });
      kills.push({ folder, asked });
    };
    const { put, note } = RunFiles.prototype;
    vi.spyOn(RunFiles.prototype, "put").mockImplementation(async function (this: RunFiles, file, content) {
      await put.call(this, file, content);
      kill();
    });
    vi.spyOn(RunFiles.prototype, "note").mockImplementation(async function (this: RunFiles) {
      await note.call(this);
      kill();
    });
    const answer: Answer = (request) => {
      asked += 1;
      return seeded(request);
    };
    const config = { methods: METHODS, repeats: 1 };
    await testRun({ run: { out: dir }, world: { methods: { many }, answer }, config });
    vi.restoreAllMocks();
    expect(asked).toBe(CALLS);
    expect(kills.length).toBeGreaterThan(15);
    for (const { folder, asked } of kills) {
      const again = await run({ resume: folder });
      expect(asked + again.asked).toBe(CALLS);
      expect(again.warnings).toEqual([]);
      expect(await bytesOf(folder)).toEqual(await bytesOf(dir));
    }
  });
});

describe("a cell whose answers are lost", () => {
  const lost: readonly (readonly [string, () => Promise<void>, RegExp])[] = [
    ["samples.jsonl is gone", () => rm(cell("plain", "samples.jsonl")), /plain\/0\/samples\.jsonl is missing;/],
    ["calls.jsonl is gone", () => rm(cell("many", "calls.jsonl")), /many\/0\/calls\.jsonl is missing;/],
    [
      "calls.jsonl is longer",
      () => appendFile(cell("many", "calls.jsonl"), "{}\n"),
      /many\/0\/calls\.jsonl is damaged/,
    ],
    [
      "samples.jsonl is that of another cell",
      async () => cpSync(cell("many", "samples.jsonl"), cell("plain", "samples.jsonl")),
      /plain\/0\/samples\.jsonl is damaged: it is not as this run wrote it;/,
    ],
  ];

  it.each(lost)("is refused before a model is asked, and nothing is overwritten: %s", async (_, damage, message) => {
    await run({ out: dir });
    await damage();
    const before = await readFile(path.join(dir, "run.json"), "utf8");
    const found = await run({ resume: dir }).catch((error: unknown) => error);
    expect(found).toBeInstanceOf(InputError);
    expect(String(found)).toMatch(message);
    expect(String(found)).toMatch(
      /put it back, or remove the folder \S+cells\/town\/scripted\/\w+\/0 to have its texts asked for again\.$/,
    );
    expect(await readFile(path.join(dir, "run.json"), "utf8")).toBe(before);
  });

  it("is asked for again, and nothing else is, once its folder is removed", async () => {
    await run({ out: dir });
    const before = await bytesOf(dir);
    await rm(path.dirname(cell("plain", "")), { recursive: true });
    expect(await run({ resume: dir })).toMatchObject({ asked: 20 });
    expect(await bytesOf(dir)).toEqual(before);
  });
});

describe("what costs nothing", () => {
  it("is made again: rows, references and fits, the same bytes", async () => {
    await run({ out: dir });
    const names = (await readdir(dir, { recursive: true })).filter((name) =>
      /(metrics|fit|maps|results)\.json$/.test(name),
    );
    const read = () => Promise.all(names.map((name) => readFile(path.join(dir, name), "utf8")));
    const before = await read();
    expect(names.length).toBe(2 + 4 + 2);
    for (const [i, name] of names.entries()) {
      const file = path.join(dir, name);
      if (i % 2 === 0) await rm(file);
      else await writeFile(file, '{"schema": 1, "rows": []}\n');
    }
    const { asked, warnings } = await run({ resume: dir });
    expect(asked).toBe(0);
    for (const warning of warnings) expect(warning).toMatch(/fit\.json is not as this run wrote it/);
    expect(await read()).toEqual(before);
  });
});

describe("texts made elsewhere that are others on resume", () => {
  it("are scored anew, not taken for those that were scored", async () => {
    const file = path.join(root, "made.jsonl");
    const write = (word: string) =>
      writeFile(file, Array.from({ length: 20 }, (_, i) => `{"text": "${word} ${i}"}`).join("\n"));
    const go = async (folder: { out: string } | { resume: string }) =>
      (await testRun({ run: folder, world: { methods: { texts } }, config: { methods: [{ texts: { path: file } }] } }))
        .results;
    await write("bread");
    await go({ out: dir });
    await write("harbour tea");
    expect(await go({ resume: dir })).toEqual(await go({ out: path.join(root, "anew") }));
  });
});

describe("a journal with lines that are not as they were written", () => {
  const journal = () => cell("plain", "calls.partial.jsonl");
  const linesOf = async () => (await readFile(journal(), "utf8")).split(/(?<=\n)/);
  const begun = async () => {
    await run({ out: dir }, { stopAt: 11, methods: ["plain"] });
    return linesOf();
  };
  /** Finishes the run. @returns which calls of the cell it made, and its warnings; the result is an undisturbed run's */
  const finish = async () => {
    const alone = path.join(root, "alone");
    await run({ out: alone }, { methods: ["plain"] });
    const found = await run({ resume: dir }, { methods: ["plain"] });
    expect(await readFile(cell("plain", "samples.jsonl"), "utf8")).toBe(
      await readFile(cell("plain", "samples.jsonl", alone), "utf8"),
    );
    return found;
  };
  const said = (count: string) => [
    expect.stringMatching(new RegExp(`calls\\.partial\\.jsonl: ${count} held is asked for again`)),
  ];

  it("keeps the others, and says once what is asked again", async () => {
    const lines = await begun();
    expect(lines).toHaveLength(11);
    const changed = lines.with(2, lines[2]!.replace(/"text":"\w/, '"text":"X')).with(5, '{"key": "2000000000"}\n');
    await writeFile(journal(), changed.join(""));
    expect(await finish()).toEqual({ asked: 11, warnings: said("2 lines are not as they were written; what they") });
  });

  it("believes no line of another cell, nor of another run of the same config", async () => {
    const lines = await begun();
    const call: object = JSON.parse(lines[0]!);
    const foreign = sealLine("another", JSON.stringify({ ...call, checksum: undefined }));
    await writeFile(journal(), [foreign, ...lines.slice(1)].join(""));
    expect(await finish()).toEqual({ asked: 10, warnings: said("one line is not as it was written; what it") });
  });

  it("keeps lines that were doubled or moved, and a torn last line goes without a word", async () => {
    const lines = await begun();
    await writeFile(journal(), [...lines.slice(3), lines[0], lines[0], lines[1], `${lines[2]}`.slice(0, -9)].join(""));
    expect(await finish()).toEqual({ asked: 10, warnings: [] });
  });

  it("is rid of them once it was gone on with", async () => {
    const lines = await begun();
    await writeFile(journal(), ["damage\n", ...lines].join(""));
    await run({ resume: dir }, { stopAt: 3, methods: ["plain"] });
    expect((await linesOf()).slice(0, 11)).toEqual(lines);
    expect(await linesOf()).toHaveLength(14);
    expect(await finish()).toEqual({ asked: 6, warnings: [] });
  });
});

describe("run.json", () => {
  it.each([
    ["cut", (text: string) => text.slice(0, -40)],
    ["with a value changed", (text: string) => text.replace(/"generated": \d+/, '"generated": 0')],
    ["written anew by another program", (text: string) => JSON.stringify(JSON.parse(text))],
    ["without its checksum", (text: string) => JSON.stringify({ ...JSON.parse(text), checksum: undefined })],
    ["an empty object", () => "{}"],
    ["empty", () => ""],
  ])("is refused when it is %s", async (_, damage) => {
    await run({ out: dir });
    const file = path.join(dir, "run.json");
    await writeFile(file, damage(await readFile(file, "utf8")));
    const found = await run({ resume: dir }).catch((error: unknown) => error);
    expect(found).toBeInstanceOf(InputError);
    expect(String(found)).toMatch(
      /run\.json is damaged: .*start anew with --out: answers that the cache holds are not asked/,
    );
  });

  it("of a former version, which carries no checksum, is not gone on with", async () => {
    await run({ out: dir });
    const file = path.join(dir, "run.json");
    const written: object = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...written, checksum: undefined, id: undefined, files: undefined }));
    await expect(run({ resume: dir })).rejects.toThrow(/begun by a former version of mopbench/);
  });
});

describe.each(Object.keys(NO_FILES))("%s in the place of a run's file", (what) => {
  it.each(["run.json", "cells/town/scripted/plain/0/samples.jsonl", "cells/town/scripted/many/0/calls.jsonl"])(
    "is damage that is found before anything is asked: %s",
    async (name) => {
      await run({ out: dir });
      await putInPlace(what, path.join(dir, name));
      const found = await run({ resume: dir }).catch((error: unknown) => error);
      expect(found).toBeInstanceOf(InputError);
      expect(String(found)).toContain(`${path.join(dir, name)} is damaged: it is not as`);
    },
  );

  it("is no journal", async () => {
    await run({ out: dir }, { stopAt: 10 });
    await putInPlace(what, cell("plain", "calls.partial.jsonl"));
    await expect(run({ resume: dir })).rejects.toThrow(
      /calls\.partial\.jsonl is a (folder|pipe or a device); a file is/,
    );
  });

  it("is made again where that costs nothing", async () => {
    await run({ out: dir });
    const before = await bytesOf(dir);
    if (what === "a folder") return expect(before).toHaveLength(4); // no file takes its place by itself
    for (const name of ["results.json", "maps.json", "cells/town/scripted/plain/0/metrics.json"])
      await putInPlace(what, path.join(dir, name));
    expect(await run({ resume: dir })).toMatchObject({ asked: 0 });
    expect(await bytesOf(dir)).toEqual(before);
  });
});
