import { damages } from "./damage.ts";
import { ABOUT_REAL, READING_NOTES, REAL_TEXTS } from "./notes.ts";
import { ELSEWHERE, SEEN, type Sensed, type SenseOptions, type Shift } from "./shifts.ts";

/** From here on a damage is plain to see. */
const PLAIN = 10;

const COLUMNS: readonly (readonly [id: string, title: string, meaning: string])[] = [
  ...damages.map(({ id, title, meaning }) => [id, title, meaning] as const),
  [
    ELSEWHERE,
    "elsewhere",
    "texts as they are, embeddings negated: every cosine inside the set stays, but the set lies far from gold, as another domain does",
  ],
];

const REAL = "## The same sets, judged by all-MiniLM-L6-v2\n";
const NOTES = "## How to read it\n";

/**
 * The whole page.
 * @param real rows of the real encoder; null: what `known`, the page as it is, says of it stays.
 */
export function sensePage(
  options: SenseOptions,
  embedded: readonly Sensed[],
  real: readonly Sensed[] | null,
  known: string | null,
): string {
  const kept = known?.slice(known.indexOf(REAL), known.indexOf(NOTES)) ?? "";
  const measured = real === null ? kept : `${REAL}\n${ABOUT_REAL}\n${senseTable(real)}\n`;
  return `${embeddedPart(options, embedded)}\n${measured}${NOTES}\n${READING_NOTES}\n${REAL_TEXTS}`;
}

/** The page up to the real encoder's table: what every machine can make again. */
export function embeddedPart(options: SenseOptions, rows: readonly Sensed[]): string {
  return `${introduction(options)}\n## Judged by embedded:lsa\n\n${senseTable(rows)}`;
}

/** What is done, how to read a cell, and the columns. */
function introduction({ n, draws, damaged }: SenseOptions): string {
  return `# What each metric sees and misses

Written by \`make sense\` (benchmarks/sense). Honest sets of the embedded population (docs/townsquare.md) are damaged in known ways, and every
metric is computed before and after, against the same gold set. ${n} texts a set; ${draws} honest draws give a metric's spread, ${damaged} of them
are damaged. No set shares a text with another, with the exemplars or with what embedded:lsa learned from.

A cell is z = (mean of the damaged sets - mean of the honest draws) / standard deviation of the honest draws.

- \`++\` ${PLAIN} spreads or more, \`+\` ${SEEN} or more, \`.\` less: not to be told from another honest draw. The sign is the value's: up or down.
- \`!\` the metric calls the damaged set **better** than honest ones, by ${SEEN} spreads or more.
- Where honest draws do not differ at all, the values stand instead of z.
- ${draws} draws give the spread to within about a quarter (one standard error), so 20 against 25 means nothing; \`.\` against \`++\` does. z grows with n.

| column | what is done |
| --- | --- |
${COLUMNS.map(([, title, meaning]) => `| ${title} | ${meaning} |`).join("\n")}
`;
}

/** One line a metric, one column a damage. */
function senseTable(rows: readonly Sensed[]): string {
  const head = ["metric", "better", "honest", ...COLUMNS.map(([, title]) => title)];
  const lines = rows.map((row) => [
    `\`${row.metric.id}\``,
    row.metric.better,
    `${short(row.honest)} (${short(row.spread)})`,
    ...COLUMNS.map(([id]) => cell(row, id)),
  ]);
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function cell(row: Sensed, id: string): string {
  if (id === ELSEWHERE && row.metric.needs.embeddings !== true) return "";
  const shift = row.shifts.get(id);
  if (shift === undefined || shift.value === null) return "null";
  const { z, value, praised } = shift;
  const size = Math.abs(z);
  const mark = size >= PLAIN ? "++" : size >= SEEN ? "+" : ".";
  const number = Number.isFinite(z) ? signed(z) : `${short(row.honest)} to ${short(value)}`;
  return `${mark} ${number}${praised ? " !" : ""}`;
}

function signed(z: Shift["z"]): string {
  const text = Math.abs(z) >= PLAIN ? z.toFixed(0) : z.toFixed(1);
  return text === "-0.0" ? "0.0" : text;
}

function short(x: number): string {
  return x !== 0 && Math.abs(x) < 1e-3 ? x.toExponential(1) : String(Number(x.toPrecision(3)));
}
