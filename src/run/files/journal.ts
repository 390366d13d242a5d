import { access, rm } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import type { KeptCall } from "../../core/sample.ts";
import { Appender } from "../../storage/appender.ts";
import { writeAtomic } from "../../storage/atomic.ts";
import { readWholeLines } from "./lines.ts";

const PARTIAL = "calls.partial.jsonl";
const COMPLETE = "calls.jsonl";

/** What versions before 0.2 wrote while they filled a cell: samples, no calls. */
const FORMER = "samples.partial.jsonl";

/**
 * The calls of a cell or a fit in the making: a line each, appended as answers arrive (`storage/appender.ts` says what a kill
 * loses). The last line may be torn; opening drops it.
 */
export class Journal {
  readonly #dir: string;
  readonly #file: Appender;

  private constructor(dir: string, file: Appender) {
    this.#dir = dir;
    this.#file = file;
  }

  /**
   * Opens the journal of a folder, which must be there.
   * @returns the journal and the calls it holds, by key. Failed calls are left out and will be made again; of a key that stands
   * there twice the last line holds
   * @throws InputError when the folder holds what a former version began
   */
  static async open(dir: string): Promise<{ readonly journal: Journal; readonly calls: Map<string, KeptCall> }> {
    await refuseFormer(path.join(dir, FORMER));
    const name = path.join(dir, PARTIAL);
    const { values, length } = (await readWholeLines<KeptCall>(name, isCall)) ?? { values: [], length: 0 };
    const calls = new Map(values.filter((call) => call.error === null).map((call) => [call.key, call]));
    return { journal: new Journal(dir, await Appender.open(name, length)), calls };
  }

  /** @throws what an earlier write threw (no space left): what is appended from then on would be lost */
  check(): void {
    this.#file.check();
  }

  /**
   * Keeps a call; resolves when it is handed to the system. Who waits for that before it asks for more pays for nothing that the
   * disk will not take. @throws as `check`
   */
  append(call: KeptCall): Promise<void> {
    return this.#file.append(`${JSON.stringify(call)}\n`);
  }

  /** Waits until all that was appended is on disk. @throws what writing threw (no space left). */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  /** Flushes and lets go of the file; the journal stays for a later resume. */
  close(): Promise<void> {
    return this.#file.close();
  }

  /** Removes a closed journal: what it holds stands elsewhere now. */
  async remove(): Promise<void> {
    await removeJournal(this.#dir);
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
