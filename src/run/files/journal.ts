import { type FileHandle, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { Sample } from "../../core/sample.ts";
import { writeAtomic } from "../../storage/atomic.ts";

const PARTIAL = "samples.partial.jsonl";
const COMPLETE = "samples.jsonl";

/** Milliseconds between two fsyncs of a journal: what a power cut can lose. A killed process loses less: see `Journal`. */
const SYNC_EVERY = 1000;

/**
 * The samples of a cell in the making: a line each, appended as answers arrive. A line is handed to the operating system as soon
 * as the one before it is written, so that a killed process loses no more than what arrived during one write. The last line may
 * be torn; opening drops it.
 */
export class Journal {
  readonly #dir: string;
  readonly #file: FileHandle;
  #pending: string[] = [];
  #writing: Promise<void> | null = null;
  #failure: unknown = null;
  #synced = Date.now();

  private constructor(dir: string, file: FileHandle) {
    this.#dir = dir;
    this.#file = file;
  }

  /**
   * Opens the journal of a cell's folder, making both where missing.
   * @returns the journal and the samples it holds, by index. Failed calls are left out and will be made again.
   */
  static async open(dir: string): Promise<{ readonly journal: Journal; readonly done: Map<number, Sample> }> {
    await mkdir(dir, { recursive: true });
    const name = path.join(dir, PARTIAL);
    const { samples, length } = readLines(await readIfThere(name));
    const file = await open(name, "a");
    await file.truncate(length);
    const done = new Map(samples.filter((sample) => sample.error === null).map((sample) => [sample.index, sample]));
    return { journal: new Journal(dir, file), done };
  }

  /** Keeps a sample; `flush` tells whether it reached the disk. */
  append(sample: Sample): void {
    this.#pending.push(`${JSON.stringify(sample)}\n`);
    this.#writing ??= this.#drain();
  }

  /** Waits until all that was appended is on disk. @throws what writing threw (no space left). */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    if (this.#failure !== null) throw this.#failure;
  }

  /** Flushes and lets go of the file; the journal stays for a later resume. */
  async close(): Promise<void> {
    try {
      await this.flush();
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
  }

  /** Writes all samples of the cell, by index, and drops the journal. Every index must be there. */
  async finish(samples: readonly Sample[]): Promise<void> {
    await this.close();
    await writeSamples(this.#dir, samples);
    await rm(path.join(this.#dir, PARTIAL), { force: true });
  }

  async #drain(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const lines = this.#pending.join("");
        this.#pending = [];
        await this.#file.appendFile(lines);
        if (Date.now() - this.#synced < SYNC_EVERY) continue;
        await this.#file.datasync();
        this.#synced = Date.now();
      }
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#writing = null;
    }
  }
}

/** Writes a finished cell's `samples.jsonl`, sorted by index, whole or not at all. */
export async function writeSamples(dir: string, samples: readonly Sample[]): Promise<void> {
  const lines = samples.toSorted((a, b) => a.index - b.index).map((sample) => `${JSON.stringify(sample)}\n`);
  await writeAtomic(path.join(dir, COMPLETE), lines.join(""));
}

/** The samples of a finished cell, or null when it is not finished. */
export async function readSamples(dir: string): Promise<Sample[] | null> {
  const bytes = await readIfThere(path.join(dir, COMPLETE));
  return bytes === null ? null : readLines(bytes).samples;
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** The whole lines of a journal and how many bytes they take: up to the first line that is torn. */
function readLines(bytes: Buffer | null): { readonly samples: Sample[]; readonly length: number } {
  const samples: Sample[] = [];
  let start = 0;
  while (bytes !== null) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) break;
    const sample = parseSample(bytes.toString("utf8", start, end));
    if (sample === null) break;
    samples.push(sample);
    start = end + 1;
  }
  return { samples, length: start };
}

function parseSample(line: string): Sample | null {
  try {
    const value: Sample | null = JSON.parse(line);
    return typeof value === "object" && value !== null && Number.isInteger(value.index) ? value : null;
  } catch {
    return null;
  }
}
