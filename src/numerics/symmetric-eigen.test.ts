import { eigs } from "mathjs";
import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { symmetricEigen, symmetricEigenvalues } from "./symmetric-eigen.ts";

function symmetric(n: number, seed: number): Float64Array {
  const random = Stream.root(seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) a[i * n + j] = a[j * n + i] = random.normal();
  return a;
}

/** The largest entry of A v - lambda v, and of VᵀV - I. */
function residuals(a: Float64Array, n: number): { equation: number; orthogonality: number } {
  const { values, vectors } = symmetricEigen(a, n);
  let equation = 0;
  let orthogonality = 0;
  for (let k = 0; k < n; k++) {
    const v = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      let product = 0;
      let dot = 0;
      for (let j = 0; j < n; j++) {
        product += a[i * n + j]! * v[j]!;
        dot += vectors[i * n + j]! * v[j]!;
      }
      equation = Math.max(equation, Math.abs(product - values[k]! * v[i]!));
      orthogonality = Math.max(orthogonality, Math.abs(dot - (i === k ? 1 : 0)));
    }
  }
  return { equation, orthogonality };
}

describe("symmetricEigen", () => {
  it.each([1, 2, 3, 7, 12])("agrees with mathjs on a random %i x %i matrix", (n) => {
    const a = symmetric(n, n);
    const rows = Array.from({ length: n }, (_, i) => Array.from(a.subarray(i * n, (i + 1) * n)));
    const expected = (eigs(rows).values as number[]).map(Number).sort((x, y) => y - x);
    const values = symmetricEigenvalues(a, n);
    for (let k = 0; k < n; k++) expect(values[k]).toBeCloseTo(expected[k]!, 10);
    expect(Array.from(symmetricEigen(a, n).values)).toEqual(Array.from(values));
  });

  it("converges for a covariance of fewer rows than columns", () => {
    const [rows, n] = [60, 300];
    const random = Stream.root(8);
    const x = Float64Array.from({ length: rows * n }, () => random.normal());
    const a = new Float64Array(n * n);
    for (let r = 0; r < rows; r++)
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a[i * n + j]! += x[r * n + i]! * x[r * n + j]!;
    const values = symmetricEigenvalues(a, n);
    expect(values[rows - 1]).toBeGreaterThan(1);
    for (let k = rows; k < n; k++) expect(Math.abs(values[k]!)).toBeLessThan(1e-12 * values[0]!);
    expect(residuals(a, n).equation).toBeLessThan(1e-12 * values[0]!);
  });

  it("solves A v = lambda v with orthonormal vectors", () => {
    const { equation, orthogonality } = residuals(symmetric(130, 3), 130);
    expect(equation).toBeLessThan(1e-12);
    expect(orthogonality).toBeLessThan(1e-12);
  });

  it("does so where values are equal or zero", () => {
    const n = 40;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) a[i * n + j] = (i % 4 === j % 4 ? 1 : 0) + (i === j ? 2 : 0);
    const { equation, orthogonality } = residuals(a, n);
    expect(equation).toBeLessThan(1e-12);
    expect(orthogonality).toBeLessThan(1e-12);
    const values = symmetricEigenvalues(a, n);
    expect(values[0]).toBeCloseTo(12, 12);
    expect(values[3]).toBeCloseTo(12, 12);
    expect(values[4]).toBeCloseTo(2, 12);
  });

  it("gives the same in plain TypeScript, to rounding", () => {
    const a = symmetric(67, 8);
    const simd = symmetricEigen(a, 67);
    const plain = symmetricEigen(a, 67, "plain");
    for (let k = 0; k < 67; k++) {
      expect(plain.values[k]).toBeCloseTo(simd.values[k]!, 11);
      const sign = Math.sign(plain.vectors[k * 67]! * simd.vectors[k * 67]!);
      for (let j = 0; j < 67; j++) expect(sign * plain.vectors[k * 67 + j]!).toBeCloseTo(simd.vectors[k * 67 + j]!, 9);
    }
  });

  it("keeps its precision on very large and very small matrices", () => {
    const a = symmetric(20, 5);
    const values = symmetricEigenvalues(a, 20);
    for (const scale of [1e200, 1e-200]) {
      const scaled = symmetricEigenvalues(
        a.map((x) => x * scale),
        20,
      );
      for (let k = 0; k < 20; k++) expect(scaled[k]! / scale / values[k]!).toBeCloseTo(1, 10);
    }
  });

  it("refuses what is not square or not finite", () => {
    expect(() => symmetricEigen(new Float64Array(5), 2)).toThrow(RangeError);
    expect(() => symmetricEigenvalues(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toThrow(RangeError);
    expect(symmetricEigenvalues(new Float64Array(0), 0)).toHaveLength(0);
  });
});
