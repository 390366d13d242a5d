import type { ResultRow } from "../core/result.ts";

/**
 * A value as something to be made small, so that any metric ranks: the value itself where lower is better, its negative where
 * higher is, |ln(value / gold)| where the target is gold's own value. null where there is no value, or no logarithm of it.
 */
export function lossOf({ value, gold, better }: Pick<ResultRow, "value" | "gold" | "better">): number | null {
  if (value === null) return null;
  if (better === "lower") return value;
  if (better === "higher") return value === 0 ? 0 : -value;
  if (gold === null) return null;
  if (value === gold) return 0;
  const loss = Math.abs(Math.log(value / gold));
  return Number.isFinite(loss) ? loss : null;
}
