import path from "node:path";
import { pathToFileURL } from "node:url";
import type LibsqlDatabase from "libsql";
import { sha256 } from "../../core/hash.ts";

/** One connection to a file of entries. Every method throws libsql's errors; `problemOf` says what they mean. */
export interface Database {
  /** The bytes kept under a key; undefined: none. */
  get(key: Uint8Array): Buffer | undefined;
  /** Keeps all entries or none. */
  put(entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>): void;
  /** Every entry, oldest first; to be gone through to its end. */
  all(): Iterable<readonly [key: Buffer, value: Buffer]>;
  /** Forgets this share of the entries: those that were put longest ago. */
  dropOldest(share: number): void;
  /** Forgets everything and gives its room back. */
  clear(): void;
  /** Bytes that entries take. The file is no measure: what is dropped leaves room in it. */
  used(): number;
  /** Whether SQLite finds all pages of the file to be sound. */
  isSound(): boolean;
  close(): void;
}

/** Pages of the journal before they are folded into the file, which waits for the disk: 16 MB, some thousands of answers. */
const JOURNAL_PAGES = 4000;

/** All of the schema: an entry's number tells its age, an index finds its key. */
const SCHEMA = "CREATE TABLE entries (key BLOB NOT NULL UNIQUE, value BLOB NOT NULL)";

/** Marks a file as ours in its header. */
const APPLICATION_ID = 0x6d6f7062;

/** Goes up when the schema changes. */
const FORMAT = 2;

/** A sound file that is none of ours. */
export class ForeignFileError extends Error {}

/** A file that cannot even be opened or made: its folder or the number of open files is in the way. */
export class UnopenedError extends Error {}

/** Files of entries, by their absolute paths. All throw UnopenedError or an error of libsql's. */
export interface Sqlite {
  /** Makes one that is not there. */
  make(file: string): void;
  /** Opens one. @throws ForeignFileError */
  open(file: string): Database;
  /**
   * Opens one to be read as it lies, without the locks and the index that SQLite would write beside it; what was not folded into
   * the file is not found. Where another process changes it meanwhile, it may look damaged. @throws ForeignFileError
   */
  openAsItLies(file: string): Database;
}

/**
 * Loads SQLite.
 * @param scope what the entries are of: a file of another scope is foreign
 * @param patience ms that a process waits for another one's write
 * @throws Error where the package has no binary for this system
 */
export async function loadDatabase(scope: string, patience: number): Promise<Sqlite> {
  const { default: Libsql } = await import("libsql");
  const marks = { application_id: APPLICATION_ID, user_version: versionOf(scope) };
  const open = <T>(file: string, query: string, use: (db: LibsqlDatabase.Database) => T): T => {
    const db = connect(() => new Libsql(`${pathToFileURL(file).href}?${query}`, { timeout: patience }));
    try {
      db.exec("PRAGMA mmap_size = 0"); // without mapped pages no damage can be a signal
      return use(db);
    } catch (error) {
      db.close();
      throw error;
    }
  };
  const ours = (db: LibsqlDatabase.Database, file: string): Database => {
    if (!isOurs(db, marks)) throw new ForeignFileError(`${path.basename(file)} holds something else`);
    return databaseOf(db);
  };
  return {
    make: (file) =>
      open(file, "mode=rwc", (db) => {
        db.exec(`PRAGMA journal_mode = WAL; ${SCHEMA}`);
        for (const [name, mark] of Object.entries(marks)) db.exec(`PRAGMA ${name} = ${mark}`);
        db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        db.close();
      }),
    open: (file) =>
      open(file, "mode=rw", (db) => {
        db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
        db.exec(`PRAGMA wal_autocheckpoint = ${JOURNAL_PAGES}`);
        return ours(db, file);
      }),
    openAsItLies: (file) => open(file, "mode=ro&immutable=1", (db) => ours(db, file)),
  };
}

/** A file's version in its header: of the format, and of what the entries are of. */
function versionOf(scope: string): number {
  return Number.parseInt(sha256(`${FORMAT} ${scope}`).slice(0, 8), 16) >>> 1;
}

/** libsql's own error gives no code here, and a number for a message. */
function connect(make: () => LibsqlDatabase.Database): LibsqlDatabase.Database {
  try {
    return make();
  } catch (error) {
    throw new UnopenedError("the file cannot be opened or made", { cause: error });
  }
}

function isOurs(db: LibsqlDatabase.Database, ours: Readonly<Record<string, number>>): boolean {
  const marks = Object.entries(ours).map(([name, mark]) => `(SELECT ${name} = ${mark} FROM pragma_${name})`);
  const schema = "(SELECT count(*) = 2 AND count(sql) = 1 AND max(sql = ?) FROM sqlite_schema)";
  return numberOf(db.prepare(`SELECT ${[...marks, schema].join(" AND ")}`), [SCHEMA]) === 1;
}

/**
 * Blobs are bound in arrays and read through CAST: libsql ends the process at a blob that is bound alone, and at text that is
 * no UTF-8, which damage makes of a blob.
 */
function databaseOf(db: LibsqlDatabase.Database): Database {
  const select = db.prepare("SELECT CAST(value AS BLOB) FROM entries WHERE key = ?").raw();
  const insert = db.prepare("INSERT OR REPLACE INTO entries (key, value) VALUES (?, ?)");
  const everything = db.prepare("SELECT CAST(key AS BLOB), CAST(value AS BLOB) FROM entries ORDER BY rowid").raw();
  const oldest = db.prepare("DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries ORDER BY rowid LIMIT ?)");
  const count = db.prepare("SELECT count(*) FROM entries");
  const used = db.prepare(
    "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
  );
  const check = db.prepare("SELECT CAST(quick_check AS BLOB) FROM pragma_quick_check(1)").raw();
  return {
    get(key) {
      const row = select.get([key]);
      return row === undefined ? undefined : blobsOf(row)[0];
    },
    put: (entries) =>
      within(db, () => {
        for (const [key, value] of entries) insert.run([key, value]);
      }),
    *all() {
      for (const row of everything.iterate([])) {
        const [key, value] = blobsOf(row);
        if (key !== undefined && value !== undefined) yield [key, value];
      }
    },
    dropOldest: (share) => within(db, () => oldest.run([Math.ceil(share * numberOf(count, []))])),
    clear() {
      within(db, () => db.exec("DELETE FROM entries"));
      db.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    },
    used: () => numberOf(used, []),
    isSound: () => blobsOf(check.get([]))[0]?.toString() === "ok",
    close() {
      try {
        db.exec("PRAGMA wal_checkpoint");
      } finally {
        db.close();
      }
    },
  };
}

/** Does all or nothing of it. The lock of writing is taken first, so that what waits for another process is this alone. */
function within(db: LibsqlDatabase.Database, work: () => void): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    work();
    db.exec("COMMIT");
  } catch (error) {
    try {
      db.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back already.
    }
    throw error;
  }
}

/** The number in a statement's only row and column. */
function numberOf(statement: LibsqlDatabase.Statement<unknown[]>, values: readonly unknown[]): number {
  const row = statement.raw().get([...values]);
  return Array.isArray(row) && typeof row[0] === "number" ? row[0] : 0;
}

/** The blobs of a row; libsql gives an ArrayBuffer for one of many rows. */
function blobsOf(row: unknown): readonly (Buffer | undefined)[] {
  const values: unknown[] = Array.isArray(row) ? row : [];
  return values.map((value) => {
    if (Buffer.isBuffer(value)) return value;
    return value instanceof ArrayBuffer ? Buffer.from(value) : undefined;
  });
}
