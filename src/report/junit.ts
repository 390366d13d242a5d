import { CEILING, FLOOR, type ResultRow } from "../core/result.ts";
import { xml } from "./escape.ts";
import type { ReportFormat } from "./report-format.ts";
import { fill } from "./templates.ts";
import type { ReportContext } from "./views/context.ts";

interface Case {
  readonly classname: string;
  readonly name: string;
  /** Why no metric has a value: the cell was skipped. */
  readonly skip: string | null;
  readonly error: string | null;
  /** "fid 0.0712; mauve null: no encoder" */
  readonly output: string;
}

/**
 * The cells as JUnit XML for CI pages: a suite a (dataset, model), a case a (method, repeat). A cell without any value is
 * skipped with its reason; one that the run ended before, an error.
 */
export async function junitReport(context: ReportContext): Promise<string> {
  const cells = new Map<string, ResultRow[]>();
  for (const row of context.run.results.rows) {
    if (row.repeat === null || row.method === CEILING || row.method === FLOOR) continue;
    const key = JSON.stringify([row.dataset, row.model, row.method, row.repeat]);
    cells.set(key, [...(cells.get(key) ?? []), row]);
  }
  const cases = [...cells.values()].map(caseOf);
  const names = [...new Set(cases.map(({ classname }) => classname))];
  const suites = names.map((name) => {
    const own = cases.filter(({ classname }) => classname === name);
    return { name, cases: own, ...counts(own) };
  });
  const { exit, name } = context.run.manifest;
  const ended: Case[] =
    exit === null || exit === 0
      ? []
      : [
          {
            classname: "run",
            name: "finished",
            skip: null,
            error: `The run ended with exit code ${exit}.`,
            output: "",
          },
        ];
  const all = [...suites, ...(ended.length === 0 ? [] : [{ name: "run", cases: ended, ...counts(ended) }])];
  return fill("junit.xml.hbs", { name, suites: all, ...counts([...cases, ...ended]) }, { escaped: xml });
}

function caseOf(rows: readonly ResultRow[]): Case {
  const { dataset, model, method, repeat } = rows[0]!;
  const valued = rows.some(({ value }) => value !== null);
  const lines = rows.map(
    ({ metric, encoder, value, reason }) =>
      `${metric}${encoder === null ? "" : ` (${encoder})`} ${value === null ? `null: ${reason ?? "no reason"}` : value}`,
  );
  return {
    classname: [dataset, model ?? "no model named"].join(" / "),
    name: `${method}, repeat ${repeat}`,
    skip: valued ? null : (rows[0]?.reason ?? "no metric has a value"),
    error: null,
    output: lines.join("\n"),
  };
}

function counts(cases: readonly Case[]) {
  return {
    tests: cases.length,
    skipped: cases.filter(({ skip }) => skip !== null).length,
    errors: cases.filter(({ error }) => error !== null).length,
  };
}

export const junit: ReportFormat = { file: "report/junit.xml", render: (_view, context) => junitReport(context) };
