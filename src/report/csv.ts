import type { Results } from "../core/result.ts";
import { printable } from "./escape.ts";
import type { ReportFormat } from "./formats.ts";

const COLUMNS = [
  "dataset",
  "model",
  "method",
  "repeat",
  "metric",
  "encoder",
  "value",
  "ciLow",
  "ciHigh",
  "n",
  "nGold",
  "gold",
  "better",
  "reason",
  "settings",
] as const;

/**
 * The rows as CSV with a header (RFC 4180 quoting; missing values empty; settings as JSON). Texts that a spreadsheet would take
 * for a formula get a leading apostrophe.
 */
export async function csvRows(results: Results): Promise<string> {
  const { default: papaparse } = await import("papaparse");
  const data = results.rows.map((row) =>
    COLUMNS.map((column) => {
      const value = column === "settings" ? JSON.stringify(row.settings) : row[column];
      return typeof value === "string" ? printable(value) : value;
    }),
  );
  return `${papaparse.unparse({ fields: [...COLUMNS], data }, { escapeFormulae: true, newline: "\n" })}\n`;
}

export const csv: ReportFormat = { file: "results.csv", render: (_view, { run }) => csvRows(run.results) };
