import type { KernelKind } from "../../numerics/kernel/workspace.ts";
import { TiledProduct } from "../../numerics/product.ts";
import { DoubleProduct } from "./double-product.ts";
import type { Geometry, Precision } from "./geometry.ts";

/** No block holds more pairs. */
export const MOST_PAIRS = 512;

/** Which code visitors run: for small sets compiling the kernels would take longer than it saves. */
export function kernelKindOf(precision: Precision): KernelKind | undefined {
  return precision === "double" ? "plain" : undefined;
}

/**
 * Pairs of one row i with the rows `first`, `first + 1`, ... of the other side: what is told of pair (i, first + q) stands at place
 * q of the arrays, for q < count. The arrays are overwritten by the next block.
 */
export interface PairBlock {
  readonly i: number;
  readonly first: number;
  readonly count: number;
  /** Dot products of the geometries' rows. */
  readonly products: Float64Array;
  /** Squared distances; rounding may have made one a little negative. */
  readonly distances: Float64Array;
  /** How many pairs of rows each stands for: the product of both weights. */
  readonly weights: Float64Array;
}

/**
 * What a pass over pairs shows its pairs to: a kernel that is summed, a histogram, a search. A new one costs a loop over each
 * block, no pass of its own. Blocks come in a fixed order, so sums made in it are the same bits whenever they are made.
 */
export interface PairVisitor {
  visit(block: PairBlock): void;
  /** Inside one set: row i occurs `times` > 1 times. Its repeats are pairs of distance 0; all are told before the first block. */
  repeat?(i: number, times: number): void;
}

/** Distinct rows as a pass takes them. */
export interface PassSide {
  readonly geometry: Geometry;
  /** How often each row occurs. */
  readonly weights: Float64Array;
}

/** Shows visitors every pair i < j inside one set. */
export function passInside(side: PassSide, precision: Precision, visitors: readonly PairVisitor[]): void {
  side.weights.forEach((times, i) => {
    if (times > 1) for (const visitor of visitors) visitor.repeat?.(i, times);
  });
  pass(side, side, precision, true, visitors);
}

/** Shows visitors every pair of a row i of `p` and a row j of `q`. */
export function passAcross(p: PassSide, q: PassSide, precision: Precision, visitors: readonly PairVisitor[]): void {
  pass(p, q, precision, false, visitors);
}

/** A row of a tile at a time, so that no n x n matrix is held: rows of a block, then the next block. With `upper` only i < j. */
function pass(p: PassSide, q: PassSide, precision: Precision, upper: boolean, visitors: readonly PairVisitor[]): void {
  const a = p.geometry.rows;
  const b = q.geometry.rows;
  if (a.rows === 0 || b.rows === 0) return;
  const product = precision === "single" ? new TiledProduct(b, { tileCols: MOST_PAIRS }) : new DoubleProduct(b);
  const { tileRows, tileCols } = product;
  const numbers = () => new Float64Array(tileCols);
  const once = p.weights.every(isOne) && q.weights.every(isOne);
  const block = { i: 0, first: 0, count: 0, products: numbers(), distances: numbers(), weights: numbers() };
  block.weights.fill(1);
  for (let top = 0; top < a.rows; top += tileRows) {
    product.load(a, top, tileRows);
    for (let left = upper ? top : 0; left < b.rows; left += tileCols) {
      const { data, stride, rows, cols } = product.tile(left, tileCols);
      for (let r = 0; r < rows; r++) {
        const skipped = upper ? Math.max(0, top + r + 1 - left) : 0;
        if (skipped >= cols) continue;
        block.i = top + r;
        block.first = left + skipped;
        block.count = cols - skipped;
        measure(block, data, r * stride + skipped, p.geometry, q.geometry);
        if (!once) weigh(block, p.weights, q.weights);
        for (const visitor of visitors) visitor.visit(block);
      }
    }
  }
}

const isOne = (weight: number): boolean => weight === 1;

function measure(block: PairBlock, dots: Float32Array | Float64Array, from: number, p: Geometry, q: Geometry): void {
  const { i, first, count, products, distances } = block;
  const norm = p.norms[i]!;
  const { norms } = q;
  for (let at = 0; at < count; at++) {
    const product = dots[from + at]!;
    products[at] = product;
    distances[at] = norm + norms[first + at]! - 2 * product;
  }
}

function weigh({ i, first, count, weights }: PairBlock, own: Float64Array, others: Float64Array): void {
  const weight = own[i]!;
  for (let at = 0; at < count; at++) weights[at] = weight * others[first + at]!;
}
