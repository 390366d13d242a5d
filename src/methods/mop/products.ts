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
  for (let i = 0; i < m; i++) {
    const o = i * n;
    let t = 0;
    for (; t + 3 < k; t += 4) {
      const p = i * k + t;
      addFourRows(a[p]!, a[p + 1]!, a[p + 2]!, a[p + 3]!, b, t * n, n, out, o);
    }
    for (; t < k; t++) addRow(a[i * k + t]!, b, t * n, n, out, o);
  }
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
  for (let i = 0; i < m; i++) {
    const o = i * n;
    let t = 0;
    for (; t + 3 < k; t += 4) {
      const p = t * m + i;
      addFourRows(a[p]!, a[p + m]!, a[p + 2 * m]!, a[p + 3 * m]!, b, t * n, n, out, o);
    }
    for (; t < k; t++) addRow(a[t * m + i]!, b, t * n, n, out, o);
  }
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

function addFourRows(
  x0: number,
  x1: number,
  x2: number,
  x3: number,
  b: Float64Array,
  from: number,
  n: number,
  out: Float64Array,
  at: number,
): void {
  const b1 = from + n;
  const b2 = b1 + n;
  const b3 = b2 + n;
  for (let j = 0; j < n; j++) out[at + j]! += x0 * b[from + j]! + x1 * b[b1 + j]! + x2 * b[b2 + j]! + x3 * b[b3 + j]!;
}
