import { mkdtemp, open, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { readRows } from "../src/storage/tables/table.ts";
import { seconds } from "./support/measure.ts";

const MEGABYTES = 1024;

/** How soon a CSV file whose quote is never closed is refused, however long it is, and how fast a sound one is read. */
export async function benchmarkTables(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "mopbench-bench-"));
  const row = "some words of a text, as long as texts are, and then a few more\n";
  try {
    console.log(`\nA CSV file of ${MEGABYTES} MB`);
    for (const [what, head, line, megabytes] of [
      ["a quote opened and never closed, lines of a few words", 'text\n"never\n', row, MEGABYTES],
      ["the same, lines of one letter", 'text\n"never\n', "a\n", MEGABYTES],
      ["a quote within quotes, on one line", 'text\n"never', 'a" b', 15],
      ["sound, 64 MB of it", "text\n", `"${row.trim()}"\n`, 64],
    ] as const) {
      const file = path.join(folder, "t.csv");
      await write(file, head, line, megabytes);
      const began = performance.now();
      const end = await read(file);
      console.log(`  ${what}: ${seconds((performance.now() - began) / 1000)}: ${end}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function write(file: string, head: string, line: string, megabytes: number): Promise<void> {
  const block = line.repeat(Math.ceil(2 ** 20 / line.length));
  const handle = await open(file, "w");
  await handle.write(head);
  for (let i = 0; i < megabytes; i++) await handle.write(block);
  await handle.close();
}

async function read(file: string): Promise<string> {
  let rows = 0;
  try {
    for await (const _ of readRows(file, { delimiter: "," })) rows += 1;
    return `${rows} rows`;
  } catch (error) {
    return error instanceof Error ? error.message.replace(file, "t.csv") : String(error);
  }
}
