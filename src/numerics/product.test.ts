import { describe, expect, it } from "vitest";
import { type Matrix, matrix, row } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { productTransposed, TiledProduct } from "./product.ts";

function normal(rows: number, cols: number, name: string): Matrix {
  const random = Stream.root(1).derive(name);
  return matrix(
    Float32Array.from({ length: rows * cols }, () => random.normal()),
    rows,
    cols,
  );
}

function exact(a: Matrix, b: Matrix, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.cols; k++) sum += row(a, i)[k]! * row(b, j)[k]!;
  return sum;
}

const shapes = [
  [1, 1, 1],
  [13, 11, 300],
  [5, 9, 256],
  [205, 530, 17],
  [3, 8, 513],
] as const;

describe("productTransposed", () => {
  it.each(shapes)("is A Bᵀ for %i and %i rows of %i numbers", (n, m, d) => {
    const a = normal(n, d, "a");
    const b = normal(m, d, "b");
    const c = productTransposed(a, b);
    let worst = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++) worst = Math.max(worst, Math.abs(c[i * m + j]! - exact(a, b, i, j)));
    expect(worst).toBeLessThan(1e-5 * Math.sqrt(d));
  });

  it.each(shapes)("gives the same bits in plain TypeScript for %i, %i, %i", (n, m, d) => {
    const a = normal(n, d, "a");
    const b = normal(m, d, "b");
    const plain = Buffer.from(productTransposed(a, b, "plain").buffer);
    expect(plain.equals(Buffer.from(productTransposed(a, b, "simd").buffer))).toBe(true);
  });

  it("gives the same bits however the product is cut", () => {
    const a = normal(61, 300, "a");
    const b = normal(47, 300, "b");
    const whole = productTransposed(a, b);
    const product = new TiledProduct(b, { tileRows: 8, tileCols: 16 });
    for (let i = 0; i < a.rows; i += 5) {
      product.load(a, i, 5);
      for (let j = 0; j < b.rows; j += 16) {
        const { data, stride, rows, cols } = product.tile(j, 16);
        expect([rows, cols]).toEqual([Math.min(5, a.rows - i), Math.min(16, b.rows - j)]);
        for (let r = 0; r < rows; r++)
          for (let q = 0; q < cols; q++) expect(data[r * stride + q]).toBe(whole[(i + r) * b.rows + j + q]);
      }
    }
  });

  it("refuses other widths and tiles that are too large", () => {
    const product = new TiledProduct(normal(10, 4, "b"), { tileRows: 8, tileCols: 8 });
    expect(() => product.load(normal(3, 5, "a"), 0, 1)).toThrow(RangeError);
    expect(() => product.load(normal(30, 4, "a"), 0, 9)).toThrow(RangeError);
    expect(() => product.tile(4, 1)).toThrow(RangeError);
    expect(() => product.tile(0, 9)).toThrow(RangeError);
  });

  it("handles no rows and frees what it used", () => {
    expect(productTransposed(matrix(new Float32Array(0), 0, 3), normal(4, 3, "b"))).toHaveLength(0);
    const a = normal(2, 2, "a");
    for (let i = 0; i < 2000; i++) productTransposed(a, a);
  });
});
