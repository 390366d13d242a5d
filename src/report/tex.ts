import { latex } from "./latex.ts";
import { withoutCharts } from "./markdown.ts";
import type { ReportFormat } from "./report-format.ts";
import { fill } from "./templates.ts";
import type { ReportView } from "./views/report.ts";
import type { TableView } from "./views/table.ts";

/** The tables as LaTeX (booktabs), every value escaped. */
export async function texTables(view: ReportView): Promise<string> {
  return fill("tables.tex.hbs", withoutCharts(view), {
    escaped: latex,
    helpers: {
      columnsOf: (columns: TableView["columns"]) => `lr${"r".repeat(columns.length)}`,
      spanning: (columns: TableView["columns"], label: string) =>
        `\\multicolumn{${columns.length + 2}}{l}{\\emph{${label}}}`,
      command: (name: string, text: string) =>
        name === "scriptsize" ? `{\\scriptsize ${text}}` : `\\${name}{${text}}`,
    },
  });
}

export const tex: ReportFormat = { file: "report/tables.tex", render: texTables };
