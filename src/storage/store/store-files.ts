import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";

/** What SQLite puts beside a database: its journal, and the journal's index. */
const BESIDE = ["-wal", "-shm"];

/** A damaged file is kept under this name until the next one is found. */
const ASIDE = "damaged.db";

/** What earlier versions kept in a store's folder, in a format that is read no more. */
const FORMER = /^(data|lock)\.mdb$/;

/**
 * The files of a store in a folder of its own: `store-1.db`, or a later number once one was damaged. A number is never given
 * twice: another process may still hold the damaged file, and on its end removes by name what it put beside it.
 */
export class StoreFiles {
  readonly folder: string;
  #number: number;

  /** Makes the folder where there is none. */
  constructor(folder: string) {
    this.folder = path.resolve(folder);
    mkdirSync(this.folder, { recursive: true });
    const numbers = readdirSync(this.folder).map((name) => Number(/^store-([1-9]\d{0,8})\.db$/.exec(name)?.[1] ?? 1));
    this.#number = Math.max(1, ...numbers);
  }

  /** The database of now. */
  get file(): string {
    return path.join(this.folder, `store-${this.#number}.db`);
  }

  /** Why the database cannot be one, by what lies under its name; null where it may be. */
  fault(): string | null {
    for (const file of [this.file, ...BESIDE.map((end) => this.file + end)]) {
      const is = statSync(file, { throwIfNoEntry: false });
      if (is !== undefined && !is.isFile()) return `${path.basename(file)} is no file`;
    }
    return null;
  }

  /** Bytes that the store takes on the disk. */
  bytes(): number {
    const sizes = ["", ...BESIDE].map((end) => statSync(this.file + end, { throwIfNoEntry: false })?.size ?? 0);
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Renames a damaged database, in the place of one that was damaged earlier, and goes on to the next number. @returns its name */
  setAside(): string {
    this.forgetAside();
    // Another process may have done it. Where the folder cannot be written, the next file will say so.
    done(() => renameSync(this.file, path.join(this.folder, ASIDE)));
    for (const end of BESIDE) remove(this.file + end);
    this.#number += 1;
    return ASIDE;
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
