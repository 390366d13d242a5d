import { describe, expect, it } from "vitest";
import { type Matrix, matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { columnMeans, covariance, gram, type Matrix64, productTransposed64 } from "./gram.ts";

function normal(rows: number, cols: number): Matrix {
  const random = Stream.root(rows * 1000 + cols);
  const data = Float32Array.from({ length: rows * cols }, () => 3 + random.normal());
  return matrix(data, rows, cols);
}

const shapes = [
  [2, 1],
  [130, 5],
  [40, 33],
  [300, 210],
] as const;

describe("gram", () => {
  it.each(shapes)("is Xᵀ X in float64 for %i rows of %i", (n, d) => {
    const m = normal(n, d);
    const scales = Float64Array.from({ length: n }, (_, i) => 1 + i / n);
    const found = gram(m, { scales });
    for (let a = 0; a < d; a += 7) {
      for (let b = 0; b < d; b++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += m.data[i * d + a]! * m.data[i * d + b]! * scales[i]! ** 2;
        expect(Math.abs(found[a * d + b]! / sum - 1)).toBeLessThan(1e-13);
        expect(found[b * d + a]).toBe(found[a * d + b]);
      }
    }
  });

  it("gives the same bits in plain TypeScript", () => {
    const m = normal(150, 30);
    const means = columnMeans(m);
    expect(gram(m, { means, kind: "plain" })).toEqual(gram(m, { means }));
  });
});

describe("covariance", () => {
  it("is that of known numbers", () => {
    const m = matrix(Float32Array.of(1, 2, 3, 5, 5, 11), 3, 2);
    expect(Array.from(covariance(m))).toEqual([4, 9, 9, 21]);
    expect(() => covariance(normal(1, 3))).toThrow(RangeError);
  });

  it("keeps its precision far from zero", () => {
    const random = Stream.root(3);
    const near = Float32Array.from({ length: 400 }, () => Math.round(random.normal() * 64) / 64);
    const far = near.map((x) => x + 1024); // exact in float32
    const here = covariance(matrix(near, 200, 2));
    const there = covariance(matrix(far, 200, 2));
    for (let i = 0; i < 4; i++) expect(there[i]).toBeCloseTo(here[i]!, 12);
  });
});

describe("productTransposed64", () => {
  const of = (rows: number, cols: number): Matrix64 => ({
    data: Float64Array.from(normal(rows, cols).data),
    rows,
    cols,
  });

  it("is A Bᵀ, and the same bits in plain TypeScript", () => {
    const a = of(9, 300);
    const b = of(205, 300);
    const found = productTransposed64(a, b);
    for (let i = 0; i < 9; i++) {
      for (let j = 0; j < 205; j++) {
        let sum = 0;
        for (let k = 0; k < 300; k++) sum += a.data[i * 300 + k]! * b.data[j * 300 + k]!;
        expect(Math.abs(found[i * 205 + j]! / sum - 1)).toBeLessThan(1e-13);
      }
    }
    expect(productTransposed64(a, b, { kind: "plain" })).toEqual(found);
    expect(() => productTransposed64(a, of(2, 3))).toThrow(RangeError);
  });

  it("is the same bits where a triangle or a symmetric product saves part of it", () => {
    const n = 270;
    const triangle = of(n, n);
    for (let i = 0; i < n; i++) triangle.data.fill(0, i * n, i * n + i);
    const full = of(n, n);
    const same = (x: Float64Array, y: Float64Array) => x.every((value, at) => value === y[at]);
    expect(same(productTransposed64(triangle, full, { upper: "a" }), productTransposed64(triangle, full))).toBe(true);
    expect(same(productTransposed64(full, triangle, { upper: "b" }), productTransposed64(full, triangle))).toBe(true);
    const square = productTransposed64(full, full);
    const half = productTransposed64(full, full, { symmetric: true });
    for (let i = 0; i < n; i++)
      for (let j = i; j < n; j++) if (half[i * n + j] !== square[i * n + j]) throw new Error(`(${i}, ${j}) differs.`);
    expect(half[(n - 1) * n]).toBe(0); // and it was saved
  });
});
