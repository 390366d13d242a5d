import { markdown as escaped } from "./escape.ts";
import type { ReportFormat } from "./report-format.ts";
import { fill } from "./templates.ts";
import type { ReportView } from "./views/report.ts";
import { tierLabel } from "./views/table.ts";

/** The report as GitHub-flavoured Markdown, every value escaped. */
export async function markdownReport(view: ReportView): Promise<string> {
  return fill("report.md.hbs", withoutCharts(view), { escaped, helpers: { tierLabel } });
}

/** Charts and maps are of no use to text formats, and their data need no escaping. */
export function withoutCharts(view: ReportView): object {
  return {
    ...view,
    curves: [],
    datasets: view.datasets.map((dataset) => ({ ...dataset, charts: [], maps: [] })),
  };
}

export const markdown: ReportFormat = { file: "report/report.md", render: markdownReport };
