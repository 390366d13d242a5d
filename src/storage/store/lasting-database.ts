import type { Progress } from "../../core/progress.ts";
import { type Database, loadDatabase, type OpenDatabase } from "./database.ts";
import { problemOf, type StoreProblem } from "./problem.ts";
import { StoreFiles } from "./store-files.ts";

/** How long a process waits for another one's write, in ms. */
const PATIENCE_MS = 5000;

/** How often one process begins a damaged store afresh: a disk that damages each new file is no place for one. */
const RENEWALS = 2;

/**
 * A database that outlasts what happens to its files. A damaged one is set aside and begun afresh; where the disk is full, the
 * folder cannot be written or another process does not let go, it is used no further. Each is said in one warning.
 */
export class LastingDatabase {
  readonly #plural: string;
  readonly #folder: string;
  readonly #warn: Progress["warn"];
  #place: { readonly files: StoreFiles; readonly open: OpenDatabase } | null = null;
  #now: Database | null = null;
  #writable = true;
  #renewals = 0;

  private constructor(folder: string, plural: string, warn: Progress["warn"]) {
    this.#folder = folder;
    this.#plural = plural;
    this.#warn = warn;
  }

  /**
   * @param folder holds this database alone
   * @param plural what it holds, in warnings
   * @param patience how long to wait for another process, in ms
   */
  static async open(
    folder: string,
    plural: string,
    warn: Progress["warn"],
    patience: number = PATIENCE_MS,
  ): Promise<LastingDatabase> {
    const database = new LastingDatabase(folder, plural, warn);
    try {
      const open = await loadDatabase(patience);
      const files = new StoreFiles(folder);
      if (files.removeFormer())
        warn(`The ${plural} that an earlier version kept in ${folder} cannot be read and were removed.`);
      database.#place = { files, open };
    } catch (error) {
      // No folder can be made there, or this system has no binary.
      database.#giveUp({ kind: "unusable", message: error instanceof Error ? error.message : String(error) });
      return database;
    }
    database.#open();
    return database;
  }

  /** What is read; null where nothing can be. */
  read<T>(reading: (database: Database) => T): T | null {
    while (this.#now !== null) {
      try {
        return reading(this.#now);
      } catch (error) {
        this.#meet(error, (problem) => this.#giveUp(problem));
      }
    }
    return null;
  }

  /** Writes, where that can be done. @returns whether it was */
  write(writing: (database: Database) => void): boolean {
    while (this.#now !== null && this.#writable) {
      try {
        writing(this.#now);
        return true;
      } catch (error) {
        this.#meet(error, ({ message }) => {
          this.#writable = false;
          this.#warn(
            `No more ${this.#plural} can be kept in ${this.#folder} (${message}). The work goes on without; MOPBENCH_CACHE names another folder.`,
          );
        });
      }
    }
    return false;
  }

  /** Begins afresh what was found damaged otherwise than by an error. @param message how it was */
  renew(message: string): void {
    this.#leave();
    if (this.#place === null) return;
    const aside = this.#place.files.setAside();
    this.#warn(
      `The ${this.#plural} kept in ${this.#folder} are damaged (${message}). They were set aside there as ${aside}; new ones are kept from now on.`,
    );
    this.#renewals += 1;
    if (this.#renewals > RENEWALS) this.#giveUp({ kind: "unusable", message });
    else this.#open();
  }

  /** Bytes on the disk. */
  get bytes(): number {
    return this.#place?.files.bytes() ?? 0;
  }

  /** Removes what was set aside. */
  forgetAside(): void {
    this.#place?.files.forgetAside();
  }

  close(): void {
    this.#leave();
  }

  #open(): void {
    if (this.#place === null) return;
    const { files, open } = this.#place;
    try {
      const fault = files.fault();
      if (fault === null) this.#now = open(files.file);
      else this.renew(fault);
    } catch (error) {
      this.#meet(error, (problem) => this.#giveUp(problem));
    }
  }

  #meet(error: unknown, unusable: (problem: StoreProblem) => void): void {
    const problem = problemOf(error);
    if (problem === null) throw error;
    if (problem.kind === "damaged") this.renew(problem.message);
    else unusable(problem);
  }

  #giveUp({ message }: StoreProblem): void {
    this.#leave();
    this.#place = null;
    this.#warn(
      `No ${this.#plural} can be kept in ${this.#folder} (${message}). The work goes on without; MOPBENCH_CACHE names another folder.`,
    );
  }

  #leave(): void {
    try {
      this.#now?.close();
    } catch {
      // What could not be folded into the file stands in its journal, or the file is being given up.
    }
    this.#now = null;
  }
}
