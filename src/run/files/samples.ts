import path from "node:path";
import type { KeptCall, Sample } from "../../core/sample.ts";
import { checksumOf } from "../../storage/checksum.ts";
import { hasJournal } from "./journal.ts";
import { linesOf } from "./lines.ts";
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
  return (await isFull(files, dir)) && files.sumOf(path.join(dir, SAMPLES)) === checksumOf(sampleLines(samples));
}

function sampleLines(samples: readonly Sample[]): Iterable<Uint8Array> {
  return linesOf(samples.toSorted((a, b) => a.index - b.index));
}

/** The samples of a full cell; null when it is not full, or they are not as they were written. */
export async function readSamples(files: RunFiles, dir: string): Promise<Sample[] | null> {
  const samples = await files.readLines<Sample>(path.join(dir, SAMPLES));
  // An answer that nothing was cut off from is held once.
  return samples?.map((sample) => (sample.raw === sample.text ? { ...sample, raw: sample.text } : sample)) ?? null;
}

/** The calls of a full cell; null where each of its samples has one call of its own, which stands in it. */
export async function readCalls(files: RunFiles, dir: string): Promise<KeptCall[] | null> {
  return files.readLines(path.join(dir, CALLS));
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
