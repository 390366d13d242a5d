import { describe, expect, it } from "vitest";
import { lossOf } from "./loss.ts";

describe("lossOf", () => {
  it("falls as a set comes closer, whatever the metric's direction", () => {
    expect(lossOf({ value: 0.3, gold: null, better: "lower" })).toBe(0.3);
    expect(lossOf({ value: 0.3, gold: null, better: "higher" })).toBe(-0.3);
    expect(lossOf({ value: 82, gold: 66, better: "gold" })).toBeCloseTo(Math.log(82 / 66), 14);
    expect(lossOf({ value: 33, gold: 66, better: "gold" })).toBeCloseTo(Math.LN2, 14);
  });

  it("is null where there is no value, or none to compare with", () => {
    expect(lossOf({ value: null, gold: null, better: "lower" })).toBeNull();
    expect(lossOf({ value: 1, gold: null, better: "gold" })).toBeNull();
    expect(lossOf({ value: 0, gold: 1, better: "gold" })).toBeNull();
    expect(lossOf({ value: 0, gold: 0, better: "gold" })).toBe(0);
  });
});
