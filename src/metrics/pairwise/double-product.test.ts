import { describe, expect, test } from "vitest";
import { normalRows } from "../../testing/metrics/input.ts";
import { DoubleProduct } from "./double-product.ts";
import { dot } from "./exact.ts";

describe("DoubleProduct", () => {
  test.each([
    [1, 1, 1],
    [70, 3, 5],
    [65, 300, 130],
    [9, 521, 257],
  ])("gives every dot product of %i and %i rows of %i numbers to rounding", (n, m, d) => {
    const a = normalRows(n, d, 1);
    const b = normalRows(m, d, 2);
    for (const kind of ["simd", "plain"] as const) {
      const product = new DoubleProduct(b, kind);
      for (let i = 0; i < n; i += product.tileRows) {
        product.load(a, i, product.tileRows);
        for (let j = 0; j < m; j += product.tileCols) {
          const { data, stride, rows, cols } = product.tile(j, product.tileCols);
          expect([rows, cols]).toEqual([Math.min(64, n - i), Math.min(product.tileCols, m - j)]);
          let worst = 0;
          for (let r = 0; r < rows; r++)
            for (let c = 0; c < cols; c++)
              worst = Math.max(worst, Math.abs(data[r * stride + c]! - dot(a, i + r, b, j + c)));
          expect(worst).toBeLessThan(1e-12);
        }
      }
    }
  });
});
