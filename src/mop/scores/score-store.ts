import path from "node:path";
import { crc32 } from "node:zlib";
import { hashOf, type JsonObject } from "../../core/hash.ts";
import { Appender } from "../../storage/appender.ts";
import { writeAtomic } from "../../storage/atomic.ts";
import { nullIfDamaged, readAnyway, readIfThere } from "../../storage/sealed.ts";

/** Bytes of an entry: record, pair (uint32), log-likelihood (float64), tokens, checksum of what stands before it (uint32). */
const ENTRY = 24;
/** Where its checksum stands. */
const SUM = 20;

/** One score: sum over tokens in nats (-Infinity: the call failed), and how many tokens. */
export interface PairScore {
  readonly total: number;
  readonly tokens: number;
}

/** What may be scored. A pair is persona * (pool size, at least 1) + exemplar. */
export interface ScoreSpace {
  readonly records: number;
  readonly pairs: number;
}

/**
 * The scores of a fit on disk, each (record, pair) once: `<name>.bin` is appended to, `<name>.json` says to readers what it holds.
 * An entry's checksum begins with the hash of all that the scores depend on, so those of another fit are none here, and each is
 * sound or not by itself: what a kill tore off or a disk changed is scored again, all else stays.
 */
export class ScoreStore {
  readonly #file: Appender;
  readonly #scores: Map<number, PairScore>;
  readonly #space: ScoreSpace;
  readonly #seed: number;

  private constructor(file: Appender, space: ScoreSpace, seed: number, scores: Map<number, PairScore>) {
    this.#file = file;
    this.#space = space;
    this.#seed = seed;
    this.#scores = scores;
  }

  /**
   * Opens the store of this key, with the scores that it holds for it.
   * @param key everything the scores depend on
   * @param clock milliseconds, monotonic
   */
  static async open(
    dir: string,
    name: string,
    key: JsonObject,
    space: ScoreSpace,
    clock?: () => number,
  ): Promise<ScoreStore> {
    const body = path.join(dir, `${name}.bin`);
    const hash = hashOf({ key, pairs: space.pairs });
    await writeHead(path.join(dir, `${name}.json`), { schema: 3, hash, pairs: space.pairs, layout: LAYOUT, key });
    const seed = crc32(hash);
    const found = await readIfThere(body).catch(nullIfDamaged);
    if (found === null) await writeAtomic(body, ""); // also where something else was in its place
    const bytes = found ?? Buffer.alloc(0);
    const sound = soundEntries(bytes, space, seed);
    const scores = new Map<number, PairScore>();
    for (const entry of sound) scores.set(indexOf(entry, space), scoreIn(entry));
    // Damage in the middle is cut out, so that what is appended stands where entries stand.
    if (sound.length * ENTRY < bytes.length) await writeAtomic(body, Buffer.concat(sound));
    const file = await Appender.open(body, sound.length * ENTRY, clock);
    return new ScoreStore(file, space, seed, scores);
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
    return this.#scores.get(record * this.#space.pairs + pair);
  }

  /** Keeps a score; resolves when it is handed to the system, so that a kill does not lose it. @throws what the disk throws */
  async add(record: number, pair: number, score: PairScore): Promise<void> {
    this.#file.check();
    this.#scores.set(record * this.#space.pairs + pair, score);
    await this.#file.append(entryOf(record, pair, score, this.#seed));
  }

  /** Returns when all is on disk. */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

const LAYOUT =
  "uint32 record, uint32 pair, float64 logLikelihood, uint32 tokens, uint32 crc32 begun with that of the hash; little-endian";

/** The head is for readers and decides nothing; one that is not as it should be is written anew. */
async function writeHead(file: string, head: JsonObject): Promise<void> {
  const text = `${JSON.stringify(head, null, 2)}\n`;
  if ((await readAnyway(file))?.toString() !== text) await writeAtomic(file, text);
}

function entryOf(record: number, pair: number, { total, tokens }: PairScore, seed: number): Buffer {
  const entry = Buffer.alloc(ENTRY);
  entry.writeUInt32LE(record, 0);
  entry.writeUInt32LE(pair, 4);
  entry.writeDoubleLE(total, 8);
  entry.writeUInt32LE(tokens, 16);
  entry.writeUInt32LE(crc32(entry.subarray(0, SUM), seed), SUM);
  return entry;
}

/** Every entry that is as it was written. Where one is not, the next is looked for byte by byte: bytes may be lost. */
function soundEntries(bytes: Buffer, space: ScoreSpace, seed: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + ENTRY <= bytes.length; ) {
    const sound = canBegin(bytes, at, space) && isSound(bytes.subarray(at, at + ENTRY), seed);
    if (sound) found.push(bytes.subarray(at, at + ENTRY));
    at += sound ? ENTRY : 1;
  }
  return found;
}

/** Whether an entry can begin there. Of millions of places a checksum fits one by chance, and this hardly ever does as well. */
function canBegin(bytes: Buffer, at: number, { records, pairs }: ScoreSpace): boolean {
  return bytes.readUInt32LE(at) < records && bytes.readUInt32LE(at + 4) < pairs;
}

function isSound(entry: Buffer, seed: number): boolean {
  if (entry.readUInt32LE(SUM) !== crc32(entry.subarray(0, SUM), seed)) return false;
  const { total } = scoreIn(entry);
  return Number.isFinite(total) || total === Number.NEGATIVE_INFINITY;
}

function indexOf(entry: Buffer, { pairs }: ScoreSpace): number {
  return entry.readUInt32LE(0) * pairs + entry.readUInt32LE(4);
}

function scoreIn(entry: Buffer): PairScore {
  return { total: entry.readDoubleLE(8), tokens: entry.readUInt32LE(16) };
}
