import { access, type FileHandle, mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import type { KeptCall } from "../../core/sample.ts";
import { writeAtomic } from "../../storage/atomic.ts";
import { withPath } from "../../storage/file-problem.ts";
import { readWholeLines } from "./lines.ts";

const PARTIAL = "calls.partial.jsonl";
const COMPLETE = "calls.jsonl";

/** What versions before 0.2 wrote while they filled a cell: samples, no calls. */
const FORMER = "samples.partial.jsonl";

/** Milliseconds between two fsyncs of a journal: what a power cut can lose. A killed process loses less: see `Journal`. */
const SYNC_EVERY = 1000;

/**
 * The calls of a cell or a fit in the making: a line each, appended as answers arrive. A line is handed to the operating system
 * as soon as the one before it is written, so that a killed process loses no more than what arrived during one write. The last
 * line may be torn; opening drops it.
 */
export class Journal {
  readonly #dir: string;
  readonly #file: FileHandle;
  #pending: string[] = [];
  #writing: Promise<void> | null = null;
  #failure: { readonly reason: unknown } | null = null;
  #synced = performance.now();

  private constructor(dir: string, file: FileHandle) {
    this.#dir = dir;
    this.#file = file;
  }

  /**
   * Opens the journal of a folder, making both where missing.
   * @returns the journal and the calls it holds, by key. Failed calls are left out and will be made again; of a key that stands
   * there twice the last line holds
   * @throws InputError when the folder holds what a former version began
   */
  static async open(dir: string): Promise<{ readonly journal: Journal; readonly calls: Map<string, KeptCall> }> {
    await mkdir(dir, { recursive: true });
    await refuseFormer(path.join(dir, FORMER));
    const name = path.join(dir, PARTIAL);
    const { values, length } = (await readWholeLines<KeptCall>(name, isCall)) ?? { values: [], length: 0 };
    const file = await open(name, "a");
    await file.truncate(length);
    const calls = new Map(values.filter((call) => call.error === null).map((call) => [call.key, call]));
    return { journal: new Journal(dir, file), calls };
  }

  /** @throws what an earlier write threw (no space left): what is appended from then on would be lost */
  check(): void {
    if (this.#failure !== null) throw this.#failure.reason;
  }

  /** Keeps a call; `flush` tells whether it reached the disk. @throws as `check` */
  append(call: KeptCall): void {
    this.check();
    this.#pending.push(`${JSON.stringify(call)}\n`);
    this.#writing ??= this.#drain();
  }

  /** Waits until all that was appended is on disk. @throws what writing threw (no space left). */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    this.check();
  }

  /** Flushes and lets go of the file; the journal stays for a later resume. */
  async close(): Promise<void> {
    try {
      await this.flush();
      await this.#file.sync().catch((error) => {
        throw withPath(error, this.#name);
      });
    } finally {
      await this.#file.close();
    }
  }

  /** Removes a closed journal: what it holds stands elsewhere now. */
  async remove(): Promise<void> {
    await removeJournal(this.#dir);
  }

  get #name(): string {
    return path.join(this.#dir, PARTIAL);
  }

  async #drain(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const lines = this.#pending.join("");
        this.#pending = [];
        await this.#file.appendFile(lines);
        if (performance.now() - this.#synced < SYNC_EVERY) continue;
        await this.#file.datasync();
        this.#synced = performance.now();
      }
    } catch (error) {
      this.#failure = { reason: withPath(error, this.#name) };
    } finally {
      this.#writing = null;
    }
  }
}

/** Removes the journal of a folder whose samples are written, where a kill left it. */
export async function removeJournal(dir: string): Promise<void> {
  await rm(path.join(dir, PARTIAL), { force: true });
}

/** Writes the calls of a finished cell beside its samples, sorted by key, so that the keys of samples mean something. */
export async function writeCalls(dir: string, calls: Iterable<KeptCall>): Promise<void> {
  const sorted = [...calls].sort((a, b) => (a.key < b.key ? -1 : 1));
  await writeAtomic(path.join(dir, COMPLETE), sorted.map((call) => `${JSON.stringify(call)}\n`).join(""));
}

/** The calls of a finished cell; null where each of its samples has one call of its own, which stands in it. */
export async function readCalls(dir: string): Promise<KeptCall[] | null> {
  return (await readWholeLines<KeptCall>(path.join(dir, COMPLETE), isCall))?.values ?? null;
}

function isCall(value: object): value is KeptCall {
  return "key" in value && typeof value.key === "string" && "promptHash" in value && "error" in value;
}

async function refuseFormer(file: string): Promise<void> {
  try {
    await access(file);
  } catch {
    return; // not there
  }
  throw new InputError(
    `${file} was begun by a former version of mopbench, whose unfinished cells this one cannot go on with. Start anew with ` +
      "--out; answers that the cache holds are not asked for again.",
  );
}
