import type { Json } from "./hash.ts";

/** `gold`: no direction of its own, the target is the gold set's value and |ln(value / gold)| ranks. */
export type Better = "higher" | "lower" | "gold";

/** Methods of the reference rows: the ceiling, what a perfect simulator would score, and the floor, people's words in random order. */
export const CEILING = "real";
export const FLOOR = "shuffled";

/** The members of a row, in the order of tables made of them. */
export const ROW_COLUMNS = [
  "dataset",
  "model",
  "method",
  "repeat",
  "metric",
  "encoder",
  "value",
  "ciLow",
  "ciHigh",
  "n",
  "nGold",
  "gold",
  "better",
  "reason",
  "settings",
] as const;

/** A row of `results.json`: one metric of one cell (`repeat` a number) or over all repeats (`repeat: null`, with an interval). */
export interface ResultRow {
  readonly dataset: string | null;
  /** null on reference rows (`real`, `shuffled`) and for texts that name no model. */
  readonly model: string | null;
  readonly method: string;
  readonly repeat: number | null;
  readonly metric: string;
  /** null for metrics that read words only. */
  readonly encoder: string | null;
  /** null where there is no value; `reason` then says why. */
  readonly value: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly n: number;
  readonly nGold: number;
  /** The gold set's own value, for metrics whose `better` is `gold`. */
  readonly gold: number | null;
  readonly better: Better;
  readonly reason: string | null;
  readonly settings: { readonly [key: string]: Json };
}

/** Two systems held against each other on one metric: the row of the second, and what two tests say of it (docs/statistics.md). */
export interface ComparisonRow extends ResultRow {
  /** The system it is held against, as `method` (same dataset, model, encoder). */
  readonly baseline: string;
  /** value - baseline's value; for `better: gold` the difference of |ln(value / gold)|. */
  readonly difference: number | null;
  /**
   * Do they differ? The swap test: this gold set and the fits are held fixed, the answers are drawn anew. Two-sided, after
   * correction within the comparison.
   */
  readonly pValue: number | null;
  /**
   * Does their distance from the population differ? Gold's people, with their contexts, and the answers are drawn anew, the fits
   * held fixed. Two-sided, corrected alike. Files written before this test was made have no such field.
   */
  readonly populationPValue: number | null;
  /** `improvement` and `regression` need both p-values <= 0.05. */
  readonly verdict: "improvement" | "regression" | "no detectable change" | "not enough data";
}

/** `results.json`; a reader never needs anything else. */
export interface Results {
  readonly schema: 1;
  readonly rows: readonly ResultRow[];
  /** The primary metric's comparisons within each (dataset, model, encoder, tier): the best against every other. */
  readonly comparisons: readonly ComparisonRow[];
}
