import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import Libsql from "libsql";
import { describe, expect, it } from "vitest";
import { testFolder } from "../../testing/test-folder.ts";
import { KeyedStore, type StoreContent } from "./keyed-store.ts";

const numbers: StoreContent = { plural: "numbers", scope: "numbers 1" };

/** A store in a folder, and what it has said so far. */
async function open(folder: string, content: StoreContent = numbers, patience?: number) {
  const said: string[] = [];
  return { store: await KeyedStore.open(folder, content, (message) => said.push(message), { patience }), said };
}

/** A folder with a store of the values `value 0` to `value 199`, each under its number, and closed. */
async function made(): Promise<string> {
  const folder = testFolder();
  const { store } = await open(folder);
  keep(store);
  store.close();
  return folder;
}

function valueAt(i: number): Buffer {
  return Buffer.from(`value ${i} `.repeat(1 + (i % 7) * 20));
}

/** How many of the values are there; one that is another fails. */
function found(store: KeyedStore): number {
  return Array.from({ length: 200 }, (_, i): number => {
    const value = store.get(String(i));
    if (value !== undefined) expect(Buffer.from(value).toString()).toBe(valueAt(i).toString());
    return value === undefined ? 0 : 1;
  }).reduce((sum, one) => sum + one, 0);
}

const text = (value: Uint8Array | undefined) => value && Buffer.from(value).toString();

