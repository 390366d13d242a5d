import { describe, expect, it } from "vitest";
import { bestAgainstOthers, holm, stepDown } from "./holm.ts";

describe("Holm's correction", () => {
  it("multiplies the smallest by all, the next by one fewer, and never falls", () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005, 0.5]);
    expect(adjusted.map((p) => Number(p.toFixed(12)))).toEqual([0.04, 0.09, 0.09, 0.025, 0.5]);
  });

  it("never passes 1, keeps the order of the p-values, and takes none", () => {
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it("counts the pairs in play when the best was picked by looking", () => {
    expect(bestAgainstOthers(2)).toEqual([1]);
    expect(bestAgainstOthers(4)).toEqual([6, 3, 1]);
    expect(bestAgainstOthers(1)).toEqual([]);
    expect(stepDown([0.01, 0.02], bestAgainstOthers(3))).toEqual([0.03, 0.03]);
  });

  it("refuses multipliers that do not fit", () => {
    expect(() => stepDown([0.1], [2, 1])).toThrow(RangeError);
  });
});
