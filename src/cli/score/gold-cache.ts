import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Progress } from "../../core/progress.ts";
import { memoOf, restoreMemo } from "../../metrics/memo.ts";
import type { SampleSet } from "../../metrics/sample-set.ts";
import { writeAtomic } from "../../storage/atomic.ts";
import { whitespace } from "../../text/tokenizer.ts";

/**
 * What metrics derive from the gold side alone (its own diversity, its covariance), kept on disk by content: the same gold
 * texts and embeddings are computed once, whatever they are compared with. A file that cannot be read counts as missing, a
 * folder that cannot be written costs a warning.
 */
export class GoldCache {
  readonly folder: string;
  readonly #progress: Progress;

  constructor(folder: string, progress: Progress) {
    this.folder = folder;
    this.#progress = progress;
  }

  /** Gives the set what an earlier process kept, and returns what to call once metrics are computed: it keeps what is new. */
  async open(set: SampleSet): Promise<() => Promise<void>> {
    const file = path.join(this.folder, `${contentHash(set)}.numbers`);
    const known = await load(file);
    restoreMemo(set, known);
    return async () => {
      const numbers = memoOf(set);
      if (numbers.size === known.size) return;
      await writeAtomic(file, serialize(new Map(numbers))).catch((error: unknown) =>
        this.#progress.warn(
          `What was computed of gold could not be kept in ${this.folder}: ${error instanceof Error ? error.message : error}`,
        ),
      );
    };
  }
}

async function load(file: string): Promise<ReadonlyMap<string, Float64Array>> {
  try {
    const value: unknown = deserialize(await readFile(file));
    if (!(value instanceof Map)) return new Map();
    const entries = [...value].filter((entry): entry is [string, Float64Array] => {
      const [name, numbers]: unknown[] = entry;
      return typeof name === "string" && numbers instanceof Float64Array;
    });
    return new Map(entries);
  } catch {
    return new Map();
  }
}

/** SHA-256 of a set's texts, embeddings and tokenizer, by which its numbers are found again. */
function contentHash(set: SampleSet): string {
  const hash = createHash("sha256");
  hash.update(`texts ${set.texts?.length ?? "none"}\n`);
  for (const text of set.texts ?? []) hash.update(`${text.length} ${text}\n`);
  const { embeddings, tokenizer } = set;
  if (tokenizer !== whitespace) hash.update(`tokenizer ${tokenizer.name} ${tokenizer.icu}\n`);
  if (embeddings !== null) {
    const { data } = embeddings;
    hash.update(`embeddings ${embeddings.rows} x ${embeddings.cols}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
