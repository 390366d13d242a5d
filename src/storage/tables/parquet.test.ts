import { writeFile } from "node:fs/promises";
import path from "node:path";
import { crc32, gzipSync } from "node:zlib";
import { type ColumnMetaData, parquetMetadata, parquetSchema } from "hyparquet";
import { getTreePath } from "hyparquet/src/schema.js";
import { compressors } from "hyparquet-compressors";
import { ByteWriter, parquetWriteBuffer } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { describe, expect, it } from "vitest";
import { InputError } from "../../core/errors.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { checkPages } from "./parquet-pages.ts";
import { readTable } from "./table.ts";

const folder = testFolder();
const texts = Array.from({ length: 90 }, (_, i) => (i % 9 === 4 ? null : `text ${i} caf\u00e9`));

function tableOf(codec: "SNAPPY" | "UNCOMPRESSED" | "GZIP", values: readonly unknown[] = texts): Buffer {
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: "id", data: values.map((_, i) => i), type: "INT32" },
        { name: "text", data: [...values], type: "STRING", nullable: true },
      ],
      rowGroupSize: 30,
      codec,
      compressors: { GZIP: (bytes) => new Uint8Array(gzipSync(bytes)) },
    }),
  );
}

async function read(bytes: Uint8Array): Promise<unknown[]> {
  const file = path.join(folder, "t.parquet");
  await writeFile(file, bytes);
  const found: unknown[] = [];
  for await (const { text } of readTable(file, { columns: ["text"] })) found.push(text);
  return found;
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const error: unknown = await read(bytes).catch((thrown: unknown) => thrown);
  if (!(error instanceof InputError)) throw new Error(`${JSON.stringify(error)} came back`);
  return error.message.replace(folder + path.sep, "");
}

/** Where the pages of a column begin in a row group. */
function chunkOf(bytes: Buffer, group: number, column: number): ColumnMetaData {
  const meta = parquetMetadata(new Uint8Array(bytes).buffer).row_groups[group]?.columns[column]?.meta_data;
  if (meta === undefined) throw new Error("no such chunk");
  return meta;
}

describe("a Parquet file", () => {
  it.each(["SNAPPY", "UNCOMPRESSED", "GZIP"] as const)("gives its texts and nulls, packed by %s", async (codec) => {
    expect(await read(tableOf(codec))).toEqual(texts);
  });

  it("keeps a text that begins with a byte-order mark", async () => {
    const marked = ["\ufeffa", "b", "\ufeff"];
    expect(await read(tableOf("SNAPPY", marked))).toEqual(marked);
  });

  it.each(["SNAPPY", "GZIP"] as const)(
    "names column and row group of a page that cannot be unpacked: %s",
    async (codec) => {
      const bytes = tableOf(codec);
      const at = Number(chunkOf(bytes, 1, 1).data_page_offset) + 40;
      bytes.fill(0xff, at, at + 20);
      expect(await refusal(bytes)).toMatch(
        /^t\.parquet: column `text` of row group 2 cannot be read: .*\. The file is damaged/,
      );
    },
  );

  it("refuses texts that are not UTF-8, where hyparquet would write U+FFFD", async () => {
    const bytes = tableOf("UNCOMPRESSED");
    bytes[bytes.indexOf("text 62 caf\u00e9") + "text 62 caf\u00e9".length] = 0x20;
    expect(await refusal(bytes)).toMatch(
      /^t\.parquet: column `text` of row group 3 cannot be read: .*(?:utf-8|invalid)/i,
    );
  });

  it("names a column that stands there twice", async () => {
    const column = { name: "text", data: ["a"], type: "STRING" as const };
    const bytes = parquetWriteBuffer({ columnData: [column, column] });
    expect(await refusal(new Uint8Array(bytes))).toMatch(/t\.parquet: the column `text` is named twice/);
  });
});

describe("checkPages", () => {
  const bytes = tableOf("UNCOMPRESSED");
  const meta = chunkOf(bytes, 0, 0);
  const schema = parquetSchema(parquetMetadata(new Uint8Array(bytes).buffer));
  const chunk = { meta, schemaPath: getTreePath(schema, meta.path_in_schema), rows: 30, compressors };
  const body = Buffer.alloc(30 * 4);

  /** One plain page of thirty numbers. */
  function page({
    crc,
    values = 30,
    size = body.length,
    cut = 0,
  }: {
    crc?: number;
    values?: number;
    size?: number;
    cut?: number;
  }) {
    const writer = new ByteWriter();
    writePageHeader(writer, {
      type: "DATA_PAGE",
      uncompressed_page_size: size,
      compressed_page_size: size,
      ...(crc === undefined ? {} : { crc }),
      data_page_header: {
        num_values: values,
        encoding: "PLAIN",
        definition_level_encoding: "RLE",
        repetition_level_encoding: "RLE",
      },
    });
    writer.appendBytes(body);
    return new Uint8Array(writer.getBytes()).buffer.slice(0, writer.offset - cut);
  }

  it("takes a page whose checksum fits, and one without", () => {
    expect(() => checkPages(page({ crc: crc32(body) | 0 }), chunk)).not.toThrow();
    expect(() => checkPages(page({}), chunk)).not.toThrow();
  });

  it.each([
    ["another checksum", { crc: (crc32(body) | 0) ^ 1 }, /a page fails its checksum/],
    ["an end too early", { cut: 1 }, /a page is cut off/],
    ["values too few", { values: 29 }, /its pages hold 29 of 30 values|cut off/],
    ["values too many", { values: 31 }, /a page of 31 values where 30 are left/],
    ["no such size", { size: -5 }, /a page of -5 bytes/],
    ["a size that no page has", { size: 2 ** 30 }, /a page of 1073741824 bytes/],
  ])("refuses %s", (_, wrong, message) => {
    expect(() => checkPages(page(wrong), chunk)).toThrow(message);
  });

  it("refuses another number of values than rows", () => {
    expect(() => checkPages(page({}), { ...chunk, rows: 31 })).toThrow(/it has 30 values for 31 rows/);
  });
});
