import { readFile } from "node:fs/promises";
import path from "node:path";
import type { TopLevelSpec } from "vega-lite";
import { packageRoot } from "../storage/package-root.ts";
import { darkRules, series } from "./charts/palette.ts";
import { chartSvg } from "./charts/svg.ts";
import { slug } from "./format.ts";
import type { ReportFormat } from "./report-format.ts";
import { fill } from "./templates.ts";
import type { ReportView } from "./views/report.ts";
import { type TableView, tierLabel } from "./views/table.ts";

/** Outlines of the point shapes of charts, in a box of 12. */
const SHAPES: Readonly<Record<string, string>> = {
  circle: "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9Z",
  square: "M2 2h8v8h-8Z",
  "triangle-up": "M6 1.5L11 10H1Z",
  diamond: "M6 0.8L10.5 6L6 11.2L1.5 6Z",
  cross: "M4.5 1h3v3.5H11v3H7.500v3.500h-3V7.500H1v-3h3.500Z",
  "triangle-down": "M6 10.500L1 2h10Z",
};

/** The report as one HTML page: no script, nothing fetched, charts as inline SVG, every value escaped. */
export async function htmlReport(view: ReportView): Promise<string> {
  const { SafeString } = (await import("handlebars")).default;
  const svgs = new Map<TopLevelSpec, string>();
  const specs = [
    ...view.datasets.flatMap(({ charts }) => charts.flatMap((group) => group.charts.map(({ spec }) => spec))),
    ...view.curves.map(({ spec }) => spec),
  ];
  for (const spec of specs) svgs.set(spec, await chartSvg(spec));
  const css = await readFile(path.join(packageRoot(), "reports", "style.css"), "utf8");
  const dark = `@media screen and (prefers-color-scheme: dark) {\n${darkRules("figure")}\n${darkRules(".legend")}\n}`;
  return fill(
    "index.html.hbs",
    { ...view, several: view.datasets.length > 1, css: new SafeString(`${css}\n${dark}`) },
    {
      partials: ["cell.html.hbs"],
      helpers: {
        chart: (spec: TopLevelSpec) => new SafeString(svgs.get(spec) ?? ""),
        svg: (panel: { readonly svg: string }) => new SafeString(panel.svg),
        swatch: (position: number) => new SafeString(swatch(position)),
        anchor: (part: string, id: string) => slug(part, id),
        span: (columns: TableView["columns"], tested: boolean) => columns.length + (tested ? 3 : 2),
        tierLabel,
      },
    },
  );
}

function swatch(position: number): string {
  const { light, shape } = series(position);
  return `<svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><path d="${SHAPES[shape] ?? ""}" fill="${light}"/></svg>`;
}

export const html: ReportFormat = { file: "report/index.html", render: htmlReport };
