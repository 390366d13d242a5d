import path from "node:path";
import type { Sample } from "../../core/sample.ts";
import { writeAtomic } from "../../storage/atomic.ts";
import { readWholeLines } from "./lines.ts";

const FILE = "samples.jsonl";

/** Writes a finished cell's `samples.jsonl`, sorted by index, whole or not at all. */
export async function writeSamples(dir: string, samples: readonly Sample[]): Promise<void> {
  const lines = samples.toSorted((a, b) => a.index - b.index).map((sample) => `${JSON.stringify(sample)}\n`);
  await writeAtomic(path.join(dir, FILE), lines.join(""));
}

/** The samples of a finished cell, or null when it is not finished. */
export async function readSamples(dir: string): Promise<Sample[] | null> {
  return (await readWholeLines<Sample>(path.join(dir, FILE), isSample))?.values ?? null;
}

function isSample(value: object): value is Sample {
  return "index" in value && Number.isInteger(value.index);
}
