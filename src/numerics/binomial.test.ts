import { describe, expect, it } from "vitest";
import { midPInterval } from "./binomial.ts";

/** P(X = x), summed up from P(X = 0): nothing in common with the incomplete beta function. */
function probabilities(trials: number, p: number): Float64Array {
  const found = new Float64Array(trials + 1);
  let log = trials * Math.log1p(-p);
  for (let x = 0; x <= trials; x++) {
    found[x] = Math.exp(log);
    log += Math.log((trials - x) / (x + 1)) + Math.log(p / (1 - p));
  }
  return found;
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

describe("the mid-P interval of a proportion", () => {
  it.each([
    [1, 10],
    [7, 10],
    [3, 300],
    [588, 600],
    [1000, 2000],
  ])("has half of 5 %% beyond each end, half of P(X = x) with it: %d of %d", (x, n) => {
    const { low, high } = midPInterval(x, n, 0.95);
    const [atLow, atHigh] = [probabilities(n, low), probabilities(n, high)];
    expect(sum(atLow.subarray(x + 1)) + atLow[x]! / 2).toBeCloseTo(0.025, 9);
    expect(sum(atHigh.subarray(0, x)) + atHigh[x]! / 2).toBeCloseTo(0.025, 9);
    expect(low).toBeLessThan(x / n);
    expect(high).toBeGreaterThan(x / n);
  });

  it("has width where there was no success or nothing else: three over n", () => {
    const none = midPInterval(0, 1200, 0.95);
    expect(none.low).toBe(0);
    expect(none.high).toBeCloseTo(1 - 0.05 ** (1 / 1200), 12);
    const all = midPInterval(1200, 1200, 0.95);
    expect(all.high).toBe(1);
    expect(all.low).toBeCloseTo(1 - none.high, 12);
  });

  it.each([100, 300, 2000])(
    "covers, computed exactly for every expected count from 1 to 30 of %d, at least 91.6 %% of the time, and between 92 and 98 %% from 4 on",
    (n) => {
      const intervals = Array.from({ length: 101 }, (_, x) => (x <= n ? midPInterval(x, n, 0.95) : null));
      for (let expected = 1; expected <= 30; expected += 0.02) {
        const p = expected / n;
        const chances = probabilities(n, p);
        let covered = 0;
        for (let x = 0; x <= 100 && x <= n; x++) {
          const { low, high } = intervals[x]!;
          if (low <= p && p <= high) covered += chances[x]!;
        }
        expect(covered, `${expected} expected`).toBeGreaterThan(expected < 4 ? 0.916 : 0.92);
        expect(covered, `${expected} expected`).toBeLessThan(expected < 4 ? 0.992 : 0.98);
      }
    },
  );

  it("refuses counts that cannot be", () => {
    expect(() => midPInterval(3, 2, 0.95)).toThrow(RangeError);
    expect(() => midPInterval(0.5, 2, 0.95)).toThrow(RangeError);
    expect(() => midPInterval(0, 0, 0.95)).toThrow(RangeError);
  });
});
