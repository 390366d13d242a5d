import { describe, expect, test } from "vitest";
import { decisions } from "../numerics/logistic-regression.ts";
import { goldenExists, goldenScenarios, type Scenario, smallScenarios } from "../testing/metrics/golden.ts";
import { twoSampleTest } from "./c2st.ts";

/**
 * How far the reference's fits are from the minimum: scikit-learn 1.2's L-BFGS stopped when the objective changed by 2e-9 of
 * itself. (scikit-learn 1.9 run to 1e-13 gives our numbers; logistic-regression.test.ts shows that the gradient vanishes.)
 */
const REFERENCE_ERROR = 2e-3;
const near = (reference: number) => REFERENCE_ERROR * Math.max(1, Math.abs(reference));

const heldOut = (folds: string, fold: string) =>
  Uint32Array.from({ length: folds.length }, (_, i) => i).filter((i) => folds[i] === fold);

function check({ gold, synthetic, values }: Scenario): void {
  const { folds, logreg } = values.c2st;
  const { accuracies, fits, features } = twoSampleTest(gold, synthetic, Array.from(folds, Number));
  const first = fits[0]!;
  logreg.fold0_coef_first4.forEach((reference, k) => {
    expect(Math.abs(first.weights[k]! - reference)).toBeLessThan(near(reference));
  });
  expect(Math.abs(first.intercept - logreg.fold0_intercept)).toBeLessThan(near(logreg.fold0_intercept));
  const found = decisions(features, heldOut(folds, "0").slice(0, 5), first.weights, first.intercept);
  logreg.fold0_decision_first5.forEach((reference, r) => {
    expect(Math.abs(found[r]! - reference)).toBeLessThan(near(reference));
  });
  logreg.acc_per_fold.forEach((reference, fold) => {
    const held = heldOut(folds, String(fold));
    // Equal, but for rows so near the plane that the reference's error decides (one row of all scenarios: medium_same, fold 2).
    const margins = decisions(features, held, fits[fold]!.weights, fits[fold]!.intercept);
    const undecided = margins.filter((margin) => Math.abs(margin) < 1e-4).length;
    expect(Math.abs(accuracies[fold]! - reference) * held.length).toBeLessThanOrEqual(undecided + 1e-9);
  });
}

describe("The classifier two-sample test on the small reference scenarios", () => {
  test.each(smallScenarios().map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) =>
    check(scenario),
  );
});

describe.skipIf(!goldenExists)(
  "The classifier two-sample test on every reference scenario (needs ../shared/golden)",
  () => {
    const more = goldenExists ? goldenScenarios().filter(({ values }) => values.d > 16) : [];
    test.each(more.map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) => check(scenario));
  },
);
