import { describe, expect, it } from "vitest";
import { studentTCdf, studentTQuantile } from "./student-t.ts";

/** scipy.stats.t.ppf (scipy 1.17). */
const quantiles: readonly (readonly [p: number, df: number, t: number])[] = [
  [0.9, 1, 3.0776835371752544],
  [0.95, 4, 2.1318467863266495],
  [0.975, 1, 12.706204736174694],
  [0.975, 2, 4.302652729749462],
  [0.975, 3, 3.1824463052837078],
  [0.975, 4, 2.7764451051977934],
  [0.975, 9, 2.262157162798205],
  [0.975, 29, 2.045229642132703],
  [0.975, 99, 1.9842169515864174],
  [0.975, 1000, 1.9623390808264083],
  [0.995, 2, 9.924843200918287],
  [0.9995, 1, 636.6192487687897],
  [0.9995, 29, 3.6594050194663748],
];

/** scipy.stats.t.cdf. */
const probabilities: readonly (readonly [t: number, df: number, p: number])[] = [
  [0.5, 1, 0.6475836176504333],
  [2, 2, 0.908248290463863],
  [3, 7, 0.9900289369340037],
  [0.1, 50, 0.539627893173515],
  [12, 3, 0.9993774920996054],
  [40, 2, 0.9996877926639076],
];

describe("Student's t", () => {
  it.each(quantiles)("has the quantile of p = %d with %d degrees of freedom", (p, df, t) => {
    expect(Math.abs(studentTQuantile(p, df) / t - 1)).toBeLessThan(1e-11);
    expect(studentTQuantile(1 - p, df)).toBeCloseTo(-t, 8);
  });

  it.each(probabilities)("has the probability below t = %d with %d degrees of freedom", (t, df, p) => {
    expect(Math.abs(studentTCdf(t, df) - p)).toBeLessThan(1e-13);
    expect(Math.abs(studentTCdf(-t, df) - (1 - p))).toBeLessThan(1e-13);
  });

  it("has its median at zero and refuses what is no probability", () => {
    expect(studentTQuantile(0.5, 3)).toBe(0);
    expect(() => studentTQuantile(1, 3)).toThrow(RangeError);
    expect(() => studentTQuantile(0.9, 0)).toThrow(RangeError);
  });
});
