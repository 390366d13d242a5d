import { crc32 } from "node:zlib";
import type { ColumnMetaData, Compressors, PageHeader, SchemaTree } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel, isFlatColumn } from "hyparquet/src/schema.js";

/** A page larger than this is a number gone wrong, or a bomb: writers aim at 1 MB. */
const LARGEST_PAGE_BYTES = 256 * 1024 * 1024;
/** Values that a run of packed bits may hold beyond the page's own: they come in eights, and some writers fill up further. */
const PADDING = 504;

/** One column in one row group. */
export interface Chunk {
  readonly meta: ColumnMetaData;
  readonly schemaPath: SchemaTree[];
  /** Rows of the row group. */
  readonly rows: number;
  readonly compressors: Compressors;
}

/**
 * Checks the pages of a chunk before hyparquet decodes them, which takes a page that is cut off for the end, believes any number of
 * values, and looks at no checksum.
 * @param bytes of all its pages
 * @throws Error saying what is wrong: a checksum, a size, a number of values, levels or indices that do not fit it
 */
export function checkPages(bytes: ArrayBuffer, chunk: Chunk): void {
  const { meta, schemaPath, rows } = chunk;
  const reader = { view: new DataView(bytes), offset: 0 };
  const expected = Number(meta.num_values);
  if (isFlatColumn(schemaPath) && expected !== rows) throw new Error(`it has ${expected} values for ${rows} rows`);
  let values = 0;
  while (reader.offset < bytes.byteLength && values < expected) {
    const header = parquetHeader(reader);
    const size = header.compressed_page_size;
    for (const length of [size, header.uncompressed_page_size])
      if (!isCount(length) || length > LARGEST_PAGE_BYTES) throw new Error(`a page of ${length} bytes`);
    if (reader.offset + size > bytes.byteLength) throw new Error("a page is cut off");
    const page = new Uint8Array(bytes, reader.offset, size);
    reader.offset += size;
    if (header.crc !== undefined && crc32(page) !== header.crc >>> 0) throw new Error("a page fails its checksum");
    values += valuesOf(header, page, chunk, expected - values);
  }
  if (values !== expected) throw new Error(`its pages hold ${values} of ${expected} values`);
}

/** The values of a data page, once its levels and indices are seen to fit them; 0 for other pages. */
function valuesOf(
  header: PageHeader,
  page: Uint8Array,
  { meta, schemaPath, compressors }: Chunk,
  most: number,
): number {
  const [repetitions, definitions] = [getMaxRepetitionLevel(schemaPath), getMaxDefinitionLevel(schemaPath)];
  const unpack = (packed: Uint8Array, size: number) => decompressPage(packed, size, meta.codec, compressors);
  const first = header.data_page_header;
  if (first !== undefined && header.type === "DATA_PAGE") {
    const count = countOf(first.num_values, most);
    const runs = new Runs(unpack(page, header.uncompressed_page_size), count);
    for (const level of [repetitions, definitions]) if (level > 0) runs.checkWithLength(bitsOf(level));
    runs.checkValues(first.encoding, meta.type);
    return count;
  }
  const second = header.data_page_header_v2;
  if (second !== undefined && header.type === "DATA_PAGE_V2") {
    const count = countOf(second.num_values, most);
    countOf(second.num_nulls, count);
    const [repeated, defined] = [second.repetition_levels_byte_length, second.definition_levels_byte_length];
    if (!isCount(repeated) || !isCount(defined) || repeated + defined > page.length)
      throw new Error("the levels of a page are cut off");
    if (repetitions > 0) new Runs(page.subarray(0, repeated), count).check(bitsOf(repetitions), repeated);
    const levels = page.subarray(repeated, repeated + defined);
    if (definitions > 0 && defined > 0) new Runs(levels, count).check(bitsOf(definitions), defined);
    const rest = page.subarray(repeated + defined);
    const size = header.uncompressed_page_size - repeated - defined;
    if (size < 0) throw new Error(`a page of ${size} bytes`);
    const packed = second.is_compressed !== false;
    new Runs(packed ? unpack(rest, size) : rest, count).checkValues(second.encoding, meta.type);
    return count;
  }
  if (header.type === "DICTIONARY_PAGE" && header.dictionary_page_header !== undefined) {
    countOf(header.dictionary_page_header.num_values, 8 * LARGEST_PAGE_BYTES);
    return 0;
  }
  throw new Error(`a page of kind ${header.type}`);
}

/** Small numbers as Parquet writes them: runs of one value, and packed bits. A broken length would be filled in, however long. */
class Runs {
  readonly #view: DataView;
  readonly #count: number;
  #offset = 0;

  constructor(page: Uint8Array, count: number) {
    this.#view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    this.#count = count;
  }

  /** Runs after their length in bytes. */
  checkWithLength(bits: number): void {
    const length = this.#view.getUint32(this.#offset, true);
    this.#offset += 4;
    this.check(bits, length);
  }

  check(bits: number, length: number): void {
    const end = this.#offset + length;
    if (end > this.#view.byteLength) throw new Error("the levels of a page are cut off");
    let seen = 0;
    for (let at = this.#offset; at < end && seen < this.#count; ) {
      const run = this.#varint(at);
      const packed = run.value % 2 === 1;
      const values = Math.floor(run.value / 2) * (packed ? 8 : 1);
      if (values > this.#count - seen + (packed ? PADDING : 0))
        throw new Error("a page says it holds more than it does");
      seen += values;
      at = run.end + (packed ? (values / 8) * bits : Math.ceil(bits / 8));
    }
    this.#offset = end;
  }

  /** The indices into a dictionary, or truth values, that fill the rest of the page; other values have lengths of their own. */
  checkValues(encoding: string, type: string): void {
    if (this.#count === 0) return;
    if (encoding.endsWith("_DICTIONARY")) {
      if (this.#offset >= this.#view.byteLength) return; // nothing but nulls
      const bits = this.#view.getUint8(this.#offset);
      this.#offset += 1;
      if (bits > 32) throw new Error(`a dictionary's indices of ${bits} bits`);
      this.check(bits, this.#view.byteLength - this.#offset);
    } else if (encoding === "RLE" && type === "BOOLEAN") this.checkWithLength(1);
  }

  #varint(at: number): { readonly value: number; readonly end: number } {
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = this.#view.getUint8(at + i);
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return { value, end: at + i + 1 };
    }
    throw new Error("a page says it holds more than it does");
  }
}

function bitsOf(most: number): number {
  return 32 - Math.clz32(most);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function countOf(value: unknown, most: number): number {
  if (!isCount(value) || value > most) throw new Error(`a page of ${value} values where ${most} are left`);
  return value;
}
