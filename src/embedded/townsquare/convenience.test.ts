import { describe, expect, it } from "vitest";
import { quotas, skewedShares } from "./convenience.ts";

describe("the convenience sample", () => {
  it("moves exactly `skew` of the mass to those easy to reach", () => {
    const marginal = Float64Array.of(0.1, 0.3, 0.2, 0.4);
    const shares = skewedShares(marginal, [true, true, false, false], 0.3);
    expect([...shares].map((x) => Number(x.toFixed(12)))).toEqual([0.175, 0.525, 0.1, 0.2]);
    expect([...skewedShares(marginal, [true, false, false, false], 0)]).toEqual([...marginal]);
  });

  it("rounds by largest remainder", () => {
    expect([...quotas(Float64Array.of(0.5, 0.3, 0.2), 7)]).toEqual([4, 2, 1]);
    expect([...quotas(Float64Array.of(1 / 3, 1 / 3, 1 / 3), 10)]).toEqual([4, 3, 3]);
  });
});
