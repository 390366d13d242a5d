/**
 * Matrix products of the gate fit in float64, row-major. The shapes are small and change from step to step, and gradients are
 * checked against finite differences, so these stay in plain JavaScript beside numerics/product.ts (float32, one fixed side).
 * Register tiles of 2 x 4 keep eight sums in flight; measured in benchmarks/fit.ts.
 */

/** out = A Bᵀ. A m x k, B n x k, out m x n. */
export function timesTransposed(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  out: Float64Array,
): void {
  let i = 0;
  for (; i + 1 < m; i += 2) {
    const a0 = i * k;
    const a1 = a0 + k;
    let j = 0;
    for (; j + 3 < n; j += 4) {
      const b0 = j * k;
      const b1 = b0 + k;
      const b2 = b1 + k;
      const b3 = b2 + k;
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let t = 0; t < k; t++) {
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
      const o = i * n + j;
      out[o] = s00;
      out[o + 1] = s01;
      out[o + 2] = s02;
      out[o + 3] = s03;
      out[o + n] = s10;
      out[o + n + 1] = s11;
      out[o + n + 2] = s12;
      out[o + n + 3] = s13;
    }
    for (; j < n; j++) {
      out[i * n + j] = dot(a, a0, b, j * k, k);
      out[(i + 1) * n + j] = dot(a, a1, b, j * k, k);
    }
  }
  for (; i < m; i++) for (let j = 0; j < n; j++) out[i * n + j] = dot(a, i * k, b, j * k, k);
}

/** out += A B. A m x k, B k x n, out m x n. */
export function addTimes(a: Float64Array, b: Float64Array, m: number, n: number, k: number, out: Float64Array): void {
  addProduct(a, k, 1, b, m, n, k, out);
}

/** out += Aᵀ B. A k x m, B k x n, out m x n. */
export function addTransposedTimes(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  out: Float64Array,
): void {
  addProduct(a, 1, m, b, m, n, k, out);
}

/** out += A B, element (i, t) of A at i * down + t * across. Two rows of out take four rows of B at a time. */
function addProduct(
  a: Float64Array,
  down: number,
  across: number,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  out: Float64Array,
): void {
  let i = 0;
  for (; i + 1 < m; i += 2) {
    let t = 0;
    for (; t + 3 < k; t += 4) {
      const p = i * down + t * across;
      const q = p + down;
      addFourRowsTwice(
        a[p]!,
        a[p + across]!,
        a[p + 2 * across]!,
        a[p + 3 * across]!,
        a[q]!,
        a[q + across]!,
        a[q + 2 * across]!,
        a[q + 3 * across]!,
        b,
        t * n,
        n,
        out,
        i * n,
      );
    }
    for (; t < k; t++) {
      addRow(a[i * down + t * across]!, b, t * n, n, out, i * n);
      addRow(a[(i + 1) * down + t * across]!, b, t * n, n, out, (i + 1) * n);
    }
  }
  for (; i < m; i++) for (let t = 0; t < k; t++) addRow(a[i * down + t * across]!, b, t * n, n, out, i * n);
}

function dot(a: Float64Array, from: number, b: Float64Array, at: number, k: number): number {
  let sum = 0;
  for (let t = 0; t < k; t++) sum += a[from + t]! * b[at + t]!;
  return sum;
}

function addRow(x: number, b: Float64Array, from: number, n: number, out: Float64Array, at: number): void {
  if (x === 0) return;
  for (let j = 0; j < n; j++) out[at + j]! += x * b[from + j]!;
}

function addFourRowsTwice(
  x0: number,
  x1: number,
  x2: number,
  x3: number,
  y0: number,
  y1: number,
  y2: number,
  y3: number,
  b: Float64Array,
  from: number,
  n: number,
  out: Float64Array,
  at: number,
): void {
  const b1 = from + n;
  const b2 = b1 + n;
  const b3 = b2 + n;
  const next = at + n;
  for (let j = 0; j < n; j++) {
    const p = b[from + j]!;
    const q = b[b1 + j]!;
    const r = b[b2 + j]!;
    const s = b[b3 + j]!;
    out[at + j]! += x0 * p + x1 * q + x2 * r + x3 * s;
    out[next + j]! += y0 * p + y1 * q + y2 * r + y3 * s;
  }
}
