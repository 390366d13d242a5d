import { describe, expect, test } from "vitest";
import { type Matrix, takeRows } from "../../core/matrix.ts";
import {
  expectEqual,
  goldenExists,
  goldenScenarios,
  type Scenario,
  smallScenarios,
} from "../../testing/metrics/golden.ts";
import { dot } from "./exact.ts";
import { cubicSums, gaussianSums, type KernelSums, unbiasedMmd } from "./mmd.ts";
import { Pairwise } from "./pairwise.ts";

const compare = ({ gold, synthetic }: Scenario, neighbors = 5, bins = 50) =>
  new Pairwise(gold, synthetic, { neighbors, bins });

/** Gretton et al. 2012, eq. 5, from the same sums: pairs of a row with itself included. */
function biasedMmd({ n, m, gold, synthetic, cross }: KernelSums, own: { gold: number; synthetic: number }): number {
  return (2 * gold + own.gold) / (n * n) + (2 * synthetic + own.synthetic) / (m * m) - (2 * cross) / (n * m);
}

/** Gretton et al. 2012, eq. 4: the cross term leaves out pairs i = j. */
function pairedMmd({ n, gold, synthetic, cross }: KernelSums, paired: number): number {
  return (2 * (gold + synthetic - (cross - paired))) / (n * (n - 1));
}

/** Sum of (x . x / d + 1)^3 - 1 over rows, as `cubicSums` has it over pairs. */
function cubicDiagonal(m: Matrix): number {
  let sum = 0;
  for (let i = 0; i < m.rows; i++) {
    const e = dot(m, i, m, i) / m.cols;
    sum += e * (3 + e * (3 + e));
  }
  return sum;
}

function checkMmd(scenario: Scenario, pairs: Pairwise): void {
  const { gold, synthetic, values } = scenario;
  const n = gold.rows;
  const median = values.mmd.rbf_median_pooled;
  expectEqual(pairs.median, median.sigma, "sigma");
  for (const reference of [median, values.mmd.rbf_gamma_1_over_d]) {
    const sums = gaussianSums(pairs, reference.gamma);
    expectEqual(unbiasedMmd(sums), reference.unbiased_mmd2, "unbiased", 1);
    expectEqual(biasedMmd(sums, { gold: n, synthetic: synthetic.rows }), reference.biased_mmd2, "biased", 1);
    if (n !== synthetic.rows) continue;
    let paired = 0;
    for (let i = 0; i < n; i++) {
      const t = dot(gold, i, gold, i) + dot(synthetic, i, synthetic, i) - 2 * dot(gold, i, synthetic, i);
      paired += Math.exp(-reference.gamma * t);
    }
    expectEqual(pairedMmd(sums, paired), reference.ustat_mmd2!, "paired", 1);
  }
  const cubic = cubicSums(pairs);
  expectEqual(unbiasedMmd(cubic), values.mmd.poly3_kid.unbiased_mmd2, "kid", 1);
  expectEqual(
    biasedMmd(cubic, { gold: cubicDiagonal(gold), synthetic: cubicDiagonal(synthetic) }),
    values.mmd.poly3_kid.biased_mmd2,
    "biased kid",
    1,
  );
  const subsets = values.kid.rows.map(([q, p]) =>
    unbiasedMmd(cubicSums(compare({ ...scenario, gold: takeRows(gold, p), synthetic: takeRows(synthetic, q) }))),
  );
  const mean = subsets.reduce((sum, value) => sum + value, 0) / subsets.length;
  expectEqual(mean, values.kid.cleanfid_kernel_distance, "kid over the reference's subsets", 1);
}

function checkCounts(scenario: Scenario, five: Pairwise): void {
  const { values } = scenario;
  const hundred = compare(scenario, 3, 100);
  for (const [pairs, reference] of [
    [five, values.prdc.k5_float64],
    [hundred, values.prdc.k3],
  ] as const) {
    for (const [name, value] of Object.entries(pairs.cross.prdc)) {
      // Reference values of k = 3 come from float32 distances, which call exact copies 1e-7 apart.
      if (pairs === five || scenario.name !== "large_collapse")
        expectEqual(value, reference[name as keyof typeof reference], name);
    }
  }
  expect([...five.gold.cosineCounts]).toEqual(values.kl_cosine.bins50.gold_counts);
  expect([...five.synthetic.cosineCounts]).toEqual(values.kl_cosine.bins50.gen_counts);
  expect([...hundred.gold.cosineCounts]).toEqual(values.kl_cosine.bins100.gold_counts);
  expect([...hundred.synthetic.cosineCounts]).toEqual(values.kl_cosine.bins100.gen_counts);
}

function check(scenario: Scenario): void {
  const pairs = compare(scenario);
  checkMmd(scenario, pairs);
  checkCounts(scenario, pairs);
}

describe("The pairwise pass on the small reference scenarios", () => {
  test.each(smallScenarios().map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) =>
    check(scenario),
  );
});

describe.skipIf(!goldenExists)("The pairwise pass on every reference scenario (needs ../shared/golden)", () => {
  const more = goldenExists ? goldenScenarios().filter(({ values }) => values.d > 16) : [];
  test.each(more.map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) => check(scenario));
});
