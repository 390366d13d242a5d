import { eigs } from "mathjs";
import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { leadingEigen, type SymmetricEigen, symmetricEigen, symmetricEigenvalues } from "./symmetric-eigen.ts";

function symmetric(n: number, seed: number): Float64Array {
  const random = Stream.root(seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) a[i * n + j] = a[j * n + i] = random.normal();
  return a;
}

/** The largest entry of A v - lambda v, and of VᵀV - I. */
function residuals(
  a: Float64Array,
  n: number,
  { values, vectors }: SymmetricEigen = symmetricEigen(a, n),
): { equation: number; orthogonality: number } {
  const count = vectors.length / n;
  let equation = 0;
  let orthogonality = 0;
  for (let k = 0; k < count; k++) {
    const v = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      let product = 0;
      let dot = 0;
      for (let j = 0; j < n; j++) {
        product += a[i * n + j]! * v[j]!;
        if (i < count) dot += vectors[i * n + j]! * v[j]!;
      }
      equation = Math.max(equation, Math.abs(product - values[k]! * v[i]!));
      if (i < count) orthogonality = Math.max(orthogonality, Math.abs(dot - (i === k ? 1 : 0)));
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

  it.each(["simd", "plain"] as const)("stays finite where counts span few of many columns (%s)", (kind) => {
    const [rows, n] = [24, 512];
    const random = Stream.root(9);
    const a = new Float64Array(n * n);
    for (let r = 0; r < rows; r++) {
      const counts = new Float64Array(n);
      for (let word = 0; word < 40; word++) counts[random.int(60) * 8]! += 1;
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a[i * n + j]! += counts[i]! * counts[j]!;
    }
    const found = symmetricEigen(a, n, kind);
    expect(found.values.every(Number.isFinite)).toBe(true);
    expect(residuals(a, n, found).equation).toBeLessThan(1e-11 * found.values[0]!);
    expect(residuals(a, n, found).orthogonality).toBeLessThan(1e-12);
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

/** n x n, the product of `rank` random rows with themselves, plus `ridge` on the diagonal. */
function lowRank(n: number, rank: number, ridge: number): Float64Array {
  const random = Stream.root(8).derive(n, rank);
  const a = new Float64Array(n * n);
  for (let r = 0; r < rank; r++) {
    const x = Array.from({ length: n }, () => random.normal());
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a[i * n + j]! += x[i]! * x[j]!;
  }
  for (let i = 0; i < n; i++) a[i * n + i]! += ridge;
  return a;
}

/** Values that are equal but for 1e-9, 1e-5 and nothing, in a random basis. */
function nearlyEqual(n: number): Float64Array {
  const { vectors } = symmetricEigen(symmetric(n, 4), n);
  const a = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const value = 1 + Math.floor(k / 6) * 1e-5 + (k % 2) * 1e-9;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) a[i * n + j]! += value * vectors[k * n + i]! * vectors[k * n + j]!;
  }
  return a;
}

const identity = (n: number) => Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));

describe("leadingEigen", () => {
  it.each([
    ["random numbers", symmetric(130, 3), 130, 60],
    ["all vectors", symmetric(31, 3), 31, 31],
    ["one row", Float64Array.of(3), 1, 1],
    ["many equal values", lowRank(90, 20, 5), 90, 40],
    ["more vectors than the rank", lowRank(90, 20, 0), 90, 40],
    ["values that are nearly equal", nearlyEqual(60), 60, 45],
    ["the identity", identity(50), 50, 30],
    ["zeros", new Float64Array(400), 20, 10],
    ["a diagonal", identity(40).map((x, at) => x * ((at % 7) + 1)), 40, 25],
    ["very small numbers", lowRank(40, 30, 0).map((x) => x * 1e-180), 40, 20],
  ])("finds values and orthonormal vectors: %s", (_, a, n, count) => {
    const found = leadingEigen(a, n, () => count);
    expect(found.vectors).toHaveLength(count * n);
    expect(Array.from(found.values)).toEqual(Array.from(symmetricEigenvalues(a, n)));
    const { equation, orthogonality } = residuals(a, n, found);
    expect(equation).toBeLessThanOrEqual(1e-13 * n * Math.abs(found.values[0]!));
    expect(orthogonality).toBeLessThan(1e-9);
  });

  it("gives the vectors of symmetricEigen, also in plain TypeScript", () => {
    const n = 67;
    const a = symmetric(n, 8);
    const all = symmetricEigen(a, n);
    for (const kind of ["simd", "plain"] as const) {
      const { vectors } = leadingEigen(a, n, () => 20, kind);
      for (let k = 0; k < 20; k++) {
        const sign = Math.sign(vectors[k * n]! * all.vectors[k * n]!);
        for (let j = 0; j < n; j++) expect(sign * vectors[k * n + j]!).toBeCloseTo(all.vectors[k * n + j]!, 10);
      }
    }
  });

  it("refuses numbers that are not finite", () => {
    expect(() => leadingEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2, () => 1)).toThrow(RangeError);
  });
});
