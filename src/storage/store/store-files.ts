import { closeSync, existsSync, linkSync, openSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";

/** What SQLite puts beside a database: its journal, and the journal's index. */
const BESIDE = ["-wal", "-shm"];

/** A damaged file is kept under this name until the next one is found. */
const ASIDE = "damaged.db";

/** Beside a database's name: that its number is the next, until it is made. */
const NEXT = ".next";

/** What earlier versions kept in a store's folder, in a format that is read no more. */
const FORMER = /^(data|lock)\.mdb$/;

/**
 * The files of a store in a folder of its own: `store-1.db`, or a later number once one was damaged. A number is never given
 * twice: another process may still hold the damaged file, and on its end removes by name what it put beside it.
 */
export class StoreFiles {
  readonly folder: string;
  #number: number;

  /** @param folder is there */
  constructor(folder: string) {
    this.folder = path.resolve(folder);
    const numbers = readdirSync(this.folder).map((name) => Number(/^store-([1-9]\d{0,8})\.db/.exec(name)?.[1] ?? 1));
    this.#number = Math.max(1, ...numbers);
  }

  /** The database of now. */
  get file(): string {
    return path.join(this.folder, `store-${this.#number}.db`);
  }

  /** Whether the database is there. */
  get there(): boolean {
    return existsSync(this.file);
  }

  /** Why the database cannot be one, by what lies under its name; null where it may be, or none is there yet. */
  fault(): string | null {
    // The database last: it is there before its journal is.
    const [journal, index, database] = [...BESIDE, ""].map((end) =>
      statSync(this.file + end, { throwIfNoEntry: false }),
    );
    const name = path.basename(this.file);
    if (database !== undefined && !database.isFile()) return `${name} is no file`;
    if (database?.size === 0) return `${name} is empty`;
    if (database === undefined && journal !== undefined) return `${name} is missing`;
    for (const [i, is] of [journal, index].entries())
      if (is !== undefined && !is.isFile()) return `${name}${BESIDE[i]} is no file`;
    return null;
  }

  /**
   * Makes the database where none is there yet: under another name first, so that no process ever meets half of one, and a
   * damaged one does not pass for a new one.
   * @throws what `make` throws, or an error of the file system
   */
  makeMissing(make: (file: string) => void): void {
    const temporary = `${this.file}.${process.pid}.${Math.random().toString(36).slice(2, 10)}.tmp`;
    try {
      make(temporary);
      putInPlace(temporary, this.file);
      remove(this.file + NEXT);
    } finally {
      for (const end of ["", ...BESIDE]) remove(temporary + end);
    }
  }

  /** Bytes that the store takes on the disk. */
  bytes(): number {
    const sizes = ["", ...BESIDE].map((end) => statSync(this.file + end, { throwIfNoEntry: false })?.size ?? 0);
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /**
   * Renames a damaged database, in the place of one that was damaged earlier, and goes on to the next number.
   * @returns whether it is out of the way
   */
  setAside(): boolean {
    this.forgetAside();
    done(() => renameSync(this.file, path.join(this.folder, ASIDE))); // another process may have done it
    return this.#leave();
  }

  /** Under what name a damaged database lies; null: there is none. */
  get aside(): string | null {
    return existsSync(path.join(this.folder, ASIDE)) ? ASIDE : null;
  }

  /** Removes the database, and goes on to the next number: other processes may hold it still. @returns whether it is gone */
  discard(): boolean {
    remove(this.file);
    return this.#leave();
  }

  /** Goes on to the next number, where the database is there no more. @returns whether it is not */
  #leave(): boolean {
    if (this.there) return false;
    for (const end of BESIDE) remove(this.file + end);
    this.#number += 1;
    done(() => closeSync(openSync(this.file + NEXT, "a")));
    return true;
  }

  /** Goes on to the next number where another process has just set this one aside, or removed it. */
  next(): void {
    this.#number += 1;
  }

  /** Removes what was set aside. */
  forgetAside(): void {
    remove(path.join(this.folder, ASIDE));
  }

  /** Removes what an earlier version kept. @returns whether there was anything */
  removeFormer(): boolean {
    const former = readdirSync(this.folder).filter((name) => FORMER.test(name));
    return former.map((name) => remove(path.join(this.folder, name))).includes(true);
  }
}

/** Gives a whole file its name, unless that is taken. Some file systems know no links. */
function putInPlace(temporary: string, file: string): void {
  if (!done(() => linkSync(temporary, file)) && !existsSync(file)) renameSync(temporary, file);
}

function remove(file: string): boolean {
  return done(() => rmSync(file, { recursive: true, force: true }));
}

/** Whether the file system let it be done. */
function done(change: () => void): boolean {
  try {
    change();
    return true;
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return false;
    throw error;
  }
}