describe("KeyedStore", () => {
  it("gives back what was kept, byte for byte, under whatever name", async () => {
    const folder = testFolder();
    const names = ["", "a", "a\0b", "a\0", "\ud800", "\udfff", "\ufffd", "𐀀", "x".repeat(100_000)];
    const values = names.map((_, i) => Buffer.from(Array.from({ length: i * 37 }, (_, j) => (i * 91 + j) % 256)));
    const { store } = await open(folder);
    for (const [i, name] of names.entries()) await store.put(name, values[i]!);
    const whole = () => names.map((name) => Buffer.from(store.get(name)!));
    expect(whole()).toEqual(values);
    store.close();
    const again = await open(folder);
    for (const [i, name] of names.entries()) expect(Buffer.from(again.store.get(name)!)).toEqual(values[i]);
    expect(again.store.get("b")).toBeUndefined();
    await again.store.put("a", Buffer.from("another"));
    expect(text(again.store.get("a"))).toBe("another");
    expect(again.said).toEqual([]);
    again.store.close();
  });

  it("knows what is not written yet, and writes it when it is closed", async () => {
    const folder = testFolder();
    const { store } = await open(folder);
    const written = [store.put("a", Buffer.from("1")), store.put("b", Buffer.from("2"))];
    expect(written[0]).toBe(written[1]);
    expect(text(store.get("b"))).toBe("2");
    store.close();
    await Promise.all(written);
    await store.put("c", Buffer.from("late"));
    expect(store.get("c")).toBeUndefined();
    const again = await open(folder);
    expect(text(again.store.get("a"))).toBe("1");
    again.store.close();
  });

  it("counts an entry as missing that was changed, kept under another name or in another store, and says so once", async () => {
    const folder = await made();
    const db = new Libsql(path.join(folder, "store-1.db"));
    const value = (row: number) => `(SELECT value FROM entries WHERE rowid = ${row})`;
    db.exec(`UPDATE entries SET value = ${value(10)} WHERE rowid = 11;
      UPDATE entries SET value = substr(value, 1, 20) || x'00' || substr(value, 22) WHERE rowid = 21;
      UPDATE entries SET value = x'' WHERE rowid = 31;
      UPDATE entries SET value = CAST(x'fffe' AS TEXT) WHERE rowid = 41`);
    db.close();
    const { store, said } = await open(folder);
    expect(found(store)).toBe(196);
    expect(said).toEqual([`Some of the numbers kept in ${folder} do not fit their checksums; they count as missing.`]);
    expect(store.reduce(0, (count) => count + 1)).toBe(196);
    store.close();
  });

  it("sets a sound file aside that holds what is another store's, also an empty one", async () => {
    for (const folder of [await made(), testFolder()]) {
      (await open(folder)).store.close();
      const { store, said } = await open(folder, { plural: "letters", scope: "letters 1" });
      expect(found(store)).toBe(0);
      expect(said).toEqual([
        `The letters kept in ${folder} are damaged (store-1.db holds something else). They were set aside there as damaged.db; new ones are kept from now on.`,
      ]);
      store.close();
    }
  });

  it("does not take over the journal of a file that is gone", async () => {
    const folder = await made();
    const { store } = await open(folder);
    keep(store);
    cpSync(path.join(folder, "store-1.db-wal"), path.join(folder, "journal"));
    store.close();
    rmSync(path.join(folder, "store-1.db"));
    renameSync(path.join(folder, "journal"), path.join(folder, "store-1.db-wal"));
    const { store: fresh, said } = await open(folder);
    expect(said).toEqual([
      `The numbers kept in ${folder} are damaged (store-1.db is missing). New ones are kept from now on.`,
    ]);
    expect(found(fresh)).toBe(0);
    fresh.close();
    expect(readdirSync(folder).filter((name) => name.startsWith("store-1"))).toEqual([]);
  });

  it("takes any name of a folder, and leaves nothing there but its file", async () => {
    const folder = path.join(testFolder(), "a #1? 100%41 é'&=");
    const { store, said } = await open(folder);
    keep(store);
    store.close();
    expect([found((await open(folder)).store), said]).toEqual([200, []]);
    expect(readdirSync(folder)).toContain("store-1.db");
    expect(readdirSync(folder).join()).not.toContain("tmp");
  });

  it.each<readonly [string, (file: string) => void]>([
    ["is no database", (file) => writeFileSync(file, "#".repeat(5000))],
    ["is cut", (file) => writeFileSync(file, readFileSync(file).subarray(0, 5000))],
    ["has other pages", (file) => writeFileSync(file, readFileSync(file).fill(0xa5, 4096))],
    ["is another program's", (file) => database(file, "CREATE TABLE t (a)")],
    ["is of another format", (file) => database(file, "PRAGMA user_version = 7; CREATE TABLE entries (key, value)")],
    ["is empty", (file) => writeFileSync(file, "")],
    ["has lost all but its first page", (file) => writeFileSync(file, readFileSync(file).subarray(0, 100))],
    ["is a folder", replaceByFolder],
    ["has a folder for a journal", (file) => replaceByFolder(`${file}-wal`)],
  ])("sets a file aside that %s, says so once, and goes on", async (_, damage) => {
    const folder = await made();
    for (let times = 1; times <= 2; times++) {
      const file = path.join(folder, `store-${times}.db`);
      for (const end of ["-wal", "-shm"]) rmSync(file + end, { force: true });
      damage(file);
      const { store, said } = await open(folder);
      expect(found(store)).toBe(0);
      expect(said).toEqual([
        expect.stringMatching(
          /^The numbers kept in .* are damaged \(.+\)\. They were set aside there as damaged\.db; new/,
        ),
      ]);
      keep(store);
      expect(found(store)).toBe(200);
      store.close();
      const again = await open(folder);
      expect([found(again.store), again.said]).toEqual([200, []]);
      again.store.close();
      const files = readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name));
      expect(files.sort()).toEqual(["damaged.db", `store-${times + 1}.db`]);
    }
  });

  it("meets damage that befalls an open store, in reading and in writing", async () => {
    for (const use of [found, keep]) {
      const folder = await made();
      const { store, said } = await open(folder);
      const file = path.join(folder, "store-1.db");
      for (const end of ["", "-wal"]) overwrite(file + end);
      use(store);
      expect(said).toEqual([expect.stringMatching(/damaged/)]);
      keep(store);
      expect(found(store)).toBe(200);
      store.close();
    }
  });

  it("finds with check() what no reading meets", async () => {
    const folder = await made();
    const { store, said } = await open(folder);
    store.check();
    expect([found(store), said]).toEqual([200, []]);
    store.close();
    const db = new Libsql(path.join(folder, "store-1.db"));
    db.exec("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 2 WHERE sql IS NULL");
    db.close();
    const damaged = await open(folder);
    damaged.store.check();
    expect(damaged.said).toEqual([expect.stringContaining("are damaged (the file is not as it was written). They")]);
    expect(damaged.store.reduce(0, (count) => count + 1)).toBe(0);
    damaged.store.close();
  });

  it("gives up a place where each new file is damaged too", async () => {
    const folder = testFolder();
    const { store, said } = await open(folder);
    for (let times = 1; times <= 5; times++) {
      store.putAll([["more than the connection holds in memory", Buffer.alloc(6_000_000)]]);
      for (const end of ["", "-wal"]) overwrite(path.join(folder, `store-${times}.db${end}`));
      expect(store.get("more than the connection holds in memory")).toBeUndefined();
    }
    expect(said.map((message) => /damaged|No numbers can be kept/.exec(message)?.[0])).toEqual([
      "damaged",
      "damaged",
      "damaged",
      "No numbers can be kept",
    ]);
    store.close();
  });

  it("removes what an earlier version kept in its folder, and says so once", async () => {
    const folder = testFolder({ "data.mdb": "old", "lock.mdb": "old", "mine.txt": "kept" });
    const first = await open(folder);
    expect(first.said).toEqual([
      `The numbers that an earlier version kept in ${folder} cannot be read and were removed.`,
    ]);
    first.store.close();
    expect((await open(folder)).said).toEqual([]);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["mine.txt", "store-1.db"]));
    expect(readdirSync(folder)).not.toContain("data.mdb");
  });

  it("keeps nothing where no folder can be made, and says so once", async () => {
    const file = path.join(testFolder({ file: "in the way" }), "file");
    const { store, said } = await open(file);
    await store.put("a", Buffer.from("1"));
    keep(store);
    store.bound(1);
    store.check();
    expect([found(store), store.reduce(0, (count) => count + 1), store.bytes, store.clear()]).toEqual([0, 0, 0, false]);
    store.close();
    expect(said).toEqual([
      expect.stringMatching(
        /^No numbers can be kept in .*file \(a file where a folder is needed\)\. The work .*MOPBENCH_CACHE names/,
      ),
    ]);
  });

  it("goes on without writing where another process does not let go", async () => {
    const folder = await made();
    const { store, said } = await open(folder, numbers, 1);
    const other = new Libsql(path.join(folder, "store-1.db"));
    other.exec("BEGIN IMMEDIATE");
    await store.put("new", Buffer.from("1"));
    keep(store);
    expect(found(store)).toBe(200);
    expect(store.get("new")).toBeUndefined();
    expect(said).toEqual([
      expect.stringMatching(/^No more numbers can be kept in .* \(another process does not let go of it\)/),
    ]);
    other.close();
    store.close();
  });

  it("goes on where another process forgets everything meanwhile", async () => {
    const folder = await made();
    const [one, other] = [await open(folder), await open(folder)];
    expect(found(one.store)).toBe(200);
    expect(other.store.clear()).toBe(true);
    expect(found(one.store)).toBe(0);
    keep(one.store);
    expect(found(other.store)).toBe(200);
    expect([...one.said, ...other.said]).toEqual([]);
    one.store.close();
    other.store.close();
  });

  it("drops the oldest quarter when it is too large, and forgets all when asked to", async () => {
    const folder = await made();
    const { store } = await open(folder);
    store.bound(1_000_000);
    expect(found(store)).toBe(200);
    store.bound(1000);
    expect(found(store)).toBe(150);
    expect([store.get("49"), text(store.get("50"))]).toEqual([undefined, valueAt(50).toString()]);
    const { bytes } = store;
    expect(store.clear()).toBe(true);
    expect(found(store)).toBe(0);
    expect(store.bytes).toBeLessThan(bytes / 2);
    store.close();
  });
});

function keep(store: KeyedStore): void {
  store.putAll(Array.from({ length: 200 }, (_, i) => [String(i), valueAt(i)]));
}

function database(file: string, sql: string): void {
  rmSync(file);
  const db = new Libsql(file);
  db.exec(sql);
  db.close();
}

function replaceByFolder(file: string): void {
  rmSync(file, { force: true });
  mkdirSync(path.join(file, "inside"), { recursive: true });
}

/** Other bytes in the same file, which a process has open, after its first page. */
function overwrite(file: string): void {
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size <= 4096) return;
  const handle = openSync(file, "r+");
  writeSync(handle, Buffer.alloc(size - 4096, 0xa5), 0, size - 4096, 4096);
  closeSync(handle);
}
