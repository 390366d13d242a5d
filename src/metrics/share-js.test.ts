import { describe, expect, test } from "vitest";
import { type Matrix, matrix, takeRows } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { embeddingSet, metricInput, normalRows } from "../testing/metrics/input.ts";
import { shareJs } from "./share-js.ts";

/** Four far groups of 25 rows. */
function groups(seed: number): Matrix {
  const noise = normalRows(100, 6, seed);
  return matrix(
    noise.data.map((x, at) => x + (at % 6 === Math.floor(at / 150) ? 40 : 0)),
    100,
    6,
  );
}

const value = (gold: Matrix, synthetic: Matrix, seed = 0) =>
  shareJs.with({ clusters: 4 }).compute(metricInput(embeddingSet(gold), embeddingSet(synthetic)), Stream.root(seed));

describe("share-js", () => {
  test("sees a missing group, by the divergence of the shares", async () => {
    const rows = Array.from({ length: 75 }, (_, i) => i);
    // Shares 1/3, 1/3, 1/3, 0 against quarters.
    const expected =
      0.5 * (Math.log(1 / 3 / (7 / 24)) + 0.75 * Math.log(0.25 / (7 / 24)) + 0.25 * Math.log(0.25 / 0.125));
    const found = await value(groups(1), takeRows(groups(2), rows));
    expect(found.value!).toBeCloseTo(expected, 12);
  });

  test("is blind inside a group and does not depend on the run's stream", async () => {
    expect((await value(groups(1), groups(2), 1)).value).toBe(0);
    expect((await value(groups(1), groups(2), 2)).value).toBe(0);
  });

  test("needs a gold text for each cluster", async () => {
    const found = await value(takeRows(groups(1), [0, 1, 2]), groups(2));
    expect(found).toMatchObject({ value: null, reason: expect.stringContaining("at least 4 gold texts") });
  });
});
