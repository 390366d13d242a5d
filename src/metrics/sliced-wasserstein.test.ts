import { describe, expect, test } from "vitest";
import { type Matrix, matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import {
  expectEqual,
  goldenExists,
  goldenScenarios,
  projectionsOf,
  type Scenario,
  smallScenarios,
} from "../testing/metrics/golden.ts";
import {
  randomProjections,
  slicedWassersteinDistance,
  sortedProjections,
  wassersteinPower,
} from "./sliced-wasserstein.ts";

/** The references' projections are columns; ours are rows. */
function transposed({ data, rows, cols }: Matrix): Matrix {
  return matrix(
    Float32Array.from({ length: data.length }, (_, at) => data[(at % rows) * cols + Math.floor(at / rows)]!),
    cols,
    rows,
  );
}

function check(scenario: Scenario): void {
  const projections = transposed(projectionsOf(scenario));
  const x = sortedProjections(scenario.gold, projections);
  const y = sortedProjections(scenario.synthetic, projections);
  const { sw_p1, sw_p2 } = scenario.values.sliced_wasserstein;
  expectEqual(slicedWassersteinDistance(x, y, 1), sw_p1, "p = 1");
  expectEqual(slicedWassersteinDistance(x, y, 2), sw_p2, "p = 2");
}

describe("Sliced Wasserstein on the small reference scenarios", () => {
  test.each(smallScenarios().map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) =>
    check(scenario),
  );
});

describe.skipIf(!goldenExists)("Sliced Wasserstein on every reference scenario (needs ../shared/golden)", () => {
  const more = goldenExists ? goldenScenarios().filter(({ values }) => values.d > 16) : [];
  test.each(more.map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) => check(scenario));
});

describe("Wasserstein distance of one dimension", () => {
  test("of sets of unequal size moves mass between quantiles", () => {
    // {0, 3} against {0, 1, 2}: thirds and halves cut [0, 1] at 1/3, 1/2, 2/3.
    const value = wassersteinPower(Float64Array.of(0, 3), Float64Array.of(0, 1, 2), 1);
    expect(value).toBeCloseTo((1 / 3) * 0 + (1 / 6) * 1 + (1 / 6) * 2 + (1 / 3) * 1, 14);
  });
});

describe("Random projections", () => {
  test("have unit length and depend on the stream alone", () => {
    const a = randomProjections(5, 40, Stream.root(3).derive("x"));
    expect(a).toEqual(randomProjections(5, 40, Stream.root(3).derive("x")));
    for (let l = 0; l < 5; l++) {
      const square = a.data.subarray(l * 40, (l + 1) * 40).reduce((sum, x) => sum + x * x, 0);
      expect(square).toBeCloseTo(1, 6);
    }
  });
});
