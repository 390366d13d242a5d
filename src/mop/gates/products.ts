/**
 * Matrix products of the gate fit in float64, row-major. The shapes are small and change from step to step, and gradients are
 * checked against finite differences, so these stay in plain JavaScript beside numerics/product.ts (float32, one fixed side).
 * Register tiles keep eight sums or factors in flight; what no tile covers follows one number or one row at a time. Measured in
 * benchmarks/fit.ts.
 */

/** The shape of a product: `rows` x `cols` sums over `inner` terms each. */
export interface ProductShape {
  readonly rows: number;
  readonly cols: number;
  readonly inner: number;
}

/** out = A Bᵀ. A rows x inner, B cols x inner, out rows x cols. In tiles of 2 x 4 sums. */
export function timesTransposed(a: Float64Array, b: Float64Array, shape: ProductShape, out: Float64Array): void {
  const { rows, cols, inner } = shape;
  const tiledRows = rows - (rows % 2);
  const tiledCols = cols - (cols % 4);
  for (let i = 0; i < tiledRows; i += 2) {
    const a0 = i * inner;
    const a1 = a0 + inner;
    for (let j = 0; j < tiledCols; j += 4) {
      const b0 = j * inner;
      const b1 = b0 + inner;
      const b2 = b1 + inner;
      const b3 = b2 + inner;
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let t = 0; t < inner; t++) {
        const x = a[a0 + t]!;
        const y = a[a1 + t]!;
        const p = b[b0 + t]!;
        const q = b[b1 + t]!;
        const r = b[b2 + t]!;
        const s = b[b3 + t]!;
        s00 += x * p;
        s01 += x * q;
        s02 += x * r;
        s03 += x * s;
        s10 += y * p;
        s11 += y * q;
        s12 += y * r;
        s13 += y * s;
      }
      const o = i * cols + j;
      out[o] = s00;
      out[o + 1] = s01;
      out[o + 2] = s02;
      out[o + 3] = s03;
      out[o + cols] = s10;
      out[o + cols + 1] = s11;
      out[o + cols + 2] = s12;
      out[o + cols + 3] = s13;
    }
  }
  for (let i = 0; i < rows; i++)
    for (let j = i < tiledRows ? tiledCols : 0; j < cols; j++) {
      let sum = 0;
      for (let t = 0; t < inner; t++) sum += a[i * inner + t]! * b[j * inner + t]!;
      out[i * cols + j] = sum;
    }
}

/** out += A B. A rows x inner, B inner x cols, out rows x cols. */
export function addTimes(a: Float64Array, b: Float64Array, shape: ProductShape, out: Float64Array): void {
  addProduct({ values: a, down: shape.inner, across: 1 }, b, shape, out);
}

/** out += Aᵀ B. A inner x rows, B inner x cols, out rows x cols. */
export function addTransposedTimes(a: Float64Array, b: Float64Array, shape: ProductShape, out: Float64Array): void {
  addProduct({ values: a, down: 1, across: shape.rows }, b, shape, out);
}

/** A matrix whose element (i, t) is `values[i * down + t * across]`. */
interface StridedMatrix {
  readonly values: Float64Array;
  readonly down: number;
  readonly across: number;
}

/** out += A B. In tiles of two rows of out and four rows of B. */
function addProduct(
  { values: a, down, across }: StridedMatrix,
  b: Float64Array,
  shape: ProductShape,
  out: Float64Array,
) {
  const { rows, cols, inner } = shape;
  const tiledRows = rows - (rows % 2);
  const tiledInner = inner - (inner % 4);
  for (let i = 0; i < tiledRows; i += 2) {
    const o0 = i * cols;
    const o1 = o0 + cols;
    for (let t = 0; t < tiledInner; t += 4) {
      const a0 = i * down + t * across;
      const a1 = a0 + down;
      const x0 = a[a0]!;
      const x1 = a[a0 + across]!;
      const x2 = a[a0 + 2 * across]!;
      const x3 = a[a0 + 3 * across]!;
      const y0 = a[a1]!;
      const y1 = a[a1 + across]!;
      const y2 = a[a1 + 2 * across]!;
      const y3 = a[a1 + 3 * across]!;
      const b0 = t * cols;
      const b1 = b0 + cols;
      const b2 = b1 + cols;
      const b3 = b2 + cols;
      for (let j = 0; j < cols; j++) {
        const p = b[b0 + j]!;
        const q = b[b1 + j]!;
        const r = b[b2 + j]!;
        const s = b[b3 + j]!;
        out[o0 + j]! += x0 * p + x1 * q + x2 * r + x3 * s;
        out[o1 + j]! += y0 * p + y1 * q + y2 * r + y3 * s;
      }
    }
  }
  for (let i = 0; i < rows; i++)
    for (let t = i < tiledRows ? tiledInner : 0; t < inner; t++) {
      const x = a[i * down + t * across]!;
      if (x === 0) continue;
      for (let j = 0; j < cols; j++) out[i * cols + j]! += x * b[t * cols + j]!;
    }
}
