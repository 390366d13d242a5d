import { describe, expect, it } from "vitest";
import { exemplarsInUse, findMisfitOf, rowOf, type SimplexTable } from "./simplex-table.ts";

const table: SimplexTable = {
  by: "context",
  groups: ["monday", "a film\ngood"],
  pairs: [
    [0, 1],
    [2, 0],
  ],
  weights: { data: Float32Array.of(0.5, 0.5, 1, 0, 0.25, 0.75), rows: 3, cols: 2 },
};

describe("the row of a context", () => {
  it("is its group's, or the shared one", () => {
    expect(rowOf(table, { text: "monday", label: null })).toBe(1);
    expect(rowOf(table, { text: "a film", label: "good" })).toBe(2);
    expect(rowOf(table, { text: "a film", label: "bad" })).toBe(0);
    const byLabel = { ...table, by: "label", groups: ["good", "bad"] } as const;
    expect(rowOf(byLabel, { text: "whatever", label: "bad" })).toBe(2);
    expect(rowOf(byLabel, { text: "monday", label: null })).toBe(0);
  });
});

describe("exemplars in use", () => {
  it("are those that some row gives weight to", () => {
    expect(exemplarsInUse(table)).toEqual(new Set([0, 1]));
    const weights = { ...table.weights, data: Float32Array.of(1, 0, 1, 0, 1, 0) };
    expect(exemplarsInUse({ ...table, weights })).toEqual(new Set([1]));
  });
});

describe("a table that does not fit", () => {
  const weights = (...data: number[]) => ({ ...table, weights: { ...table.weights, data: Float32Array.from(data) } });

  it.each<[string, SimplexTable, RegExp]>([
    ["a row too few", { ...table, groups: ["a", "b", "c"] }, /is 3 x 2; 4 x 2 would fit/],
    ["a column too many", { ...table, pairs: [[0, 1]] }, /is 3 x 2; 3 x 1 would fit/],
    ["a group twice", { ...table, groups: ["a", "a"] }, /names one group twice/],
    [
      "a persona that is not there",
      {
        ...table,
        pairs: [
          [0, 1],
          [3, 0],
        ],
      },
      /names persona 3 and exemplar 0 of 3 and 2/,
    ],
    [
      "an exemplar that is not there",
      {
        ...table,
        pairs: [
          [0, 2],
          [1, 0],
        ],
      },
      /names persona 0 and exemplar 2 of 3 and 2/,
    ],
    ["weights below zero", weights(0.5, 0.5, 1.5, -0.5, 0.25, 0.75), /row 1 .* no set of weights/],
    ["weights that sum to something else", weights(0.5, 0.5, 1, 0, 0.2, 0.7), /row 2 .* sums to 0\.9/],
  ])("%s is named", (_, given, message) => {
    expect(findMisfitOf(given, 3, 2)).toMatch(message);
  });

  it("is none where all fits, also without exemplars", () => {
    expect(findMisfitOf(table, 3, 2)).toBeNull();
    expect(
      findMisfitOf(
        {
          ...table,
          pairs: [
            [0, 0],
            [2, 0],
          ],
        },
        3,
        0,
      ),
    ).toBeNull();
  });
});
