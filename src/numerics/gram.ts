import type { Matrix } from "../core/matrix.ts";
import { type KernelKind, Workspace } from "./kernel/workspace.ts";

/** Rows of one block of the inner dimension: summed in registers before they are added. */
const BLOCK = 128;
/** Panels of four columns handled by one call into the kernel. */
const PANELS = 48;

const panelsOf = (n: number): number => Math.ceil(n / 4);

/** Column means, summed in float64. Zeros for no rows. */
export function columnMeans(m: Matrix): Float64Array {
  const means = new Float64Array(m.cols);
  for (let i = 0; i < m.rows; i++) {
    const at = i * m.cols;
    for (let j = 0; j < m.cols; j++) means[j]! += m.data[at + j]!;
  }
  for (let j = 0; j < m.cols; j++) means[j]! /= Math.max(1, m.rows);
  return means;
}

/**
 * Xᵀ X: d x d, row-major, symmetric; products and sums in float64.
 *
 * @param options `means`: what to take off each column first (nothing); `scales`: what to multiply each row by then (1).
 */
export function gram(
  m: Matrix,
  options: { means?: Float64Array; scales?: Float64Array; kind?: KernelKind } = {},
): Float64Array {
  const { rows, cols } = m;
  const panels = panelsOf(cols);
  const width = 4 * panels;
  const sizes = [4 * BLOCK * cols, 8 * cols, 8 * BLOCK * width, 8 * width * width, 8 * BLOCK] as const;
  const space = new Workspace(sizes, options.kind);
  const source = space.reserve(sizes[0]);
  const meansAt = space.reserve(sizes[1]);
  const packed = space.reserve(sizes[2]);
  const sums = space.reserve(sizes[3]);
  const scalesAt = space.reserve(sizes[4]);
  if (options.means) space.float64(meansAt, cols).set(options.means);
  space.float64(scalesAt, BLOCK).fill(1);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = Math.min(BLOCK, rows - first);
    space.float32(source, count * cols).set(m.data.subarray(first * cols, (first + count) * cols));
    if (options.scales) space.float64(scalesAt, count).set(options.scales.subarray(first, first + count));
    space.code.packColumns64(source, count, cols, meansAt, scalesAt, packed);
    multiplyUpper(space, packed, panels, count, sums, width);
  }
  return symmetric(space.float64(sums, width * width), cols, width);
}

/** The upper triangle of P Pᵀ, in strips of columns: above the diagonal whole, at the diagonal its tiles alone. */
function multiplyUpper(
  space: Workspace,
  packed: number,
  panels: number,
  count: number,
  sums: number,
  width: number,
): void {
  const panelBytes = 32 * count;
  for (let j = 0; j < panels; j += PANELS) {
    const strip = Math.min(PANELS, panels - j);
    const b = packed + j * panelBytes;
    const c = sums + 32 * j;
    if (j > 0) space.code.multiply64(packed, j, b, strip, count, c, width, 0);
    space.code.multiply64(b, strip, b, strip, count, c + 32 * j * width, width, 1);
  }
}

function symmetric(upper: Float64Array, n: number, stride: number): Float64Array {
  const full = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const x = upper[i * stride + j]!;
      full[i * n + j] = x;
      full[j * n + i] = x;
    }
  }
  return full;
}

/**
 * The covariance of the columns with divisor n - 1 (numpy.cov), from centered rows: d x d, row-major, float64.
 *
 * @throws RangeError for fewer than two rows.
 */
export function covariance(m: Matrix, means: Float64Array = columnMeans(m), kind?: KernelKind): Float64Array {
  if (m.rows < 2) throw new RangeError(`The covariance of ${m.rows} rows is undefined.`);
  const products = gram(m, { means, ...(kind === undefined ? {} : { kind }) });
  const scale = 1 / (m.rows - 1);
  for (let i = 0; i < products.length; i++) products[i]! *= scale;
  return products;
}

/** A square-or-not float64 matrix, row-major. */
export interface Matrix64 {
  readonly data: Float64Array;
  readonly rows: number;
  readonly cols: number;
}

/** What is known of a product beforehand, and saves part of it. */
export interface ProductShape {
  /** Which factor is upper triangular: what lies left of its diagonal is zeros. */
  readonly upper?: "a" | "b";
  /** Whether the product is known to be symmetric and only its upper triangle will be read: some of the lower one stays zeros. */
  readonly symmetric?: boolean;
  readonly kind?: KernelKind;
}

/**
 * A Bᵀ in float64: a.rows x b.rows, row-major. The same bits whatever is said of its shape, if it is true.
 *
 * @throws RangeError when the widths differ.
 */
export function productTransposed64(
  a: Matrix64,
  b: Matrix64,
  { upper, symmetric, kind }: ProductShape = {},
): Float64Array {
  if (a.cols !== b.cols) throw new RangeError(`Rows of ${a.cols} numbers against rows of ${b.cols}.`);
  const aPanels = panelsOf(a.rows);
  const bPanels = panelsOf(b.rows);
  const stride = 4 * bPanels;
  const sizes = [
    8 * a.data.length,
    8 * b.data.length,
    32 * BLOCK * aPanels,
    32 * BLOCK * bPanels,
    32 * aPanels * stride,
  ] as const;
  const space = new Workspace(sizes, kind);
  const left = space.reserve(sizes[0]);
  const right = space.reserve(sizes[1]);
  const packedLeft = space.reserve(sizes[2]);
  const packedRight = space.reserve(sizes[3]);
  const sums = space.reserve(sizes[4]);
  space.float64(left, a.data.length).set(a.data);
  space.float64(right, b.data.length).set(b.data);
  for (let k = 0; k < a.cols; k += BLOCK) {
    const count = Math.min(BLOCK, a.cols - k);
    // Of a triangle, the rows that begin behind these columns hold zeros here, which would add nothing.
    const aRows = upper === "a" ? Math.min(a.rows, k + count) : a.rows;
    const bRows = upper === "b" ? Math.min(b.rows, k + count) : b.rows;
    space.code.packRows64(left, aRows, a.cols, k, count, packedLeft);
    space.code.packRows64(right, bRows, b.cols, k, count, packedRight);
    for (let j = 0; j < panelsOf(bRows); j += PANELS) {
      const strip = Math.min(PANELS, panelsOf(bRows) - j);
      const panel = packedRight + 32 * j * count;
      const rows = symmetric ? Math.min(panelsOf(aRows), j + strip) : panelsOf(aRows);
      space.code.multiply64(packedLeft, rows, panel, strip, count, sums + 32 * j, stride, 0);
    }
  }
  const result = new Float64Array(a.rows * b.rows);
  const found = space.float64(sums, 4 * aPanels * stride);
  for (let i = 0; i < a.rows; i++) result.set(found.subarray(i * stride, i * stride + b.rows), i * b.rows);
  return result;
}
