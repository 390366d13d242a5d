import type { ResultRow } from "../core/result.ts";
import { lossOf } from "./loss.ts";

/** Where people's words in random order score no worse than some method, the metric with this encoder cannot tell. */
export interface FloorRemark {
  /** The row of the floor, `shuffled`. */
  readonly floor: ResultRow;
  /** The methods that score no better than it, nearest to gold first. */
  readonly methods: readonly ResultRow[];
}

/**
 * Holds methods against the floor by their values over repeats.
 *
 * @param rows the methods of one (dataset, model, encoder) by one metric, of both tiers.
 * @param floor the floor's row by the same metric; null where the metric has none.
 * @returns null where the floor is worse than every method, or has no value.
 */
export function floorRemark(rows: readonly ResultRow[], floor: ResultRow | null): FloorRemark | null {
  const bar = floor && lossOf(floor);
  if (floor === null || bar === null) return null;
  const found = rows.filter((row) => (lossOf(row) ?? Number.NEGATIVE_INFINITY) >= bar);
  return found.length === 0 ? null : { floor, methods: found.sort((a, b) => lossOf(a)! - lossOf(b)!) };
}

/**
 * The remark as one plain sentence, for all renderings.
 *
 * @param metric its name. @param show how a value is written.
 */
export function floorSentence(
  { floor, methods }: FloorRemark,
  metric: string,
  show: (value: number) => string,
): string {
  const judge = floor.encoder === null ? metric : `${metric} with ${floor.encoder}`;
  const beaten = methods.map(({ method, value }) => `${method} (${show(value!)})`);
  return `${judge} cannot tell here: people's words in random order (${show(floor.value!)}) score no worse than ${list(beaten)}.`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
