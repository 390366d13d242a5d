import { printable } from "../core/printable.ts";
import { type Results, ROW_COLUMNS } from "../core/result.ts";
import type { ReportFormat } from "./report-format.ts";

/**
 * The rows as CSV with a header (RFC 4180 quoting; missing values empty; settings as JSON). Texts that a spreadsheet would take
 * for a formula get a leading apostrophe.
 */
export async function csvRows(results: Results): Promise<string> {
  const { default: papaparse } = await import("papaparse");
  const data = results.rows.map((row) =>
    ROW_COLUMNS.map((column) => {
      const value = column === "settings" ? JSON.stringify(row.settings) : row[column];
      return typeof value === "string" ? printable(value) : value;
    }),
  );
  return `${papaparse.unparse({ fields: [...ROW_COLUMNS], data }, { escapeFormulae: true, newline: "\n" })}\n`;
}

export const csv: ReportFormat = { file: "results.csv", render: (_view, { whole }) => csvRows(whole.results) };
