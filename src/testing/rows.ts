import type { ResultRow } from "../core/result.ts";

/** A row for tests: `resultRow({ method: "mop", value: 0.07 })`. */
export function resultRow(parts: Partial<ResultRow> = {}): ResultRow {
  return {
    dataset: "townsquare",
    model: "embedded:small",
    method: "mop",
    repeat: 0,
    metric: "fid",
    encoder: "embedded:lsa",
    value: 0.1,
    ciLow: null,
    ciHigh: null,
    n: 400,
    nGold: 400,
    gold: null,
    better: "lower",
    reason: null,
    settings: {},
    ...parts,
  };
}
