import { type FileHandle, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { hashOf, type JsonObject, sha256 } from "../../../core/hash.ts";
import { writeAtomic } from "../../../storage/atomic.ts";

/** Columns of a row of the table, all little-endian float64. */
export const scoreColumns = ["persona", "exemplar", "logProposal", "logLikelihood", "tokens"] as const;
const WIDTH = scoreColumns.length;
const MAGIC = 0x53504f4d; // "MOPS"
const HEAD = 16;

/**
 * The score table on disk: `<name>.json` says what it holds, `<name>.bin` holds blocks of whole records in order, each with a
 * head (magic, first record, records, checksum; uint32) and rows of `scoreColumns`. It grows by appending, each block is on
 * disk before the next begins, and a block torn by a kill is dropped when the table is opened again: scoring goes on there.
 */
export class ScoreTable {
  readonly records: number;
  readonly perRecord: number;
  /** Rows of the records scored so far. */
  readonly values: Float64Array;
  readonly #file: FileHandle;
  #scored: number;

  private constructor(file: FileHandle, records: number, perRecord: number, values: Float64Array, scored: number) {
    this.#file = file;
    this.records = records;
    this.perRecord = perRecord;
    this.values = values;
    this.#scored = scored;
  }

  /**
   * Opens the table of this key, or starts it afresh when there is none or it was made for something else.
   * @param key everything the scores depend on
   */
  static async open(
    dir: string,
    name: string,
    key: JsonObject,
    records: number,
    perRecord: number,
  ): Promise<ScoreTable> {
    await mkdir(dir, { recursive: true });
    const head = path.join(dir, `${name}.json`);
    const body = path.join(dir, `${name}.bin`);
    const hash = hashOf({ key, records, perRecord });
    if ((await hashIn(head)) !== hash) {
      await rm(body, { force: true });
      const header = { schema: 1, hash, records, perRecord, columns: scoreColumns, type: "float64-le", key };
      await writeAtomic(head, `${JSON.stringify(header, null, 2)}\n`);
    }
    const values = new Float64Array(records * perRecord * WIDTH);
    const bytes = await readFile(body).catch(() => new Uint8Array(0));
    const { scored, end } = readBlocks(bytes, perRecord, values);
    const file = await open(body, "a");
    await file.truncate(end);
    return new ScoreTable(file, records, perRecord, values, scored);
  }

  /** Records 0 .. scored - 1 are done. */
  get scored(): number {
    return this.#scored;
  }

  /** Appends the next records' rows and waits until they are on disk. @throws RangeError for half a record. */
  async append(rows: Float64Array): Promise<void> {
    const count = rows.length / (this.perRecord * WIDTH);
    if (!Number.isInteger(count)) throw new RangeError("A block holds whole records.");
    const payload = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
    const head = new DataView(new ArrayBuffer(HEAD));
    head.setUint32(0, MAGIC, true);
    head.setUint32(4, this.#scored, true);
    head.setUint32(8, count, true);
    head.setUint32(12, checksum(payload), true);
    await this.#file.appendFile(Buffer.concat([new Uint8Array(head.buffer), payload]));
    await this.#file.datasync();
    this.values.set(rows, this.#scored * this.perRecord * WIDTH);
    this.#scored += count;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Reads whole, sound blocks from the start; `end` is where the first torn or foreign byte stands. */
function readBlocks(
  bytes: Uint8Array,
  perRecord: number,
  values: Float64Array,
): { readonly scored: number; readonly end: number } {
  const rowBytes = perRecord * WIDTH * 8;
  const capacity = values.length / (perRecord * WIDTH);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let scored = 0;
  let at = 0;
  while (at + HEAD <= bytes.length) {
    const count = view.getUint32(at + 8, true);
    const next = at + HEAD + count * rowBytes;
    if (view.getUint32(at, true) !== MAGIC || view.getUint32(at + 4, true) !== scored) break;
    if (next > bytes.length || scored + count > capacity) break;
    const payload = bytes.subarray(at + HEAD, next);
    if (view.getUint32(at + 12, true) !== checksum(payload)) break;
    values.set(new Float64Array(Uint8Array.from(payload).buffer), scored * perRecord * WIDTH);
    scored += count;
    at = next;
  }
  return { scored, end: at };
}

function checksum(payload: Uint8Array): number {
  return Number.parseInt(sha256(payload).slice(0, 8), 16);
}

async function hashIn(file: string): Promise<unknown> {
  try {
    const header: unknown = JSON.parse(await readFile(file, "utf8"));
    return typeof header === "object" && header !== null && "hash" in header ? header.hash : null;
  } catch {
    return null; // none yet, or unreadable: the table starts afresh
  }
}
