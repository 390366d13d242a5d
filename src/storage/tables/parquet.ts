import type { FileHandle } from "node:fs/promises";
import type { AsyncBuffer, FileMetaData, RowGroup, SchemaTree } from "hyparquet";
import { InputError } from "../../core/errors.ts";
import { openRegular, unreadable } from "../regular-file.ts";
import { type ReadOptions, requireColumns, type TableRow } from "./row.ts";

/** Rows that a row group may hold: it is held whole, and writers make them a hundred times smaller. */
const LARGEST_GROUP_ROWS = 1 << 24;

/**
 * A Parquet file, one row group at a time; any of the usual compressions. Integers of 64 bits become numbers where a number
 * holds them exactly.
 * @throws InputError naming file, column and row group for a page that is damaged: one that fails its checksum or its length, that
 * cannot be unpacked or decoded, that lacks values, texts that are not UTF-8; and those of `readRows`
 */
export async function* readParquet(file: string, options: ReadOptions = {}): AsyncGenerator<TableRow> {
  const { handle, size } = await openRegular(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    yield* new ParquetFile(file, await openLibraries(), sourceOf(handle, size)).rows(options.columns ?? []);
  } finally {
    await handle.close();
  }
}

async function openLibraries() {
  const [
    { parquetMetadataAsync, parquetReadObjects, parquetSchema },
    { getTreePath },
    { compressors },
    { checkPages },
  ] = await Promise.all([
    import("hyparquet"),
    import("hyparquet/src/schema.js"),
    import("hyparquet-compressors"),
    import("./parquet-pages.ts"),
  ]);
  return { parquetMetadataAsync, parquetReadObjects, parquetSchema, getTreePath, compressors, checkPages };
}

/** The file as hyparquet reads it. Bytes past the end are an error and not fewer bytes. */
function sourceOf(handle: FileHandle, size: number): AsyncBuffer {
  return {
    byteLength: size,
    async slice(start, end = size) {
      if (!(start >= 0 && start <= end && end <= size))
        throw new Error(`it points to bytes ${start} to ${end} of ${size}`);
      const bytes = new Uint8Array(end - start);
      for (let length = 0; length < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length, start + length);
        if (bytesRead === 0) throw new Error("it became shorter while it was read");
        length += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

class ParquetFile {
  readonly #file: string;
  readonly #lib: Awaited<ReturnType<typeof openLibraries>>;
  readonly #source: AsyncBuffer;
  readonly #texts = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(file: string, lib: Awaited<ReturnType<typeof openLibraries>>, source: AsyncBuffer) {
    this.#file = file;
    this.#lib = lib;
    this.#source = source;
  }

  /** @param columns none: all */
  async *rows(columns: readonly string[]): AsyncGenerator<TableRow> {
    const file = this.#file;
    const { metadata, schema } = await this.#head();
    const present = schema.children.map((child) => child.element.name);
    const seen = new Set<string>();
    const twice = present.find((name) => seen.size === seen.add(name).size);
    if (twice !== undefined) throw new InputError(`${file}: the column \`${twice}\` is named twice.`);
    requireColumns(file, columns, present);
    const wanted = columns.length === 0 ? present : columns;
    let first = 0;
    for (const [g, group] of metadata.row_groups.entries()) {
      const rows = Number(group.num_rows);
      if (!(Number.isSafeInteger(rows) && rows >= 0 && rows <= LARGEST_GROUP_ROWS))
        throw new InputError(
          `${file}: row group ${g + 1} says it holds ${group.num_rows} rows; at most ${LARGEST_GROUP_ROWS} are read.`,
        );
      const values: unknown[][] = [];
      for (const name of wanted) {
        const read = this.#column(name, { metadata, schema, group, first, rows });
        values.push(
          await read.catch((error: unknown) => this.#damaged(`column \`${name}\` of row group ${g + 1}`, error)),
        );
      }
      for (let i = 0; i < rows; i++)
        yield {
          where: `${file}, row ${first + i + 1}`,
          values: Object.fromEntries(wanted.map((name, column) => [name, plain(values[column]![i])])),
        };
      first += rows;
    }
    if (first !== Number(metadata.num_rows))
      throw new InputError(
        `${file}: its row groups hold ${first} rows, and it says ${metadata.num_rows}: it is damaged.`,
      );
  }

  async #head(): Promise<{ readonly metadata: FileMetaData; readonly schema: SchemaTree }> {
    try {
      const metadata = await this.#lib.parquetMetadataAsync(this.#source);
      const schema = this.#lib.parquetSchema(metadata);
      const nameless = schema.children.some(({ element }) => typeof element.name !== "string");
      if (nameless) throw new Error("a column has no name");
      return { metadata, schema };
    } catch (error) {
      const known = unreadable(this.#file, error);
      if (known !== error || isSystem(error)) throw known;
      throw new InputError(`${this.#file}: not a sound Parquet file: ${messageOf(error)}`, { cause: error });
    }
  }

  async #column(
    name: string,
    at: { metadata: FileMetaData; schema: SchemaTree; group: RowGroup; first: number; rows: number },
  ): Promise<unknown[]> {
    const { parquetReadObjects, getTreePath, compressors, checkPages } = this.#lib;
    const { metadata, schema, group, first, rows } = at;
    if (rows === 0) return [];
    for (const { meta_data: meta } of group.columns) {
      if (meta?.path_in_schema[0] !== name) continue;
      const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
      const bytes = await this.#source.slice(start, start + Number(meta.total_compressed_size));
      checkPages(bytes, { meta, schemaPath: getTreePath(schema, meta.path_in_schema), rows, compressors });
    }
    const read = await parquetReadObjects({
      file: this.#source,
      metadata,
      compressors,
      columns: [name],
      rowStart: first,
      rowEnd: first + rows,
      useOffsetIndex: false,
      parsers: { stringFromBytes: (bytes) => bytes && this.#texts.decode(bytes) },
    });
    const values = read.map((row) => row[name]);
    // A value that is null is null: undefined is one that no page held, or an index beyond its dictionary.
    const missing = values.length === rows ? values.indexOf(undefined) : values.length;
    if (missing >= 0) throw new Error(`it has no value for row ${missing + 1} of ${rows}`);
    return values;
  }

  #damaged(where: string, error: unknown): never {
    if (isSystem(error)) throw unreadable(this.#file, error);
    throw new InputError(
      `${this.#file}: ${where} cannot be read: ${messageOf(error)}. The file is damaged, or of a kind that is not known here; write or fetch it again.`,
      { cause: error },
    );
  }
}

/** Whether the disk failed, and not what was read from it. */
function isSystem(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}

function plain(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}
