import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { metrics } from "../metrics/registry.ts";
import { equallyFar, type Place, race } from "../testing/race.ts";
import { populationTest, type Variation } from "./population-test.ts";

const random = Stream.root(8);
const variation = (values: readonly number[], factor = 1, bias = 0): Variation => ({
  values: Float64Array.from(values),
  factor,
  bias,
});

describe("populationTest", () => {
  it("is Student's t test of the difference, with the variance of the differences unit by unit", () => {
    // Differences of the units: 1..11 less a constant 5; variance 11, times the factor 4 gives a standard error of sqrt(44).
    const a = variation([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 4);
    const b = variation(new Array(11).fill(5), 4);
    expect(populationTest(-2.228138852 * Math.sqrt(44), a, b)).toBeCloseTo(0.05, 8); // t(0.975, 10 degrees of freedom)
    expect(populationTest(0, a, b)).toBe(1);
  });

  it("takes the bias off the difference, and finds nothing where it decides who leads", () => {
    const values = Array.from({ length: 20 }, () => random.normal());
    const zeros = variation(new Array(20).fill(0));
    expect(populationTest(2, variation(values, 1, 1.5), zeros)).toBe(populationTest(0.5, variation(values), zeros));
    expect(populationTest(2, variation(values, 1, 9), zeros)).toBe(1);
  });

  it("leaves out what moves both alike", () => {
    const shared = Array.from({ length: 50 }, () => 100 * random.normal());
    const noise = Array.from({ length: 50 }, () => random.normal());
    const a = variation(shared.map((x, i) => x + noise[i]!));
    expect(populationTest(3, a, variation(shared))).toBeCloseTo(
      populationTest(3, variation(noise), variation(new Array(50).fill(0)))!,
      9,
    );
  });

  it("passes over units without a value, and has no answer from fewer than ten or where nothing varies", () => {
    const a = [...Array.from({ length: 10 }, () => random.normal()), Number.NaN];
    const zeros = variation(new Array(11).fill(0));
    expect(populationTest(1, variation(a), zeros)).toBe(
      populationTest(1, variation(a.slice(0, 10)), variation(new Array(10).fill(0))),
    );
    expect(populationTest(1, variation([...a.slice(1, 10), Number.NaN, Number.NaN]), zeros)).toBeNull();
    expect(populationTest(1, zeros, zeros)).toBeNull();
  });
});

describe("the headline over people drawn anew", () => {
  const options = { n: 40, d: 4, repeats: 1, metric: metrics.get("fid") };

  async function shares(name: string, runs: number, places: readonly Place[]) {
    const results = [];
    for (let run = 0; run < runs; run++) results.push(await race(random.derive(name, run), places, options));
    return {
      named: results.filter(({ named }) => named !== null).length / runs,
      first: results.filter(({ named }) => named === "m0").length / runs,
      bySwapsAlone: results.filter(({ namedBySwapsAlone }) => namedBySwapsAlone !== null).length / runs,
    };
  }

  // The long form, with the shares of 400 trials in many settings, is population-test.full.test.ts.
  it("seldom names one of two methods that are equally far, where the swap test alone often does", async () => {
    const { named, bySwapsAlone } = await shares("equal", 100, equallyFar(2, 0.09));
    expect(named).toBeLessThanOrEqual(0.11); // 5 % + 3 standard errors of 2.2 %
    expect(bySwapsAlone).toBeGreaterThan(0.3);
  });

  it("names no method for being narrower, which lowers FID at any n", async () => {
    const { named, bySwapsAlone } = await shares("narrow", 60, [{ spread: 0.7 }, { spread: 1.3 }]);
    expect(named).toBeLessThanOrEqual(0.13); // 5 % + 3 standard errors of 2.8 %
    expect(bySwapsAlone).toBeGreaterThan(0.3);
  });

  it("names the one that is nearer", async () => {
    const { first } = await shares("nearer", 30, [{ move: [0, 0.1] }, { move: [0, -1] }]);
    expect(first).toBeGreaterThan(0.9);
  });
});
