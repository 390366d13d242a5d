import type { DataFrame } from "danfojs-node";
import { type ResultRow, ROW_COLUMNS } from "../../core/result.ts";

/** The columns of a result frame: `group`, then those of a row. */
export const RESULT_COLUMNS = ["group", ...ROW_COLUMNS] as const;

/** A text that is equal for the rows of one cell and metric over its repeats, and for no others. */
export function groupKey(row: Pick<ResultRow, "dataset" | "model" | "method" | "metric" | "encoder">): string {
  return JSON.stringify([row.dataset, row.model, row.method, row.metric, row.encoder]);
}

/**
 * Rows of results as a danfo frame, in their order; `settings` as JSON, what is missing as null. The column `group` holds
 * `groupKey`: group by it and merge on it, since danfo joins several keys into one text ("a-b" and "c" meet "a" and "b-c").
 * danfo is loaded on the first call, in half a second. What it does wrong, and the way round it: docs/frames.md.
 * @example
 * const frame = await resultFrame(results.rows.filter(({ repeat, value }) => repeat !== null && value !== null));
 * frame.groupby(["group"]).agg({ value: ["mean", "std"] }).print();
 */
export async function resultFrame(rows: readonly ResultRow[]): Promise<DataFrame> {
  const { DataFrame } = await import("danfojs-node");
  const data = rows.map((row) =>
    RESULT_COLUMNS.map((column) => {
      if (column === "group") return groupKey(row);
      return column === "settings" ? JSON.stringify(row.settings) : row[column];
    }),
  );
  return new DataFrame(data, { columns: [...RESULT_COLUMNS] });
}
