import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Stream } from "../../src/core/stream.ts";
import type { TableFormat } from "../../src/storage/tables/table.ts";
import { damaged } from "./draws.ts";

/** What a table of the fuzzer holds. */
export interface Row {
  readonly id: string;
  readonly text: string;
}

/** A table as it was written, and what is wrong with it now. */
export interface DamagedTable {
  readonly format: TableFormat;
  readonly rows: readonly Row[];
  readonly how: string;
  readonly bytes: Buffer;
  /** Rows that end before the first byte that changed: a reader gives these, or an error. */
  readonly intact: number;
}

const FORMATS: readonly TableFormat[] = ["csv", "tsv", "jsonl", "json", "parquet", "lines"];
const PIECES = [
  "tea",
  "soup, hot",
  'she said "no"',
  "two\nlines",
  "caf\u00e9",
  "\u{1f375}",
  "x\ty",
  "",
  "=1+1",
  "a;b|c",
  "end.\r\nnext",
  "'",
  "\ufeff",
];
/** Bytes that mean something to some reader. */
const SIGNS = [
  '"',
  '""',
  ",",
  "\n",
  "\r",
  "\t",
  "\0",
  "\ufeff",
  "{",
  "}",
  "[",
  "]",
  "\\",
  "\\u0000",
  "-1",
  "1e999",
  "99999999999",
  "null",
];

/** Draws a table of any format with something wrong, seldom nothing. */
export function drawDamagedTable(random: Stream): DamagedTable {
  const format = random.pick(FORMATS);
  // Lines cannot hold their ends, and a CSV file's line breaks are read as \n, within quotes too.
  const fitting = (text: string) =>
    format === "lines"
      ? text.replace(/[\r\n\ufeff]/g, "")
      : format.endsWith("sv")
        ? text.replaceAll("\r\n", "\n")
        : text;
  const rows = Array.from({ length: 1 + random.int(60) }, (_, i) => {
    const text = Array.from({ length: random.int(6) }, () => random.pick(PIECES)).join(" ");
    return { id: `row ${i}`, text: fitting(text) };
  });
  const pieces = written(format, rows, random);
  const bytes = Buffer.concat(pieces);
  const { how, bytes: wrong } = random.int(12) === 0 ? { how: "nothing", bytes } : spoiled(bytes, random);
  let first = 0;
  while (first < bytes.length && first < wrong.length && bytes[first] === wrong[first]) first += 1;
  if (first === bytes.length && first === wrong.length) first = Number.POSITIVE_INFINITY;
  let intact = 0;
  let end = pieces[0]!.length;
  while (intact < rows.length && end + pieces[intact + 1]!.length < first) {
    intact += 1;
    end += pieces[intact]!.length;
  }
  return {
    format,
    rows,
    how: `${format}, ${rows.length} rows: ${how}`,
    bytes: wrong,
    intact: end < first ? intact : 0,
  };
}

/** The head and each row, as they stand in the file; a Parquet file is one piece, and empty ones for its rows. */
function written(format: TableFormat, rows: readonly Row[], random: Stream): readonly Buffer[] {
  const field = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const separator = format === "tsv" ? "\t" : ",";
  switch (format) {
    case "csv":
    case "tsv":
      return [`id${separator}text\n`, ...rows.map((row) => `${row.id}${separator}${field(row.text)}\n`)].map(asBytes);
    case "jsonl":
      return ["", ...rows.map((row) => `${JSON.stringify(row)}\n`)].map(asBytes);
    case "json":
      return ["[", ...rows.map((row, i) => `${JSON.stringify(row)}${i === rows.length - 1 ? "]" : ",\n"}`)].map(
        asBytes,
      );
    case "lines":
      return ["", ...rows.map((row) => `${row.text}\n`)].map(asBytes);
    case "parquet": {
      const data = (name: "id" | "text") => ({ name, data: rows.map((row) => row[name]), type: "STRING" as const });
      const buffer = parquetWriteBuffer({
        columnData: [data("id"), data("text")],
        rowGroupSize: 1 + random.int(60),
        codec: random.pick(["SNAPPY", "UNCOMPRESSED", "GZIP"]),
        compressors: { GZIP: (bytes) => new Uint8Array(gzipSync(bytes)) },
      });
      return [Buffer.from(buffer), ...rows.map(() => Buffer.alloc(0))];
    }
  }
}

function asBytes(text: string): Buffer {
  return Buffer.from(text);
}

/** One to three things wrong: as disks and editors leave it, or a sign put or written over anywhere. */
function spoiled(bytes: Buffer, random: Stream): { readonly how: string; readonly bytes: Buffer } {
  let now = bytes;
  const hows: string[] = [];
  for (let times = 1 + random.int(3); times > 0; times--) {
    const at = random.int(now.length + 1);
    const kind = random.int(4);
    const next =
      kind === 0
        ? damaged(now, random)
        : kind === 1
          ? flipped(now, at, random)
          : put(now, at, Buffer.from(random.pick(SIGNS)), kind === 2);
    now = next.bytes;
    hows.push(next.how);
  }
  return { how: hows.join(", then "), bytes: now };
}

/** Most bytes of numbers are near the ends of a file: half of all flips go there. */
function flipped(bytes: Buffer, at: number, random: Stream): { readonly how: string; readonly bytes: Buffer } {
  if (bytes.length === 0) return { how: "nothing to flip", bytes };
  const near = random.int(2) === 0 ? at % bytes.length : Math.max(0, bytes.length - 1 - random.int(400));
  const bit = 1 << random.int(8);
  return { how: `byte ${near} with bit ${bit} flipped`, bytes: Buffer.from(bytes.with(near, bytes[near]! ^ bit)) };
}

function put(bytes: Buffer, at: number, sign: Buffer, over: boolean): { readonly how: string; readonly bytes: Buffer } {
  const rest = bytes.subarray(over ? Math.min(bytes.length, at + sign.length) : at);
  const how = `${JSON.stringify(sign.toString())} ${over ? "written over" : "put at"} byte ${at}`;
  return { how, bytes: Buffer.concat([bytes.subarray(0, at), sign, rest]) };
}
