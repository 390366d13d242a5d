import { rm } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import type { KeptCall } from "../../core/sample.ts";
import { Appender } from "../../storage/appender.ts";
import { writeAtomic } from "../../storage/atomic.ts";
import { isThere } from "../../storage/disk.ts";
import { isNothingThere } from "../../storage/file-problem.ts";
import { checkRegular } from "../../storage/regular-file.ts";
import { sealedLines, sealLine } from "../../storage/sealed-lines.ts";

const PARTIAL = "calls.partial.jsonl";

/** What versions before 0.2 wrote while they filled a cell: samples, no calls. */
const FORMER = "samples.partial.jsonl";

/**
 * The calls of a cell or a fit in the making: a line each, appended as answers arrive (`storage/appender.ts` says what a kill
 * loses). Each line carries a checksum, over whose journal it is too: what does not fit is not believed, and the rest of the file
 * is. The last line may be torn; opening drops it.
 */
export class Journal {
  readonly #dir: string;
  readonly #owner: string;
  readonly #file: Appender;

  private constructor(dir: string, owner: string, file: Appender) {
    this.#dir = dir;
    this.#owner = owner;
    this.#file = file;
  }

  /**
   * Opens the journal of a folder, which must be there.
   * @param owner whose journal it is: a text that tells this cell or fit of this run from every other
   * @returns the journal and the calls it holds, by key. Failed calls are left out and will be made again; of a key that stands
   * there twice the last line holds. `damaged`: how many lines were not as they were written; they are gone from the file now
   * @throws InputError when the folder holds what a former version began
   */
  static async open(
    dir: string,
    owner: string,
  ): Promise<{ readonly journal: Journal; readonly calls: Map<string, KeptCall>; readonly damaged: number }> {
    await refuseFormer(path.join(dir, FORMER));
    const name = path.join(dir, PARTIAL);
    const calls = new Map<string, KeptCall>();
    let [damaged, length] = [0, 0];
    for await (const { bytes, json } of sealedLines(name, owner)) {
      if (json === null) {
        damaged += 1;
        continue;
      }
      length += bytes.length;
      const call: KeptCall = JSON.parse(json);
      if (call.error === null) calls.set(call.key, call);
    }
    if (damaged > 0) await writeAtomic(name, soundLines(name, owner));
    const file = await Appender.open(name, length);
    return { journal: new Journal(dir, owner, file), calls, damaged };
  }

  /** What to say of lines that were damaged. */
  warningOf(damaged: number): string {
    const lines =
      damaged === 1
        ? "one line is not as it was written; what it held"
        : `${damaged} lines are not as they were written; what they held`;
    return `${path.join(this.#dir, PARTIAL)}: ${lines} is asked for again.`;
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
    return this.#file.append(sealLine(this.#owner, JSON.stringify(call)));
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

async function* soundLines(file: string, owner: string): AsyncGenerator<Uint8Array> {
  for await (const { bytes, json } of sealedLines(file, owner)) if (json !== null) yield bytes;
}

/** Removes the journal of a folder whose samples are written, where a kill left it. */
export async function removeJournal(dir: string): Promise<void> {
  await rm(path.join(dir, PARTIAL), { force: true });
}

/** Whether a folder holds a journal: answers of which its samples can be made. @throws InputError where none could be written */
export async function hasJournal(dir: string): Promise<boolean> {
  return checkRegular(path.join(dir, PARTIAL)).then(
    () => true,
    (error: unknown) => {
      if (isNothingThere(error)) return false;
      throw error;
    },
  );
}

async function refuseFormer(file: string): Promise<void> {
  if (!(await isThere(file))) return;
  throw new InputError(
    `${file} was begun by a former version of mopbench, whose unfinished cells this one cannot go on with. Start anew with ` +
      "--out; answers that the cache holds are not asked for again.",
  );
}
