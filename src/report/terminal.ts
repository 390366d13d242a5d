import type { RunManifest } from "../analysis/run-manifest.ts";
import { visible } from "../core/printable.ts";
import type { Results } from "../core/result.ts";
import { answerViews } from "./views/answer.ts";
import { ReportContext } from "./views/context.ts";
import { banners } from "./views/report.ts";
import { type TableRow, type TableView, tableViews, tierLabel } from "./views/table.ts";

export interface TerminalOptions {
  /** ANSI colors: hand in false when stdout is no terminal or NO_COLOR is set. */
  readonly color: boolean;
}

/** The run in one screen: the answers first, then a table for each (dataset, model, judge). Ends with a line feed. */
export function terminalTable(results: Results, manifest: RunManifest, options: TerminalOptions): string {
  const run = { manifest, results, maps: { schema: 1, maps: [] }, samples: [], curves: [], leftOut: [] } as const;
  const context = new ReportContext(run);
  const { bold, green, plain } = paintsFor(options.color);
  const lines: string[] = [];
  for (const banner of banners(context)) lines.push(bold(banner), "");
  for (const answer of answerViews(context)) {
    lines.push(bold(`${answer.dataset}, ${answer.judge}: ${answer.metric} ${answer.arrow} (${answer.direction})`));
    for (const { model, remark, lines: tiers } of answer.models) {
      if (remark !== null) lines.push(bold(`  ${model}: ${remark}`));
      for (const { tier, sentence, winner } of tiers) {
        const where = plain(`  ${model}, ${tierLabel(tier).toLowerCase()}: `);
        lines.push(where + (winner === null ? plain(sentence) : green(sentence)));
      }
    }
    lines.push("");
  }
  for (const dataset of context.datasets) {
    for (const table of tableViews(context, dataset)) lines.push(...tableLines(table, paintsFor(options.color)), "");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

type Paint = (text: string) => string;

/** Escape sequences and line breaks in ids and reasons are made harmless before ours are added. */
function paintsFor(color: boolean): Readonly<Record<"bold" | "dim" | "green" | "plain", Paint>> {
  const plain: Paint = (text) => visible(text.replace(/\s/g, " "));
  const paint =
    (code: number): Paint =>
    (text) =>
      color ? `\u001b[${code}m${plain(text)}\u001b[0m` : plain(text);
  return { bold: paint(1), dim: paint(2), green: paint(32), plain };
}

function tableLines(table: TableView, { bold, dim, plain }: ReturnType<typeof paintsFor>): string[] {
  const header = ["", "real texts", ...table.columns.map(({ id, arrow }) => `${id} ${arrow}`)];
  const body = (row: TableRow) => [
    row.method,
    row.seen ?? "",
    ...row.cells.map(({ text, mark }) => (text ?? (mark === null ? "" : "none")) + (mark === null ? "" : `^${mark}`)),
  ];
  const sections = [...table.groups, ...(table.references.length === 0 ? [] : [references(table)])];
  const widths = header.map((cell, i) =>
    Math.max(cell.length, ...sections.flatMap(({ rows }) => rows.map((row) => body(row)[i]?.length ?? 0))),
  );
  const aligned = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ");
  const lines = [
    bold(`${table.dataset}, ${table.model}, ${table.judge}`),
    ...(table.remark === null ? [] : [bold(table.remark)]),
    dim(table.size),
    plain(`${aligned(header)}${table.tested ? "  against the best of its tier" : ""}`),
  ];
  for (const { label, rows } of sections) {
    lines.push(dim(`- ${label}`));
    for (const row of rows) {
      const line = aligned(body(row));
      const test = row.closest ? "closest" : (row.test ?? row.role ?? "");
      lines.push(`${row.closest ? bold(line) : plain(line)}${test === "" ? "" : `  ${dim(test)}`}`.trimEnd());
    }
  }
  for (const { mark, text } of table.notes) lines.push(dim(`^${mark} ${text}`));
  for (const text of table.caveats) lines.push(plain(text));
  return lines;
}

function references({ references: rows }: TableView): TableView["groups"][number] {
  return { label: "For reference", rows };
}
