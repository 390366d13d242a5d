import { expect, test } from "vitest";
import { type Matrix, matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { randomFolds, scatterOf, twoSampleTest } from "./c2st.ts";
import { SampleSet } from "./sample-set.ts";

function rows(count: number, cols: number, seed: number, shift: number): Matrix {
  const random = Stream.root(seed);
  return matrix(
    Float32Array.from({ length: count * cols }, () => random.normal() + shift),
    count,
    cols,
  );
}

test("the scatter from both sides' moments is that of all rows about gold's mean", () => {
  const [gold, synthetic] = [rows(40, 3, 1, 0), rows(30, 3, 2, 0.7)];
  const { products, sums } = scatterOf(new SampleSet({ embeddings: gold }), new SampleSet({ embeddings: synthetic }));
  const column = (m: Matrix, k: number) => Array.from({ length: m.rows }, (_, i) => m.data[i * m.cols + k]!);
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const deviations = Array.from({ length: 3 }, (_, k) => {
    const center = mean(column(gold, k));
    return [...column(gold, k), ...column(synthetic, k)].map((x) => x - center);
  });
  for (const [a, x] of deviations.entries()) {
    expect(sums[a]).toBeCloseTo(
      x.reduce((sum, value) => sum + value, 0),
      9,
    );
    for (const [b, y] of deviations.entries())
      expect(products[a * 3 + b]).toBeCloseTo(
        x.reduce((sum, value, i) => sum + value * y[i]!, 0),
        9,
      );
  }
});

test("a known scatter changes no step of the fits", () => {
  const [gold, synthetic] = [rows(120, 8, 3, 0), rows(90, 8, 4, 0.4)];
  const folds = randomFolds(210, 5, Stream.root(5));
  const scatter = scatterOf(new SampleSet({ embeddings: gold }), new SampleSet({ embeddings: synthetic }));
  const computed = twoSampleTest(gold, synthetic, folds);
  const known = twoSampleTest(gold, synthetic, folds, undefined, scatter);
  expect(known.accuracy).toBe(computed.accuracy);
  expect(known.fits.map((fit) => fit.iterations)).toEqual(computed.fits.map((fit) => fit.iterations));
  known.fits.forEach(({ weights }, fold) => {
    weights.forEach((weight, k) => {
      expect(weight).toBeCloseTo(computed.fits[fold]!.weights[k]!, 9);
    });
  });
});
