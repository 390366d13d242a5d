import { checkThere, disk, type OpenFile } from "./disk.ts";
import { inParts } from "./parts.ts";

/** Milliseconds between two fsyncs: what a power cut can lose. A killed process loses less: see `Appender`. */
const SYNC_EVERY = 1000;

/**
 * A file that grows as things arrive. What is appended is handed to the operating system as soon as the write before it has
 * ended, together with all that came meanwhile, and synced every second: a killed process loses what arrived during one write.
 * The first failure is the last write: nothing is appended after it.
 */
export class Appender {
  readonly #file: OpenFile;
  readonly #clock: () => number;
  #pending: Uint8Array[] = [];
  /** The write that will take along what is pending. */
  #next: Promise<void> | null = null;
  /** Ends when nothing is being written; never rejects. */
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly reason: unknown } | null = null;
  #synced: number;

  private constructor(file: OpenFile, clock: () => number) {
    this.#file = file;
    this.#clock = clock;
    this.#synced = clock();
  }

  /**
   * @param length bytes of it that stay; what comes after them is cut off
   * @param clock milliseconds, monotonic
   */
  static async open(file: string, length: number, clock: () => number = () => performance.now()): Promise<Appender> {
    const opened = await disk.open(file, "a");
    try {
      await disk.truncate(opened, length);
    } catch (error) {
      await disk.close(opened).catch(() => {});
      throw error;
    }
    return new Appender(opened, clock);
  }

  /** A new file. @throws EEXIST where there is one; @param clock as in `open` */
  static async create(file: string, clock: () => number = () => performance.now()): Promise<Appender> {
    return new Appender(await disk.open(file, "wx"), clock);
  }

  /** @throws what the first write that failed threw: nothing is kept any more */
  check(): void {
    if (this.#failure !== null) throw this.#failure.reason;
  }

  /** Appends; resolves when it is handed to the system. Who does not wait learns of a failure by `check`. @throws as `check` */
  append(content: string | Uint8Array): Promise<void> {
    this.#pending.push(typeof content === "string" ? Buffer.from(content) : content);
    this.#next ??= this.#afterLast();
    return this.#next;
  }

  /** Waits until all is handed to the system and on disk. @throws as `check` */
  async flush(): Promise<void> {
    await this.#last;
    this.check();
    await this.#guarded(async () => {
      await checkThere(this.#file);
      await disk.sync(this.#file);
    });
  }

  /** Flushes and lets go of the file. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await disk.close(this.#file);
    }
  }

  #afterLast(): Promise<void> {
    const batch = this.#last.then(() => {
      const pending = this.#pending;
      this.#pending = [];
      this.#next = null;
      return this.#guarded(async () => {
        await checkThere(this.#file);
        for (const part of inParts(pending)) await disk.write(this.#file, part);
      });
    });
    this.#last = batch.then(() => this.#syncWhenDue()).catch(() => {}); // `check` tells of it
    return batch;
  }

  async #syncWhenDue(): Promise<void> {
    if (this.#clock() - this.#synced < SYNC_EVERY) return;
    await this.#guarded(() => disk.sync(this.#file));
    this.#synced = this.#clock();
  }

  async #guarded(step: () => Promise<void>): Promise<void> {
    this.check();
    try {
      await step();
    } catch (reason) {
      this.#failure = { reason };
      throw reason;
    }
  }
}
