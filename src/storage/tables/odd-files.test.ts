import { execFileSync } from "node:child_process";
import { appendFile, open, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, test } from "vitest";
import { InputError } from "../../core/errors.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { readNpy } from "../npy.ts";
import { readRows, type TableFormat } from "./table.ts";

const folder = testFolder();
const FORMATS: readonly TableFormat[] = ["csv", "tsv", "jsonl", "json", "parquet", "lines"];

async function refusalOf(file: string, format: TableFormat): Promise<string> {
  const error: unknown = await readRows(file, { format })
    .next()
    .then(
      () => "nothing was thrown",
      (thrown: unknown) => thrown,
    );
  expect(error).toBeInstanceOf(InputError);
  return error instanceof InputError ? error.message.replace(folder + path.sep, "") : "";
}

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

test.each(FORMATS)("a pipe, a device and a folder are no files of %s", async (format) => {
  const pipe = path.join(folder, `pipe-${format}`);
  execFileSync("mkfifo", [pipe]);
  expect(await refusalOf(pipe, format)).toMatch(/is a pipe or a device; a file is needed/);
  expect(await refusalOf("/dev/zero", format)).toMatch(/\/dev\/zero is a pipe or a device/);
  expect(await refusalOf(folder, format)).toMatch(/is a folder; a file is needed/);
  await expect(readNpy(pipe)).rejects.toThrow(/is a pipe or a device/);
});

test.each(FORMATS.filter((format) => format !== "parquet"))(
  "what is packed or UTF-16 is named, as %s",
  async (format) => {
    const text = '[{"text": "x"}]\n';
    expect(await refusalOf(await written("a.gz", gzipSync(text)), format)).toMatch(
      /a\.gz is a gzip file\. Unpack it first/,
    );
    const wide = Buffer.from(`\ufeff${text}`, "utf16le");
    expect(await refusalOf(await written("a.utf16", wide), format)).toMatch(/a\.utf16 is UTF-16\. Convert it to UTF-8/);
    const other = Buffer.from(wide).swap16();
    expect(await refusalOf(await written("a.utf16", other), format)).toMatch(
      /a\.utf16 is UTF-16\. Convert it to UTF-8/,
    );
  },
);

test("a NUL is no text, whatever holds it", async () => {
  const wide = Buffer.from("text,n\nx,1\n", "utf16le");
  for (const format of ["csv", "lines", "jsonl"] as const)
    expect(await refusalOf(await written("nul.txt", wide), format)).toMatch(/^nul\.txt:1: a NUL byte\. Is this UTF-16/);
  const rows = readRows(await written("later.csv", "text\nfine\nno\0t\n"));
  await expect(rows.next()).rejects.toThrow(/later\.csv:3: a NUL byte/);
});

test("a quote that is never closed is found within some thousand lines, and named by its own line", async () => {
  const file = await written("open.csv", `id,text\n1,"two\nlines","x\n${"more\n".repeat(20_000)}`);
  const handle = await open(file, "r+");
  await handle.truncate(64e9); // a hole on disk: who reads on meets NULs, and a line over 16 MB
  await handle.close();
  const message = /^open\.csv:3: the quote opened on this line is not closed within 16384 lines or 16 MB\. Close it/;
  for (const format of ["csv", "tsv"] as const) {
    const tabs =
      format === "tsv" ? await written("open.csv", `id\ttext\n1\t"two\nlines"\t"x\n${"m\n".repeat(20_000)}`) : file;
    expect(await refusalOf(tabs, format)).toMatch(message);
  }
});

it("reads what a file held at first, also while it grows", async () => {
  const file = await written("grows.jsonl", '{"n":1}\n{"n":2}\n');
  const seen: unknown[] = [];
  for await (const { values } of readRows(file)) {
    seen.push(values.n);
    await appendFile(file, `{"n":${seen.length + 10}}\n`);
  }
  expect(seen).toEqual([1, 2]);
});

it("reads a column among a hundred thousand, and says which there are in one line", async () => {
  const names = Array.from({ length: 100_000 }, (_, i) => `c${i}`);
  const file = await written("wide.csv", `${names.join()}\n${names.map((_, i) => i).join()}\n`);
  const { value } = await readRows(file, { columns: ["c7", "c99999"] }).next();
  expect(value?.values).toEqual({ c7: "7", c99999: "99999" });
  const missing = readRows(file, { columns: ["none"] }).next();
  await expect(missing).rejects.toThrow(/no column `none`\..* c28, c29 and 99970 more\.$/);
  const twice = await written("twice.csv", `${[...names, "c5"].join()}\n`);
  expect(await refusalOf(twice, "csv")).toMatch(/^twice\.csv:1: the column `c5` is named twice/);
});

it("refuses JSON and arrays that are too large before it reads them", async () => {
  for (const [name, size, message] of [
    ["large.json", 3e9, /large\.json is larger than 256 MB/],
    ["large.npy", 64e9, /not a \.npy file/],
  ] as const) {
    const file = path.join(folder, name);
    const handle = await open(file, "w");
    await handle.truncate(size);
    await handle.close();
    await expect(name.endsWith("npy") ? readNpy(file) : readRows(file).next()).rejects.toThrow(message);
  }
});
