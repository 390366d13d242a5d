import type { PopulationRecord } from "../../core/record.ts";
import { groupOf, type SimplexTable } from "../simplex-table.ts";

/** Records whose contexts share weights. */
export interface ContextGroup {
  /** null: all records, for every context without a group of its own. */
  readonly key: string | null;
  /** Positions among the records of the fit. */
  readonly members: readonly number[];
}

export interface GroupOptions {
  /** What makes contexts one group. */
  readonly groupBy: SimplexTable["by"];
  /** Records that a group needs to have its own weights. */
  readonly groupRecords: number;
}

/** All records first, then each group with enough of them, in order of appearance; a group that is all records is none of its own. */
export function groupRecords(records: readonly PopulationRecord[], options: GroupOptions): readonly ContextGroup[] {
  const found = new Map<string, number[]>();
  for (const [i, record] of records.entries()) {
    const key = groupOf(record.context, options.groupBy);
    if (key === null) continue;
    const members = found.get(key);
    if (members === undefined) found.set(key, [i]);
    else members.push(i);
  }
  const own = [...found].filter(
    ([, members]) => members.length >= options.groupRecords && members.length < records.length,
  );
  return [{ key: null, members: records.map((_, i) => i) }, ...own.map(([key, members]) => ({ key, members }))];
}
