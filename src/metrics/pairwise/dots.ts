import type { Matrix } from "../../core/matrix.ts";
import { TiledProduct } from "../../numerics/product.ts";
import { DoubleProduct } from "./double-product.ts";

/** How dot products are summed: float32 (fast, for large sets) or float64. */
export type Precision = "single" | "double";

/** Receives dot(a_i, b_first+q) = dots[q] for q < count. `dots` is overwritten by the next call. */
export type DotVisitor = (i: number, first: number, count: number, dots: Float64Array) => void;

/**
 * Visits the dot products of the rows of `a` with the rows of `b`, a row of a tile at a time, so that no n x n matrix is held.
 * With `upper` (b being a), only pairs i < j need be read; tiles wholly below the diagonal are not computed.
 * The order of visits, and so of every sum made in them, is fixed: rows of a block, then the next block.
 */
export function visitDots(
  a: Matrix,
  b: Matrix,
  options: { readonly precision: Precision; readonly upper: boolean },
  visit: DotVisitor,
): void {
  if (a.rows === 0 || b.rows === 0) return;
  const product = options.precision === "single" ? new TiledProduct(b) : new DoubleProduct(b);
  const { tileRows, tileCols } = product;
  const dots = new Float64Array(tileCols);
  for (let i = 0; i < a.rows; i += tileRows) {
    product.load(a, i, tileRows);
    for (let j = options.upper ? i : 0; j < b.rows; j += tileCols) {
      const { data, stride, rows, cols } = product.tile(j, tileCols);
      for (let r = 0; r < rows; r++) {
        const from = r * stride;
        for (let q = 0; q < cols; q++) dots[q] = data[from + q]!;
        visit(i + r, j, cols, dots);
      }
    }
  }
}
