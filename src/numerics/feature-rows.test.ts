import { expect, it } from "vitest";
import { matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { FeatureRows } from "./feature-rows.ts";
import { standardizedBy } from "./features.ts";

it.each([
  [9, 1],
  [300, 7],
  [33, 18],
])("multiplies %i rows of %i standardized features, the same bits in plain TypeScript", (n, d) => {
  const random = Stream.root(7).derive(n, d);
  const m = matrix(
    Float32Array.from({ length: n * d }, () => 2 + random.normal()),
    n,
    d,
  );
  const features = standardizedBy(m, m);
  const z = (i: number, k: number) => (m.data[i * d + k]! - features.mean[k]!) / features.scale[k]!;
  const listed = Uint32Array.from({ length: n - 2 }, (_, r) => (r * 2) % n);
  const weights = Float64Array.from({ length: d }, () => random.normal());
  const factors = Float64Array.from({ length: n - 2 }, () => random.normal());
  const rows = new FeatureRows(features);
  const plain = new FeatureRows(features, "plain");

  const margins = new Float64Array(n - 2);
  rows.margins(listed, weights, 0.5, margins);
  for (const [r, i] of listed.entries()) {
    const product = weights.reduce((sum, weight, k) => sum + weight * z(i, k), 0.5);
    expect(margins[r]).toBeCloseTo(product, 12);
  }
  const plainMargins = new Float64Array(n - 2);
  plain.margins(listed, weights, 0.5, plainMargins);
  expect(plainMargins).toEqual(margins);

  const sum = new Float64Array(d);
  rows.weightedSum(listed, factors, sum);
  for (let k = 0; k < d; k++) {
    const expected = factors.reduce((total, factor, r) => total + factor * z(listed[r]!, k), 0);
    expect(sum[k]).toBeCloseTo(expected, 11);
  }
  const plainSum = new Float64Array(d);
  plain.weightedSum(listed, factors, plainSum);
  expect(plainSum).toEqual(sum);
});
