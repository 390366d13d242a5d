import { expect, test } from "vitest";
import { Stream } from "../core/stream.ts";
import { dot, lanczos } from "./lanczos.ts";
import { type MomentOperator, spectralSum } from "./spectral-sum.ts";

/** An operator with known eigenvalues: a diagonal seen through a reflection at a random vector. */
function withEigenvalues(values: readonly number[]): MomentOperator {
  const n = values.length;
  const random = Stream.root(9);
  const axis = Float64Array.from({ length: n }, () => random.normal());
  const scale = 2 / dot(axis, axis);
  const reflect = (v: Float64Array) => {
    const factor = scale * dot(axis, v);
    return v.map((x, i) => x - factor * axis[i]!);
  };
  return {
    size: n,
    trace: values.reduce((sum, x) => sum + x, 0),
    squares: values.reduce((sum, x) => sum + x * x, 0),
    multiply: (vector, out) => out.set(reflect(reflect(vector).map((x, i) => x * values[i]!))),
  };
}

const entropyTerm = (x: number) => (x > 0 ? x * Math.log(x) : 0);

test("a full Lanczos run finds every eigenvalue, its weight and its vector", () => {
  const values = Array.from({ length: 30 }, (_, i) => 1 / (i + 1));
  const operator = withEigenvalues(values);
  const random = Stream.root(2);
  const raw = Float64Array.from({ length: 30 }, () => random.normal());
  const start = raw.map((x) => x / Math.sqrt(dot(raw, raw)));
  const found = lanczos(operator, start, 30);
  for (const [k, value] of values.entries()) expect(found.values[k]).toBeCloseTo(value, 11);
  expect(found.weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
  const vector = found.ritzVector(3);
  const image = new Float64Array(30);
  operator.multiply(vector, image);
  for (const [i, x] of image.entries()) expect(x).toBeCloseTo(0.25 * vector[i]!, 8);
});

test("the sum of x ln x is right within its own error: large values over a bulk", () => {
  const random = Stream.root(3);
  const values = [40, 9, 5, 2.5, ...Array.from({ length: 1500 }, () => 0.6 + 0.8 * random.next())];
  const operator = withEigenvalues(values);
  const exact = values.reduce((sum, x) => sum + entropyTerm(x), 0);
  for (const seed of [1, 2, 3]) {
    const { value, standardError } = spectralSum(operator, entropyTerm, Stream.root(seed));
    expect(standardError).toBeLessThan(1e-3 * Math.abs(exact));
    expect(Math.abs(value - exact)).toBeLessThan(5 * standardError + 1e-9 * exact);
  }
});

test("equal streams give equal sums, and a spectrum found whole has no error", () => {
  const bulk = withEigenvalues(Array.from({ length: 400 }, (_, i) => 1 + (i % 50) / 100));
  expect(spectralSum(bulk, entropyTerm, Stream.root(4))).toEqual(spectralSum(bulk, entropyTerm, Stream.root(4)));
  const small = Array.from({ length: 20 }, (_, i) => i + 1);
  const { value, standardError } = spectralSum(withEigenvalues(small), entropyTerm, Stream.root(5));
  expect(standardError).toBe(0);
  expect(value).toBeCloseTo(
    small.reduce((sum, x) => sum + entropyTerm(x), 0),
    8,
  );
});
