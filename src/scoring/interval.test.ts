import { describe, expect, it } from "vitest";
import { studentTQuantile } from "../numerics/student-t.ts";
import { type Estimate, intervalOverSets, scoreInterval, trialsInterval, UNBOUNDED } from "./interval.ts";

const estimate: Estimate = { center: 0.8, variance: 0.03 ** 2, foundAt: 0.8, df: 2 };
const t = studentTQuantile(0.975, 2);

describe("the score interval", () => {
  it("is Wilson's where the variance is a share's own and the degrees of freedom are many", () => {
    // Brown, Cai and DasGupta 2001, formula (4), at 47 of 50.
    const [n, p, z] = [50, 0.94, 1.959963984540054];
    const middle = (47 + z ** 2 / 2) / (n + z ** 2);
    const half = ((z * Math.sqrt(n)) / (n + z ** 2)) * Math.sqrt(p * (1 - p) + z ** 2 / (4 * n));
    const found = scoreInterval({ center: p, variance: (p * (1 - p)) / n, foundAt: p, df: 1e9 }, [0, 1])!;
    expect(found.low).toBeCloseTo(middle - half, 7);
    expect(found.high).toBeCloseTo(middle + half, 7);
  });

  it("is Student's without ends, and comes close to it far from them", () => {
    const half = t * 0.03;
    expect(scoreInterval(estimate, UNBOUNDED.range)).toEqual({ low: 0.8 - half, high: 0.8 + half, kind: "score" });
    const far = scoreInterval({ ...estimate, center: 1e4, foundAt: 1e4 }, [0, Number.POSITIVE_INFINITY])!;
    expect(far.low).toBeCloseTo(1e4 - half, 4);
    expect(far.high).toBeCloseTo(1e4 + half, 4);
  });

  it.each([[[0, 1]], [[0, Number.POSITIVE_INFINITY]], [[Number.NEGATIVE_INFINITY, 1]], [[-1, 2]]] as const)(
    "ends where |center - x| = t sqrt(variance w(x) / w(foundAt)): range %j",
    ([least, most]) => {
      const weight = (x: number) => (Number.isFinite(least) ? x - least : 1) * (Number.isFinite(most) ? most - x : 1);
      const { low, high } = scoreInterval(estimate, [least, most])!;
      for (const x of [low, high])
        expect(Math.abs(0.8 - x)).toBeCloseTo(t * 0.03 * Math.sqrt(weight(x) / weight(0.8)), 12);
      expect(low).toBeLessThan(0.8);
      expect(high).toBeGreaterThan(0.8);
    },
  );

  it("stays within the range, and reaches further away from a near end", () => {
    const { low, high } = scoreInterval({ ...estimate, center: 0.99, foundAt: 0.99 }, [0, 1])!;
    expect(high).toBeLessThanOrEqual(1);
    expect(0.99 - low).toBeGreaterThan(3 * (high - 0.99));
  });

  it("reaches inward from an estimate that is an end itself", () => {
    const { low, high } = scoreInterval({ ...estimate, center: 1, foundAt: 0.97 }, [0, 1])!;
    expect(high).toBe(1);
    expect(1 - low).toBeCloseTo(t * 0.03 * Math.sqrt((low * (1 - low)) / (0.97 * 0.03)), 12);
  });

  it("is none where nothing varied", () => {
    expect(scoreInterval({ ...estimate, variance: 0 }, [0, 1])).toBeNull();
    expect(scoreInterval({ ...estimate, variance: 0, center: 1, foundAt: 1 }, [0, 1])).toBeNull();
  });
});

describe("the interval over sets", () => {
  it("counts the texts of independent trials together, in one set too, and has width where none or all succeed", () => {
    const sets = [0.98, 1, 0.96].map((value) => ({ value, n: 50 }));
    expect(trialsInterval(sets)).toEqual(trialsInterval([{ value: 147 / 150, n: 150 }]));
    const trials = { range: [0, 1], trials: true } as const;
    const none = intervalOverSets(trials, [{ value: 0, n: 400 }], { mean: 0, sd: 0, count: 1 })!;
    expect(none.low).toBe(0);
    expect(none.high).toBeCloseTo(3 / 400, 4);
  });

  it("is none for one set, and for sets that differ by rounding alone", () => {
    const one = { value: 0.7, n: 50 };
    expect(intervalOverSets(UNBOUNDED, [one], { mean: 0.7, sd: 0, count: 1 })).toBeNull();
    const almost = { value: 0.7 + 1e-16, n: 50 };
    expect(intervalOverSets(UNBOUNDED, [one, almost], { mean: 0.7, sd: 1e-17, count: 2 })).toBeNull();
  });
});
