import path from "node:path";
import { sha256 } from "../../core/hash.ts";
import type { KeptCall, Sample } from "../../core/sample.ts";
import { hasJournal } from "./journal.ts";
import { linesOf, valuesOf } from "./lines.ts";
import type { FileState, RunFiles } from "./run-files.ts";

const SAMPLES = "samples.jsonl";
const CALLS = "calls.jsonl";

/**
 * Writes a full cell's `samples.jsonl`, sorted by index, each file whole or not at all. Once this is done, a kill loses nothing of
 * the cell: its journal may go.
 * @param calls of texts that have not one call each: `calls.jsonl`, sorted by key, so that the keys of samples mean something
 */
export async function writeSamples(
  files: RunFiles,
  dir: string,
  samples: readonly Sample[],
  calls: Iterable<KeptCall> | null = null,
): Promise<void> {
  files.forget(dir); // rows of other samples
  if (calls !== null) {
    const sorted = [...calls].sort((a, b) => (a.key < b.key ? -1 : 1));
    await files.put(path.join(dir, CALLS), linesOf(sorted));
  }
  await files.put(path.join(dir, SAMPLES), sampleLines(samples));
  await files.note();
}

/** Whether a cell is full of just these samples, and their file is as it was written. */
export async function isFullOf(files: RunFiles, dir: string, samples: readonly Sample[]): Promise<boolean> {
  return (await isFull(files, dir)) && files.sumOf(path.join(dir, SAMPLES)) === sha256(sampleLines(samples));
}

function sampleLines(samples: readonly Sample[]): string {
  return linesOf(samples.toSorted((a, b) => a.index - b.index));
}

/** The samples of a full cell; null when it is not full, or they are not as they were written. */
export async function readSamples(files: RunFiles, dir: string): Promise<Sample[] | null> {
  const bytes = await files.read(path.join(dir, SAMPLES));
  return bytes === null ? null : valuesOf(bytes);
}

/** The calls of a full cell; null where each of its samples has one call of its own, which stands in it. */
export async function readCalls(files: RunFiles, dir: string): Promise<KeptCall[] | null> {
  const bytes = await files.read(path.join(dir, CALLS));
  return bytes === null ? null : valuesOf(bytes);
}

/** Whether a cell is full, and all that it was filled with is as it was written. */
export async function isFull(files: RunFiles, dir: string): Promise<boolean> {
  const samples = await files.state(path.join(dir, SAMPLES));
  return samples === "sound" && !LOST.has(await files.state(path.join(dir, CALLS)));
}

const LOST: ReadonlySet<FileState> = new Set(["damaged", "missing"]);
const WRONG: Partial<Record<FileState, string>> = {
  damaged: "is damaged: it is not as this run wrote it",
  missing: "is missing",
  foreign: "is none that this run wrote",
};

/**
 * What is wrong with a cell whose answers are lost, as the end of a sentence: its samples or calls are not as this run wrote them, and
 * no journal is left to make them of. null where nothing is.
 */
export async function whatIsLost(files: RunFiles, dir: string): Promise<string | null> {
  if (await isFull(files, dir)) return null;
  if (await hasJournal(dir)) return null;
  for (const name of [SAMPLES, CALLS]) {
    const file = path.join(dir, name);
    const wrong = WRONG[await files.state(file)];
    if (wrong !== undefined) return `${files.nameOf(file)} ${wrong}`;
  }
  return null;
}
