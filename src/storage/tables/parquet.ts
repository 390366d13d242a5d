import { InputError } from "../../core/errors.ts";
import { unreadable } from "./open.ts";
import { type ReadOptions, requireColumns, type TableRow } from "./row.ts";

/**
 * A Parquet file, one row group at a time; any of the usual compressions. Integers of 64 bits become numbers where a number
 * holds them exactly. @throws InputError naming file and row; see `readRows`.
 */
export async function* readParquet(file: string, options: ReadOptions = {}): AsyncGenerator<TableRow> {
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] =
    await Promise.all([import("hyparquet"), import("hyparquet-compressors")]);
  const buffer = await asyncBufferFromFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const broken = (error: unknown): never => {
    const known = unreadable(file, error);
    if (known !== error) throw known;
    throw new InputError(`${file}: not a sound Parquet file: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  };
  const metadata = await parquetMetadataAsync(buffer).catch(broken);
  const present = parquetSchema(metadata).children.map((child) => child.element.name);
  requireColumns(file, options.columns ?? [], present);
  let first = 0;
  for (const group of metadata.row_groups) {
    const rows = await parquetReadObjects({
      file: buffer,
      metadata,
      compressors,
      rowStart: first,
      rowEnd: first + Number(group.num_rows),
      ...(options.columns === undefined ? {} : { columns: [...options.columns] }),
    }).catch(broken);
    for (const [i, row] of rows.entries())
      yield {
        where: `${file}, row ${first + i + 1}`,
        values: Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
      };
    first += rows.length;
  }
}

function plain(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}
