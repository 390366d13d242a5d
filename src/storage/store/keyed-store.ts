import type { Progress } from "../../core/progress.ts";
import { Entries } from "./entry.ts";
import { LastingDatabase, type LastingOptions } from "./lasting-database.ts";

/** What a store holds. */
export interface StoreContent {
  /** In warnings: "The answers kept in ...". */
  readonly plural: string;
  /** All that the values depend on beside their names: what was kept in another scope is none of this store's. */
  readonly scope: string;
}

/** A larger value is not kept; SQLite's own limit is not far from it. */
const LARGEST_VALUE_BYTES = 256 * 1024 ** 2;

/**
 * Bytes by name, kept on disk and shared between processes (SQLite). What comes back is what was kept, or nothing: each entry
 * carries a checksum. Nothing that happens to the files is an error: it costs what was kept, and is said in one warning.
 */
export class KeyedStore {
  readonly #content: StoreContent;
  readonly #folder: string;
  readonly #warn: Progress["warn"];
  readonly #database: LastingDatabase;
  readonly #entries: Entries;
  /** What no write has taken yet, by name. */
  readonly #waiting = new Map<string, Uint8Array>();
  #written: Promise<void> | null = null;
  #saidUnfit = false;

  private constructor(folder: string, content: StoreContent, warn: Progress["warn"], database: LastingDatabase) {
    this.#folder = folder;
    this.#content = content;
    this.#warn = warn;
    this.#database = database;
    this.#entries = new Entries(content.scope);
  }

  /**
   * Opens the store in a folder of its own, or makes one. Never fails: what is in the way is said, and nothing is kept.
   */
  static async open(
    folder: string,
    content: StoreContent,
    warn: Progress["warn"],
    options: Omit<LastingOptions, "warn"> = {},
  ): Promise<KeyedStore> {
    return new KeyedStore(folder, content, warn, await LastingDatabase.open(folder, content, { ...options, warn }));
  }

  /** The value that was kept under a name; undefined where there is none or it is not as it was. */
  get(name: string): Uint8Array | undefined {
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) return waiting;
    const key = this.#entries.key(name);
    const sealed = this.#database.read((database) => database.get(key)) ?? undefined;
    return sealed === undefined ? undefined : this.#opened(key, sealed);
  }

  /** Keeps a value; resolves when it is written. Values that come together are written together. */
  put(name: string, value: Uint8Array): Promise<void> {
    this.#wait(name, value);
    this.#written ??= afterThisTurn(() => this.#write());
    return this.#written;
  }

  /** Keeps many values at once, at once. */
  putAll(values: Iterable<readonly [name: string, value: Uint8Array]>): void {
    for (const [name, value] of values) this.#wait(name, value);
    this.#write();
  }

  /** Goes over the values that are as they were kept, oldest first. @param step a pure function */
  reduce<T>(start: T, step: (before: T, value: Uint8Array) => T): T {
    this.#write();
    const end = this.#database.read((database) => {
      let sum = start;
      for (const [key, sealed] of database.all()) {
        const value = this.#opened(key, sealed);
        if (value !== undefined) sum = step(sum, value);
      }
      return sum;
    });
    return end ?? start;
  }

  /** Looks for damage where no reading would meet it, and begins afresh where there is some. */
  check(): void {
    if (this.#database.read((database) => database.isSound()) === false) this.#database.renew();
  }

  /** Drops the quarter that was kept longest ago where the values take more than that many bytes. */
  bound(largestBytes: number): void {
    const used = this.#database.read((database) => database.used()) ?? 0;
    if (used > largestBytes) this.#database.write((database) => database.dropOldest(1 / 4));
  }

  /** Forgets everything, what was set aside included. @returns whether that could be done */
  clear(): boolean {
    this.#waiting.clear();
    return this.#database.clear();
  }

  /** Why what lies there cannot be read; null: it can, or nothing does. */
  get problem(): string | null {
    return this.#database.problem;
  }

  /** Bytes that the store takes on the disk. */
  get bytes(): number {
    return this.#database.bytes;
  }

  close(): void {
    this.#write();
    this.#database.close();
  }

  #wait(name: string, value: Uint8Array): void {
    if (value.byteLength <= LARGEST_VALUE_BYTES) this.#waiting.set(name, value);
  }

  #write(): void {
    const values = [...this.#waiting];
    this.#waiting.clear();
    this.#written = null;
    if (values.length === 0) return;
    const sealed = values.map(([name, value]) => {
      const key = this.#entries.key(name);
      return [key, this.#entries.seal(key, value)] as const;
    });
    this.#database.write((database) => database.put(sealed));
  }

  #opened(key: Uint8Array, sealed: Buffer): Uint8Array | undefined {
    const value = this.#entries.open(key, sealed);
    if (value !== null) return value;
    if (!this.#saidUnfit) {
      this.#saidUnfit = true;
      this.#warn(
        `Some of the ${this.#content.plural} kept in ${this.#folder} do not fit their checksums; they count as missing.`,
      );
    }
    return undefined;
  }
}

/** Does something once the event loop has handed out what has come by now. */
async function afterThisTurn(work: () => void): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  work();
}
