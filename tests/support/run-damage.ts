import { existsSync, readdirSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/hash.ts";
import type { Stream } from "../../src/core/stream.ts";
import { renderReport } from "../../src/report/render.ts";
import { type RunData, readRun } from "../../src/report/run-data.ts";
import { damaged, drawOf } from "./draws.ts";

/** What going on with a run made and said. */
export interface Gone {
  readonly asked: number;
  readonly warnings: readonly string[];
}

/** Folders of runs of one config. */
export interface RunFolders {
  /** The folder that holds the others. */
  readonly root: string;
  /** One that ended, and those of runs that were stopped, by name. */
  readonly finished: string;
  readonly stopped: readonly string[];
  /** Other runs that ended, of another seed or whose model answers otherwise. */
  readonly others: readonly string[];
  /** Goes on with the run of a folder. */
  resume(folder: string): Promise<Gone>;
}

/**
 * Damages one file of a folder, goes on with the run, again and again. Each time it ends with the bytes of the run that ended, or with a
 * sentence for the user; what a report shows of a damaged folder is as it was, or is left out and said.
 * @returns how often which
 */
export async function holdAgainst(folders: RunFolders, fuzzer: string, draws: number) {
  const expected = await bytesOf(path.join(folders.root, folders.finished));
  const shown = await readRun(path.join(folders.root, folders.finished));
  const seen = { held: 0, refused: 0 };
  for (let draw = 0; seen.held + seen.refused < draws; draw++) {
    const random = drawOf(fuzzer, draw);
    const state = random.pick([folders.finished, ...folders.stopped]);
    const folder = path.join(folders.root, "damaged");
    await rm(folder, { recursive: true, force: true });
    await cp(path.join(folders.root, state), folder, { recursive: true });
    const name = random.pick(filesOf(folder));
    const how = await damage(folders, folder, name, random);
    if (how === null) continue;
    try {
      if (state === folders.finished) await checkReport(folder, shown);
      const refusal = await refusalOf(async () => void (await folders.resume(folder)));
      if (refusal === null) {
        expect(await bytesOf(folder)).toEqual(expected);
        expect(await folders.resume(folder)).toEqual({ asked: 0, warnings: [] });
        seen.held += 1;
      } else seen.refused += 1;
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new Error(`draw ${draw}: ${state}, ${name}: ${how}: ${what}`, { cause: error });
    }
  }
  return seen;
}

/** The files of a folder by their path below it, sorted; the report's left out. */
function filesOf(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = found.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
  return names.filter((name) => !/^report\/|^results\.csv$/.test(name));
}

/** What every run of the config ends with: all but run.json, and what a fit no longer needs once it has ended. */
async function bytesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const files = filesOf(folder).filter((file) => !/^run\.json$|(answers|scores)\.(json|bin)$/.test(file));
  const read = files.map(async (file) => [file, await readFile(path.join(folder, file), "utf8")] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** One thing wrong with a file. @returns it in words; null where this draw changes nothing */
async function damage(folders: RunFolders, folder: string, name: string, random: Stream): Promise<string | null> {
  const file = path.join(folder, name);
  const bytes = await readFile(file);
  const write = async (how: string, content: Buffer) => {
    await writeFile(file, content);
    return content.equals(bytes) ? null : how;
  };
  const kind = random.int(10);
  if (kind === 0) {
    await rm(file);
    return "gone";
  }
  if (kind === 1) {
    const same = filesOf(folder).filter((other) => other !== name && path.basename(other) === path.basename(name));
    if (same.length === 0) return null;
    const from = random.pick(same);
    return write(`that of ${from}`, await readFile(path.join(folder, from)));
  }
  if (kind === 2) {
    const other = random.pick(folders.others);
    const from = path.join(folders.root, other, name);
    return existsSync(from) ? write(`that of the run ${other}`, await readFile(from)) : null;
  }
  if (kind < 6) return write("a value changed", withValueChanged(bytes, random));
  const { how, bytes: content } = damaged(bytes, random);
  return write(how, content);
}

/** The bytes with a value changed in the JSON, or in that of one line. */
function withValueChanged(bytes: Buffer, random: Stream): Buffer {
  const lines = bytes.toString("utf8").trimEnd().split("\n");
  const whole = lines[0]?.endsWith("}") === false;
  const at = random.int(lines.length);
  try {
    const after = JSON.stringify(changed(JSON.parse(whole ? lines.join("\n") : lines[at]!), random));
    return Buffer.from(whole ? `${after}\n` : `${lines.with(at, after).join("\n")}\n`);
  } catch {
    return bytes; // no JSON
  }
}

/** A JSON value with one value or type in it changed, or one member lost. */
function changed(value: Json, random: Stream): Json {
  const deeper = random.int(8) > 0;
  if (typeof value === "object" && value !== null && deeper && Object.keys(value).length > 0) {
    const entries = Object.entries(value);
    const at = random.int(entries.length);
    const [key, member] = entries[at]!;
    const left = random.int(6) === 0 ? entries.toSpliced(at, 1) : entries.with(at, [key, changed(member, random)]);
    return Array.isArray(value) ? left.map(([, kept]) => kept) : Object.fromEntries(left);
  }
  if (typeof value === "number" && random.int(2) === 0) return random.pick([value + 1, -1, 2e9, value / 2]);
  if (typeof value === "string" && random.int(2) === 0) return `${value}x`;
  return random.pick<Json>([null, 7, "seven", [], {}, true]);
}

/** The sentence for the user that an attempt ends with; null where it succeeds. @throws what is no such sentence */
async function refusalOf(attempt: () => Promise<void>): Promise<string | null> {
  try {
    await attempt();
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).toMatch(/^[^\n]{20,600}\.$/);
    return error.message;
  }
}

/** All that a report shows is as it was, or it says that something is left out. */
async function checkReport(folder: string, shown: RunData): Promise<void> {
  await refusalOf(async () => {
    const found = await readRun(folder);
    expect(found.manifest).toEqual(shown.manifest);
    expect(found.results).toEqual(shown.results);
    for (const part of ["samples", "curves"] as const)
      for (const cell of found[part]) expect(shown[part]).toContainEqual(cell);
    if (found.maps.maps.length > 0) expect(found.maps).toEqual(shown.maps);
    const parts = ({ samples, curves, maps }: RunData) => [samples.length, curves.length, maps.maps.length];
    if (found.leftOut.length === 0) expect(parts(found)).toEqual(parts(shown));
    await renderReport(folder, ["md"]);
  });
}
