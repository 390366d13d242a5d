import type { Progress } from "../../core/progress.ts";
import { disk } from "../disk.ts";
import { type Database, loadDatabase, type Sqlite } from "./database.ts";
import { DAMAGE, problemOf, type StoreProblem } from "./problem.ts";
import { StoreFiles } from "./store-files.ts";

/** How long a process waits for another one's write, in ms. */
const PATIENCE_MS = 5000;

/** How often one process begins a damaged store afresh: a disk that damages each new file is no place for one. */
const RENEWALS = 2;

/** How a database is opened, and who is told what. */
export interface LastingOptions {
  readonly warn: Progress["warn"];
  /** Is told in the place of `warn` what makes the database useless. */
  readonly unusable?: (message: string) => void;
  /** How long to wait for another process, in ms. */
  readonly patience?: number | undefined;
}

/**
 * A database that outlasts what happens to its files. A damaged one is set aside and begun afresh; one that cannot be written
 * is read as it lies; where that fails too, it is used no further. Each is said in one warning.
 */
export class LastingDatabase {
  readonly #plural: string;
  readonly #folder: string;
  readonly #warn: Progress["warn"];
  readonly #unusable: (message: string) => void;
  #place: { readonly files: StoreFiles; readonly sqlite: Sqlite } | null = null;
  #now: Database | null = null;
  #asItLies = false;
  #writable = true;
  #renewals = 0;
  #problem: string | null = null;

  private constructor(folder: string, plural: string, { warn, unusable = warn }: LastingOptions) {
    this.#folder = folder;
    this.#plural = plural;
    this.#warn = warn;
    this.#unusable = unusable;
  }

  /**
   * @param folder holds this database alone
   * @param content what it holds: in warnings, and of what scope
   */
  static async open(
    folder: string,
    { plural, scope }: { readonly plural: string; readonly scope: string },
    options: LastingOptions,
  ): Promise<LastingDatabase> {
    const { warn, patience = PATIENCE_MS } = options;
    const database = new LastingDatabase(folder, plural, options);
    try {
      const sqlite = await loadDatabase(scope, patience);
      await disk.makeFolder(folder);
      const files = new StoreFiles(folder);
      if (files.removeFormer())
        warn(`The ${plural} that an earlier version kept in ${folder} cannot be read and were removed.`);
      database.#place = { files, sqlite };
    } catch (error) {
      // No folder can be made there, or this system has no binary.
      const message = error instanceof Error ? error.message : String(error);
      database.#giveUp(problemOf(error, folder) ?? { kind: "unusable", message });
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
  renew(message: string = DAMAGE): void {
    const asItLies = this.#asItLies;
    this.#leave();
    if (this.#place === null) return;
    const { files } = this.#place;
    // What is only read may be sound for the process that writes it, and could not be begun afresh.
    if (asItLies || !files.setAside()) {
      this.#giveUp({ kind: "unusable", message });
      return;
    }
    const aside = files.aside === null ? "New" : `They were set aside there as ${files.aside}; new`;
    this.#warn(
      `The ${this.#plural} kept in ${this.#folder} are damaged (${message}). ${aside} ones are kept from now on.`,
    );
    this.#renewals += 1;
    if (this.#renewals > RENEWALS) this.#giveUp({ kind: "unusable", message });
    else this.#open();
  }

  /** Forgets everything, by removing the file where the disk leaves no room for another way. @returns whether that could be done */
  clear(): boolean {
    if (this.#place === null) return false;
    this.#place.files.forgetAside();
    if (this.#cleared()) return true;
    this.#leave();
    if (!this.#place.files.discard()) return false;
    this.#writable = true;
    this.#open();
    this.#problem = null; // where no new one can be made, nothing lies there
    return true;
  }

  /** Why what lies there cannot be read; null: it can, or nothing does. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Bytes on the disk. */
  get bytes(): number {
    return this.#place?.files.bytes() ?? 0;
  }

  close(): void {
    this.#leave();
  }

  #open(): void {
    if (this.#place === null) return;
    const { files, sqlite } = this.#place;
    let there = false;
    try {
      const fault = files.fault();
      if (fault !== null) {
        this.renew(fault);
        return;
      }
      there = files.there;
      if (!there) files.makeMissing(sqlite.make);
      this.#now = sqlite.open(files.file);
    } catch (error) {
      if (there && !files.there) {
        files.next();
        this.#open();
      } else this.#meet(error, (problem) => this.#openAsItLies(problem));
    }
  }

  /** @param problem why it cannot be opened otherwise */
  #openAsItLies(problem: StoreProblem): void {
    if (this.#place === null) return;
    const { files, sqlite } = this.#place;
    try {
      this.#now = sqlite.openAsItLies(files.file);
      this.#asItLies = true;
    } catch (error) {
      if (problemOf(error, this.#folder) === null) throw error;
      this.#giveUp(problem);
    }
  }

  #cleared(): boolean {
    try {
      this.#now?.clear();
      return this.#now !== null;
    } catch (error) {
      if (problemOf(error, this.#folder) === null) throw error;
      return false;
    }
  }

  #meet(error: unknown, unusable: (problem: StoreProblem) => void): void {
    const problem = problemOf(error, this.#folder);
    if (problem === null) throw error;
    if (problem.kind === "damaged") this.renew(problem.message);
    else unusable(problem);
  }

  #giveUp({ message }: StoreProblem): void {
    this.#leave();
    const lies = this.bytes > 0;
    this.#problem = lies || this.#place === null ? message : null;
    const [lost, then] = lies
      ? [", and those that lie there are not used", "They are asked for again"]
      : ["", "The work goes on without"];
    this.#unusable(
      `No ${this.#plural} can be kept in ${this.#folder}${lost} (${message}). ${then}; MOPBENCH_CACHE names another folder.`,
    );
  }

  #leave(): void {
    this.#asItLies = false;
    try {
      this.#now?.close();
    } catch {
      // What could not be folded into the file stands in its journal, or the file is being given up.
    }
    this.#now = null;
  }
}
