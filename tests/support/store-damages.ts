import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Stream } from "../../src/core/stream.ts";
import { damaged } from "./draws.ts";

/** Of SQLite's files, as of most disks. */
const PAGE = 4096;

/**
 * Does one thing to a file of a store, as disks, editors and users do it.
 * @param folder the store's files
 * @param others folders with files of other stores
 * @param open a process has the file open: its bytes change in place
 * @returns what was done, in words
 */
export function damageStore(folder: string, others: readonly string[], random: Stream, open: boolean): string {
  if (filesIn(folder).length === 0) return "no file is left";
  const [name, file] = pickFile(folder, random);
  // The journal's index is memory that processes share: a process that cuts it while others run could as well send them a signal.
  if (open && name.endsWith("-shm")) return `${name} left alone`;
  const bytes = readFileSync(file);
  const pages = Math.max(1, Math.floor(bytes.length / PAGE));
  const page = random.int(pages) * PAGE;
  const ways: Readonly<Record<string, () => Buffer>> = {
    "a page zeroed": () => Buffer.from(bytes).fill(0, page, Math.min(page + PAGE, bytes.length)),
    "a page of noise": () => scattered(bytes, page, page + PAGE, PAGE, random),
    "some bytes of a page": () => scattered(bytes, page, page + PAGE, 12, random),
    "bytes anywhere": () => scattered(bytes, 0, bytes.length, 20, random),
    "bytes of the header": () => scattered(bytes, 0, 100, 2, random),
    "bytes of the schema": () => scattered(bytes, PAGE - 300, PAGE, 3, random),
    "a page in another one's place": () => {
      const other = random.int(pages) * PAGE;
      return Buffer.concat([bytes.subarray(0, page), bytes.subarray(other, other + PAGE), bytes.subarray(page + PAGE)]);
    },
    "cut after a page": () => bytes.subarray(0, page),
    "noise behind its end": () => Buffer.concat([bytes, scattered(Buffer.alloc(PAGE), 0, PAGE, PAGE, random)]),
    "a file of another store in its place": () => readFileSync(pickFile(random.pick(others), random)[1]),
  };
  const way = random.pick([...Object.keys(ways), "gone", "a folder", "as texts are", "as texts are"]);
  if (way === "gone" || way === "a folder") {
    rmSync(file);
    if (way === "a folder") mkdirSync(path.join(file, "inside"), { recursive: true });
    return `${name}: ${way}`;
  }
  const { how, bytes: changed } = ways[way] === undefined ? damaged(bytes, random) : { how: way, bytes: ways[way]() };
  writeFileSync(file, changed);
  return `${name}: ${how}`;
}

/** The bytes with random ones at random places of a range. */
function scattered(bytes: Buffer, from: number, to: number, count: number, random: Stream): Buffer {
  const changed = Buffer.from(bytes);
  const end = Math.min(to, bytes.length);
  for (let i = 0; i < count && from < end; i++) changed[from + random.int(end - from)] = random.int(256);
  return changed;
}

function pickFile(folder: string, random: Stream): readonly [name: string, file: string] {
  const name = random.pick(filesIn(folder));
  return [name, path.join(folder, name)];
}

function filesIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => statSync(path.join(folder, name)).isFile()).sort();
}
