import { type FileHandle, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { crc32 } from "node:zlib";
import { hashOf, type JsonObject } from "../../core/hash.ts";
import { writeAtomic } from "../../storage/atomic.ts";

/** Milliseconds that a score waits for others before they are written together: what a kill loses at most. */
const FLUSH_AFTER = 1000;
/** Bytes of an entry: record, pair (uint32), log-likelihood (float64), tokens, checksum of what stands before it (uint32). */
const ENTRY = 24;

/** One score: sum over tokens in nats (-Infinity: the call failed), and how many tokens. */
export interface PairScore {
  readonly total: number;
  readonly tokens: number;
}

/**
 * The scores of a fit on disk, each (record, pair) once: `<name>.json` says what they depend on, `<name>.bin` is appended to.
 * A score is on disk a second after it came, at once where scores come slower than that. Entries carry checksums: what a
 * kill tore off is dropped when the store is opened again, and scoring goes on there.
 *
 * A pair is persona * (pool size, at least 1) + exemplar.
 */
export class ScoreStore {
  readonly #file: FileHandle;
  readonly #scores: Map<number, PairScore>;
  readonly #pairs: number;
  readonly #clock: () => number;
  #waiting: Buffer[] = [];
  #flushed: number;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, pairs: number, scores: Map<number, PairScore>, clock: () => number) {
    this.#file = file;
    this.#pairs = pairs;
    this.#scores = scores;
    this.#clock = clock;
    this.#flushed = clock();
  }

  /**
   * Opens the store of this key, or begins it afresh where there is none or it was made for something else.
   * @param key everything the scores depend on
   * @param pairs how many pairs there are
   * @param clock milliseconds, monotonic
   */
  static async open(
    dir: string,
    name: string,
    key: JsonObject,
    pairs: number,
    clock: () => number = () => performance.now(),
  ): Promise<ScoreStore> {
    await mkdir(dir, { recursive: true });
    const head = path.join(dir, `${name}.json`);
    const body = path.join(dir, `${name}.bin`);
    const hash = hashOf({ key, pairs });
    if ((await hashIn(head)) !== hash) {
      await rm(body, { force: true });
      const layout = "uint32 record, uint32 pair, float64 logLikelihood, uint32 tokens, uint32 crc32; little-endian";
      await writeAtomic(head, `${JSON.stringify({ schema: 2, hash, pairs, layout, key }, null, 2)}\n`);
    }
    const scores = new Map<number, PairScore>();
    const bytes = await readFile(body).catch(() => Buffer.alloc(0));
    const end = readEntries(bytes, pairs, scores);
    const file = await open(body, "a");
    await file.truncate(end);
    return new ScoreStore(file, pairs, scores, clock);
  }

  /** How many scores there are. */
  get size(): number {
    return this.#scores.size;
  }

  /** How many of them are failed calls. */
  get failed(): number {
    let count = 0;
    for (const { total } of this.#scores.values()) if (total === Number.NEGATIVE_INFINITY) count++;
    return count;
  }

  get(record: number, pair: number): PairScore | undefined {
    return this.#scores.get(record * this.#pairs + pair);
  }

  /** Keeps a score; resolves when nothing older than a second waits to be written. */
  async add(record: number, pair: number, score: PairScore): Promise<void> {
    this.#scores.set(record * this.#pairs + pair, score);
    this.#waiting.push(entryOf(record, pair, score));
    if (this.#clock() - this.#flushed >= FLUSH_AFTER) await this.flush();
  }

  /** Writes all that waits and returns when it is on disk. */
  flush(): Promise<void> {
    this.#flushed = this.#clock();
    const entries = this.#waiting;
    this.#waiting = [];
    if (entries.length > 0)
      this.#writing = this.#writing.then(async () => {
        await this.#file.appendFile(Buffer.concat(entries));
        await this.#file.datasync();
      });
    return this.#writing;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }
}

function entryOf(record: number, pair: number, { total, tokens }: PairScore): Buffer {
  const entry = Buffer.alloc(ENTRY);
  entry.writeUInt32LE(record, 0);
  entry.writeUInt32LE(pair, 4);
  entry.writeDoubleLE(total, 8);
  entry.writeUInt32LE(tokens, 16);
  entry.writeUInt32LE(crc32(entry.subarray(0, 20)), 20);
  return entry;
}

/** Reads sound entries from the start; returns where the first torn or foreign byte stands. */
function readEntries(bytes: Buffer, pairs: number, scores: Map<number, PairScore>): number {
  let at = 0;
  for (; at + ENTRY <= bytes.length; at += ENTRY) {
    if (bytes.readUInt32LE(at + 20) !== crc32(bytes.subarray(at, at + 20))) break;
    const pair = bytes.readUInt32LE(at + 4);
    if (pair >= pairs) break;
    scores.set(bytes.readUInt32LE(at) * pairs + pair, {
      total: bytes.readDoubleLE(at + 8),
      tokens: bytes.readUInt32LE(at + 16),
    });
  }
  return at;
}

async function hashIn(file: string): Promise<unknown> {
  try {
    const header: unknown = JSON.parse(await readFile(file, "utf8"));
    return typeof header === "object" && header !== null && "hash" in header ? header.hash : null;
  } catch {
    return null; // none yet, or unreadable: the store begins afresh
  }
}
