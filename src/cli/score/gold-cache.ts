import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Progress } from "../../core/progress.ts";
import { memoOf, type NumberMemo, restoreMemo } from "../../metrics/memo.ts";
import type { SampleSet } from "../../metrics/sample-set.ts";
import { disk } from "../../storage/disk.ts";
import { readSealed, writeSealed } from "../../storage/sealed.ts";
import { whitespace } from "../../text/tokenizer.ts";

/** What a file holds: of which set, by its content, and the bytes of the numbers (base64) by name. */
const schema = z.object({ of: z.string(), numbers: z.record(z.string(), z.base64()) });

/** What an earlier version wrote. */
const FORMER = /^[0-9a-f]{64}\.numbers$/;

/**
 * What metrics derive from the gold side alone (its own diversity, its covariance), kept on disk by content: the same gold
 * texts and embeddings are computed once, whatever they are compared with. A file carries its own checksum: a damaged one is
 * made anew, a folder that cannot be written costs what is kept there. Each is said once. These are files, not a store of
 * SQLite's, since a thread that is stopped uses them too: libsql ends the process when its thread is.
 */
export class GoldCache {
  readonly folder: string;
  readonly #progress: Pick<Progress, "warn">;
  readonly #said = new Set<string>();

  constructor(folder: string, progress: Pick<Progress, "warn">) {
    this.folder = folder;
    this.#progress = progress;
  }

  /** Gives the set what an earlier process kept, and returns what to call once metrics are computed: it keeps what is new. */
  async open(set: SampleSet): Promise<() => Promise<void>> {
    await this.#removeFormer();
    const of = contentHash(set);
    const file = path.join(this.folder, `${of}.json`);
    const known = await this.#load(file, of);
    restoreMemo(set, known);
    return async () => {
      const numbers = memoOf(set);
      if (numbers.size === known.size) return;
      const content = JSON.stringify({ of, numbers: written(numbers) });
      await disk
        .makeFolder(this.folder)
        .then(() => writeSealed(file, content))
        .catch((error: unknown) => this.#warn(`What was computed of gold could not be kept in ${this.folder}`, error));
    };
  }

  /** What a file holds of a set; nothing where there is none, or it is damaged or another set's. */
  async #load(file: string, of: string): Promise<NumberMemo> {
    try {
      const kept = await readSealed(file, schema);
      if (kept === null) return new Map();
      if (kept.of === of) return read(kept.numbers);
      throw new Error(`${file} is another set's`);
    } catch (error) {
      this.#warn(`What was kept of gold in ${this.folder} cannot be used and is computed again`, error);
      await rm(file, { recursive: true, force: true }).catch(() => {}); // where it stays, the next one is not kept: that is said
      return new Map();
    }
  }

  async #removeFormer(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names.filter((name) => FORMER.test(name)))
      await rm(path.join(this.folder, name), { force: true }).catch(() => {});
  }

  #warn(what: string, error: unknown): void {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    this.#progress.warn(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function written(numbers: NumberMemo): Record<string, string> {
  const bytes = ({ buffer, byteOffset, byteLength }: Float64Array) => Buffer.from(buffer, byteOffset, byteLength);
  return Object.fromEntries([...numbers].map(([name, values]) => [name, bytes(values).toString("base64")]));
}

function read(numbers: Readonly<Record<string, string>>): NumberMemo {
  const values = (text: string) => new Float64Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);
  return new Map(Object.entries(numbers).map(([name, text]) => [name, values(text)]));
}

/** SHA-256 of a set's texts, embeddings and tokenizer, by which its numbers are found again. */
function contentHash(set: SampleSet): string {
  const hash = createHash("sha256");
  hash.update(`texts ${set.texts?.length ?? "none"}\n`);
  for (const text of set.texts ?? []) hash.update(`${text.length} `).update(text, "utf16le");
  const { embeddings, tokenizer } = set;
  if (tokenizer !== whitespace) hash.update(`tokenizer ${tokenizer.name} ${tokenizer.icu}\n`);
  if (embeddings !== null) {
    const { data } = embeddings;
    hash.update(`embeddings ${embeddings.rows} x ${embeddings.cols}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
