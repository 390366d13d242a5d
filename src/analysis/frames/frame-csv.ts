import type { DataFrame } from "danfojs-node";

/**
 * A frame as CSV with a header, quoted as RFC 4180 says, missing values empty; texts that a spreadsheet would take for a formula
 * get a leading apostrophe. danfo's own `toCSV` quotes nothing: a comma in a text makes one column more.
 * @example
 * writeFileSync("fid.csv", await frameCsv(frame));
 */
export async function frameCsv(frame: DataFrame): Promise<string> {
  const { default: papaparse } = await import("papaparse");
  const fields = frame.columns;
  const data = frame.values.map((line) => (Array.isArray(line) ? line : [line]));
  return `${papaparse.unparse({ fields, data }, { escapeFormulae: true, newline: "\n" })}\n`;
}
