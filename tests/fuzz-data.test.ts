import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { InputError } from "../src/core/errors.ts";
import { matrix } from "../src/core/matrix.ts";
import { fileDataset } from "../src/data/file.ts";
import { encodeNpy, readNpy } from "../src/storage/npy.ts";
import { readRows } from "../src/storage/tables/table.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { drawDamagedTable } from "./support/damaged-table.ts";
import { damaged, drawOf, drawsOf } from "./support/draws.ts";

const folder = testFolder();
const MOST_MEMORY = 1.5 * 2 ** 30;

/** What reading ends with, where that is no success: one sentence of ours that names the file. */
function expectSentence(error: unknown, file: string, how: string): void {
  if (!(error instanceof InputError)) throw new Error(`${how}: ${error instanceof Error ? error.stack : error}`);
  expect(error.message, how).toContain(path.basename(file));
  expect(error.message.length, how).toBeLessThan(2000);
  expect(error.message, how).not.toMatch(/\n {4}at /);
}

it("reads a damaged table to right rows, or says in one sentence what is wrong with it", async () => {
  const before = process.resourceUsage().maxRSS;
  const ends = { read: 0, refused: 0 };
  for (let i = 0; i < drawsOf({ quick: 150, full: 6000 }); i++) {
    const { format, rows, how: wrong, bytes, intact } = drawDamagedTable(drawOf("data", i));
    const how = `draw ${i}, ${wrong}`;
    const file = path.join(folder, `table-${i % 8}`);
    await writeFile(file, bytes);
    const columns = format === "lines" ? ["text"] : ["id", "text"];
    const found: Record<string, unknown>[] = [];
    let failure: unknown = null;
    const delimiter = format === "csv" ? { delimiter: "," } : {};
    try {
      for await (const { values } of readRows(file, { format, columns, ...delimiter })) found.push(values);
      ends.read += 1;
    } catch (error) {
      failure = error;
      ends.refused += 1;
      expectSentence(error, file, how);
    }
    const expected = rows.map(({ id, text }) => (format === "lines" ? { text } : { id, text }));
    // Of a file that is read line by line, what stands before the damage is as it was written.
    const sure = Math.min(intact, found.length);
    expect(found.slice(0, sure), how).toEqual(expected.slice(0, sure));
    if (failure === null) expect(found.length, how).toBeGreaterThanOrEqual(intact);
    if (wrong.endsWith(": nothing")) expect([failure, found], how).toEqual([null, expected]);
    // A value is never a hole: Parquet's missing pages, most of all.
    for (const row of found) for (const name of columns) expect(row[name], how).not.toBeUndefined();
  }
  expect(ends.read).toBeGreaterThan(20);
  expect(ends.refused).toBeGreaterThan(20);
  expect((process.resourceUsage().maxRSS - before) * 1024).toBeLessThan(MOST_MEMORY);
});

it("makes a data set of a damaged table, or says in one sentence what is wrong with it", async () => {
  for (let i = 0; i < drawsOf({ quick: 60, full: 1500 }); i++) {
    const { format, how: wrong, bytes } = drawDamagedTable(drawOf("data-set", i));
    const how = `draw ${i}, ${wrong}`;
    const file = path.join(folder, `set-${i % 8}`);
    await writeFile(file, bytes);
    const bound = fileDataset.bind({ path: file, format, ...(format === "lines" ? {} : { id: "id" }) });
    const environment = { env: {}, baseDir: folder, offline: true, cacheDir: folder };
    try {
      const { parts } = await bound.create({ id: "set", ...environment });
      for (const part of Object.values(parts)) for (const { text } of part) expect(text.trim(), how).not.toBe("");
    } catch (error) {
      if (error instanceof InputError && error.message.startsWith("Dataset set is too small")) continue;
      expectSentence(error, file, how);
    }
  }
});

it("reads damaged embeddings to a matrix that fits, or says in one sentence what is wrong with them", async () => {
  for (let i = 0; i < drawsOf({ quick: 60, full: 1500 }); i++) {
    const random = drawOf("npy", i);
    const [rows, cols] = [1 + random.int(9), 1 + random.int(9)];
    const whole = encodeNpy(
      matrix(
        Float32Array.from({ length: rows * cols }, () => random.normal()),
        rows,
        cols,
      ),
    );
    const { how, bytes } = damaged(Buffer.from(whole), random);
    const file = path.join(folder, "embeddings.npy");
    await writeFile(file, bytes);
    try {
      const read = await readNpy(file);
      expect(read.data.length, `draw ${i}, ${how}`).toBe(read.rows * read.cols);
      expect(read.rows * read.cols, `draw ${i}, ${how}`).toBeLessThanOrEqual(rows * cols);
    } catch (error) {
      expectSentence(error, file, `draw ${i}, ${how}`);
    }
  }
});
