import type { DataFrame } from "danfojs-node";
import type { ResultRow } from "../../core/result.ts";
import { groupKey } from "./result-frame.ts";

const COLUMNS = ["group", "dataset", "model", "method", "metric", "encoder", "before", "after", "difference"];

/**
 * Two runs side by side: one line for each (dataset, model, method, metric, encoder) that stands in either, with the values over
 * repeats (`repeat: null`) of both and their difference, after minus before; null where one of them has none. A difference is no
 * verdict: the comparisons of results.json are.
 * @returns columns group, dataset, model, method, metric, encoder, before, after, difference; the lines of `before` come first
 * @example
 * const frame = await mergeRuns(old.rows, now.rows);
 * frame.query(frame.column("metric").eq("fid")).print();
 */
export async function mergeRuns(before: readonly ResultRow[], after: readonly ResultRow[]): Promise<DataFrame> {
  const { DataFrame, merge } = await import("danfojs-node");
  const summaries = (rows: readonly ResultRow[]) => rows.filter(({ repeat }) => repeat === null);
  const side = (rows: readonly ResultRow[], name: string) =>
    new DataFrame(
      summaries(rows).map((row) => [groupKey(row), row.value]),
      { columns: ["group", name] },
    );
  const both = merge({ left: side(before, "before"), right: side(after, "after"), on: ["group"], how: "outer" });
  // Beside the key danfo would name the columns of both sides twice, and leave those of the left empty where it has no line.
  const byGroup = new Map([...summaries(after), ...summaries(before)].map((row) => [groupKey(row), row]));
  const [olds, news] = [both.column("before").values, both.column("after").values];
  const lines = both.column("group").values.map((group, i) => {
    const { dataset, model, method, metric, encoder } = byGroup.get(String(group))!;
    const [old, now] = [numberOf(olds[i]), numberOf(news[i])];
    const difference = old === null || now === null ? null : now - old;
    return [String(group), dataset, model, method, metric, encoder, old, now, difference];
  });
  return new DataFrame(lines, { columns: COLUMNS });
}

/** danfo's merge leaves NaN where one side has no line. */
function numberOf(value: unknown): number | null {
  return typeof value === "number" && !Number.isNaN(value) ? value : null;
}
