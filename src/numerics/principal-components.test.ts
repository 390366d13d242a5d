import { expect, it } from "vitest";
import { type Matrix, matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { columnMeans, gram } from "./gram.ts";
import { leadingComponents } from "./principal-components.ts";

function rows(n: number, d: number): Matrix {
  const random = Stream.root(9).derive(n, d);
  const mixed = Array.from({ length: d * d }, () => random.normal());
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const z = Array.from({ length: d }, (_, k) => random.normal() / (k + 1));
    for (let j = 0; j < d; j++) data[i * d + j] = 1 + z.reduce((sum, x, k) => sum + x * mixed[k * d + j]!, 0);
  }
  return matrix(data, n, d);
}

const components = (m: Matrix, share: number) =>
  leadingComponents(
    m,
    { scales: new Float64Array(m.rows).fill(1), means: columnMeans(m), products: () => gram(m) },
    share,
  );

it.each([
  [80, 6],
  [7, 30],
])("keeps distances when all variance is kept: %i rows of %i", (n, d) => {
  const m = rows(n, d);
  const { scores, share } = components(m, 1 - 1e-9);
  expect(share).toBeGreaterThan(0.999999);
  const distance = (a: Matrix, i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < a.cols; k++) sum += (a.data[i * a.cols + k]! - a.data[j * a.cols + k]!) ** 2;
    return Math.sqrt(sum);
  };
  for (let i = 1; i < n; i++) expect(distance(scores, 0, i) / distance(m, 0, i)).toBeCloseTo(1, 4);
});

it("keeps as few components as carry the share, uncorrelated and in falling order of variance", () => {
  const m = rows(300, 12);
  const { scores, share } = components(m, 0.9);
  const products = gram(scores);
  const k = scores.cols;
  for (let i = 1; i < k; i++) {
    expect(products[i * (k + 1)]!).toBeLessThan(products[(i - 1) * (k + 1)]!);
    expect(Math.abs(products[i]! / products[0]!)).toBeLessThan(1e-5);
  }
  expect(share).toBeGreaterThanOrEqual(0.9);
  let kept = 0;
  for (let i = 0; i < k; i++) kept += products[i * (k + 1)]!;
  expect((share * (kept - products[k * k - 1]!)) / kept).toBeLessThan(0.9);
});

it("gives one component of zeros for equal rows", () => {
  for (const m of [matrix(new Float32Array(40).fill(0.3), 10, 4), matrix(new Float32Array(40).fill(0.3), 4, 10)]) {
    const { scores, share } = components(m, 0.9);
    expect(scores).toEqual({ data: new Float32Array(m.rows), rows: m.rows, cols: 1 });
    expect(share).toBeNaN();
  }
});

it.each([
  [80, 6],
  [7, 30],
])("scales each row first: %i rows of %i", (n, d) => {
  const m = rows(n, d);
  const scales = Float64Array.from({ length: n }, (_, i) => 2 ** (i % 3)); // powers of two: no rounding
  const scaled = matrix(
    m.data.map((x, at) => x * scales[Math.floor(at / d)]!),
    n,
    d,
  );
  const moments = { scales, means: columnMeans(scaled), products: () => gram(scaled) };
  expect(leadingComponents(m, moments, 0.9)).toEqual(components(scaled, 0.9));
});
