import type { Json } from "../../core/hash.ts";
import type { ResultRow } from "../../core/result.ts";

/** A number for people: four significant digits, no exponent in the usual range. */
export function shortNumber(x: number): string {
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1e6 || size < 1e-4) return x.toExponential(2);
  return size >= 1000 ? x.toFixed(0) : String(Number(x.toPrecision(4)));
}

/** The rows as a table in plain text: one line a metric, what has no value with its reason, what the numbers depend on. */
export function scoreTable(rows: readonly ResultRow[]): string {
  const withIntervals = rows.some((row) => row.ciLow !== null);
  const withGold = rows.some((row) => row.gold !== null);
  const header = ["metric", "value", ...(withIntervals ? ["95 % interval"] : []), ...(withGold ? ["gold"] : [])];
  const blocks: string[] = [];
  for (const encoder of new Set(rows.map((row) => row.encoder))) {
    const own = rows.filter((row) => row.encoder === encoder);
    const shared = sharedSettings(own);
    const source = encoder === null ? "Words" : encoder === "given" ? "Embeddings as given" : `Encoder ${encoder}`;
    const title = Object.keys(shared).length === 0 ? source : `${source} (${settingsText(shared)})`;
    const lines = own.map((row) => [
      row.metric,
      row.value === null ? "-" : shortNumber(row.value),
      ...(withIntervals ? [interval(row)] : []),
      ...(withGold ? [row.gold === null ? "" : shortNumber(row.gold)] : []),
      row.better === "gold" ? "near gold" : `${row.better} is better`,
      dependsOn(row, shared),
    ]);
    blocks.push(`${title}\n${align([[...header, "", "depends on"], ...lines])}`);
  }
  return `${blocks.join("\n\n")}\n`;
}

/** Why there is no value; else what it depends on, and why it has no interval. */
function dependsOn(row: ResultRow, shared: Settings): string {
  if (row.value === null) return row.reason ?? "";
  return [settingsText(row.settings, shared), row.reason ?? ""].filter((text) => text !== "").join("; ");
}

function interval(row: ResultRow): string {
  return row.ciLow === null || row.ciHigh === null ? "" : `${shortNumber(row.ciLow)} .. ${shortNumber(row.ciHigh)}`;
}

type Settings = { readonly [key: string]: Json };

/** What all rows with a value depend on alike: said once, above them. */
function sharedSettings(rows: readonly ResultRow[]): Settings {
  const [first, ...others] = rows.filter((row) => row.value !== null);
  if (first === undefined || others.length === 0) return {};
  const common = Object.entries(first.settings).filter(([key, value]) =>
    others.every((row) => JSON.stringify(row.settings[key]) === JSON.stringify(value)),
  );
  return Object.fromEntries(common);
}

function settingsText(settings: Settings, except: Settings = {}): string {
  const shown = (value: Json) => (typeof value === "number" ? shortNumber(value) : JSON.stringify(value));
  return Object.entries(settings)
    .filter(([key]) => except[key] === undefined)
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : shown(value)}`)
    .join(", ");
}

/** Columns of equal width; the first is left-aligned, numbers right, the last two as they are. */
function align(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const last = widths.length - 1;
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          if (column === 0 || column === last - 1) return cell.padEnd(widths[column]!);
          return column === last ? cell : cell.padStart(widths[column]!);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
