// Householder reduction of a symmetric float64 matrix, and the application of Givens rotations to its basis.
// ../tridiagonal.ts says what it computes and is the fallback.

@inline
function at(base: usize, i: i32): usize {
  return base + ((<usize>i) << 3);
}

// row -= a * x + b * y over [from, to).
@inline
function updateRow(row: usize, x: usize, y: usize, a: f64, b: f64, from: i32, to: i32): void {
  let j = from;
  if ((j & 1) && j < to) {
    store<f64>(at(row, j), load<f64>(at(row, j)) - (a * load<f64>(at(x, j)) + b * load<f64>(at(y, j))));
    j++;
  }
  const aa = f64x2.splat(a);
  const bb = f64x2.splat(b);
  for (; j + 2 <= to; j += 2) {
    const change = f64x2.add(f64x2.mul(aa, v128.load(at(x, j))), f64x2.mul(bb, v128.load(at(y, j))));
    v128.store(at(row, j), f64x2.sub(v128.load(at(row, j)), change));
  }
  if (j < to) store<f64>(at(row, j), load<f64>(at(row, j)) - (a * load<f64>(at(x, j)) + b * load<f64>(at(y, j))));
}

// The same update, and with the new row: p += row * v[i], returns row.v, both over [from, to).
@inline
function updateAndMultiply(
  row: usize, x: usize, y: usize, a: f64, b: f64, v: usize, vi: f64, p: usize, from: i32, to: i32,
): f64 {
  let sum: f64 = 0;
  let j = from;
  if ((j & 1) && j < to) {
    const r = load<f64>(at(row, j)) - (a * load<f64>(at(x, j)) + b * load<f64>(at(y, j)));
    store<f64>(at(row, j), r);
    sum += r * load<f64>(at(v, j));
    store<f64>(at(p, j), load<f64>(at(p, j)) + r * vi);
    j++;
  }
  const aa = f64x2.splat(a);
  const bb = f64x2.splat(b);
  const vv = f64x2.splat(vi);
  let s0 = f64x2.splat(0);
  let s1 = s0;
  for (; j + 4 <= to; j += 4) {
    const r0 = f64x2.sub(v128.load(at(row, j)), f64x2.add(f64x2.mul(aa, v128.load(at(x, j))), f64x2.mul(bb, v128.load(at(y, j)))));
    const r1 = f64x2.sub(v128.load(at(row, j), 16), f64x2.add(f64x2.mul(aa, v128.load(at(x, j), 16)), f64x2.mul(bb, v128.load(at(y, j), 16))));
    v128.store(at(row, j), r0);
    v128.store(at(row, j), r1, 16);
    s0 = f64x2.add(s0, f64x2.mul(r0, v128.load(at(v, j))));
    s1 = f64x2.add(s1, f64x2.mul(r1, v128.load(at(v, j), 16)));
    v128.store(at(p, j), f64x2.add(v128.load(at(p, j)), f64x2.mul(r0, vv)));
    v128.store(at(p, j), f64x2.add(v128.load(at(p, j), 16), f64x2.mul(r1, vv)), 16);
  }
  const s = f64x2.add(s0, s1);
  sum += f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; j < to; j++) {
    const r = load<f64>(at(row, j)) - (a * load<f64>(at(x, j)) + b * load<f64>(at(y, j)));
    store<f64>(at(row, j), r);
    sum += r * load<f64>(at(v, j));
    store<f64>(at(p, j), load<f64>(at(p, j)) + r * vi);
  }
  return sum;
}

// Turns row k, columns k + 1 .. n - 1, into a reflector with v[k + 1] = 1; returns its scale.
function reflector(row: usize, k: i32, n: i32, off: usize): f64 {
  const head = load<f64>(at(row, k + 1));
  let largest: f64 = 0;
  for (let j = k + 2; j < n; j++) largest = max(largest, abs(load<f64>(at(row, j))));
  // Below this a reciprocal overflows: rounding noise of a matrix of low rank, which shrinks by 1e-16 from row to row.
  if (!(largest > 1e-290)) {
    store<f64>(off, head + (largest <= 1e-290 ? 0 : NaN));
    return 0;
  }
  largest = max(largest, abs(head));
  let sum: f64 = 0; // scaled, so that squares neither overflow nor vanish
  for (let j = k + 1; j < n; j++) {
    const x = load<f64>(at(row, j)) / largest;
    sum += x * x;
  }
  const norm = largest * sqrt(sum);
  const beta = head >= 0 ? -norm : norm;
  store<f64>(off, beta);
  const inverse = 1 / (head - beta);
  for (let j = k + 2; j < n; j++) store<f64>(at(row, j), load<f64>(at(row, j)) * inverse);
  store<f64>(at(row, k + 1), 1);
  return (beta - head) / beta;
}

/**
 * Steps `first` .. `last` - 1 of the reduction of the upper triangle of `a` (n x n, row-major) in place: the reflectors stay in
 * its rows, their scales in `scales`. The rank-2 update of one step and the matrix-vector product of the next are one pass over
 * the rows; step n - 2 only makes the last update. `work` is room for 2n numbers, kept between calls, zero before the first.
 */
export function tridiagonalize(a: usize, n: i32, first: i32, last: i32, off: usize, scales: usize, work: usize): void {
  const rowBytes = (<usize>n) << 3;
  for (let k = first; k < last; k++) {
    const row = a + (<usize>k) * rowBytes;
    // The reflector of the step before, not yet applied: its vector v and p = scale A v - ... ; in the first step both are zeros.
    const pending = k > 0 && load<f64>(at(scales, k - 1)) != 0;
    const p = work + (k & 1 ? 0 : rowBytes);
    const q = work + (k & 1 ? rowBytes : 0);
    const v = pending ? row - rowBytes : p;
    if (k == n - 2) {
      if (pending) {
        for (let i = k; i < n; i++) updateRow(a + (<usize>i) * rowBytes, p, v, load<f64>(at(v, i)), load<f64>(at(p, i)), i, n);
      }
      return;
    }
    if (pending) updateRow(row, p, v, load<f64>(at(v, k)), load<f64>(at(p, k)), k, n);
    const scale = reflector(row, k, n, at(off, k));
    store<f64>(at(scales, k), scale);
    memory.fill(at(q, k), 0, (<usize>(n - k)) << 3);
    for (let i = k + 1; i < n; i++) {
      const ri = a + (<usize>i) * rowBytes;
      const x = pending ? load<f64>(at(v, i)) : 0;
      const y = pending ? load<f64>(at(p, i)) : 0;
      if (scale == 0) {
        if (pending) updateRow(ri, p, v, x, y, i, n);
        continue;
      }
      const w = load<f64>(at(row, i));
      const diagonal = load<f64>(at(ri, i)) - (x * load<f64>(at(p, i)) + y * load<f64>(at(v, i)));
      store<f64>(at(ri, i), diagonal);
      const sum = updateAndMultiply(ri, p, v, x, y, row, w, q, i + 1, n);
      store<f64>(at(q, i), load<f64>(at(q, i)) + sum + diagonal * w);
    }
    if (scale == 0) continue;
    let dot: f64 = 0;
    for (let i = k + 1; i < n; i++) {
      const x = load<f64>(at(q, i)) * scale;
      store<f64>(at(q, i), x);
      dot += x * load<f64>(at(row, i));
    }
    const half = -0.5 * scale * dot;
    for (let i = k + 1; i < n; i++) store<f64>(at(q, i), load<f64>(at(q, i)) + half * load<f64>(at(row, i)));
  }
}

// row -= scale (row.v) v over [from, n), v being reflector from - 1.
@inline
function reflectRow(row: usize, v: usize, scale: f64, from: i32, n: i32): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let j = from;
  for (; j + 4 <= n; j += 4) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(at(row, j)), v128.load(at(v, j))));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(at(row, j), 16), v128.load(at(v, j), 16)));
  }
  const s = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; j < n; j++) sum += load<f64>(at(row, j)) * load<f64>(at(v, j));
  sum *= scale;
  if (sum == 0) return;
  const ss = f64x2.splat(sum);
  for (j = from; j + 2 <= n; j += 2) {
    v128.store(at(row, j), f64x2.sub(v128.load(at(row, j)), f64x2.mul(ss, v128.load(at(v, j)))));
  }
  if (j < n) store<f64>(at(row, j), load<f64>(at(row, j)) - sum * load<f64>(at(v, j)));
}

/** Applies reflectors `last` - 1 down to `first` to Qᵀ (n x n, the identity at the start). */
export function accumulateReflectors(a: usize, n: i32, first: i32, last: i32, scales: usize, q: usize): void {
  for (let k = last - 1; k >= first; k--) {
    const scale = load<f64>(at(scales, k));
    if (scale == 0) continue;
    const v = a + ((<usize>k * n) << 3);
    for (let r = k + 1; r < n; r++) reflectRow(q + ((<usize>r * n) << 3), v, scale, k + 1, n);
  }
}

/** Applies reflectors `last` - 1 down to `first` to `count` rows of n numbers. */
export function reflectRows(a: usize, n: i32, first: i32, last: i32, scales: usize, rows: usize, count: i32): void {
  for (let k = last - 1; k >= first; k--) {
    const scale = load<f64>(at(scales, k));
    if (scale == 0) continue;
    const v = a + ((<usize>k * n) << 3);
    for (let r = 0; r < count; r++) reflectRow(rows + ((<usize>r * n) << 3), v, scale, k + 1, n);
  }
}

/** Columns of the basis that stay in the cache while all rotations pass. */
const STRIPE: i32 = 16;

/**
 * Applies `count` rotations to columns `first` .. `last` - 1 of q (rows of n numbers): rotation t turns rows (rows[t], rows[t] + 1)
 * by c = turns[2t], s = turns[2t + 1].
 */
export function rotateRows(q: usize, n: i32, first: i32, last: i32, rows: usize, turns: usize, count: i32): void {
  const stride = (<usize>n) << 3;
  for (let from = first; from < last; from += STRIPE) {
    const to = min(from + STRIPE, last);
    for (let t = 0; t < count; t++) {
      let low = q + (<usize>load<i32>(rows + ((<usize>t) << 2))) * stride + ((<usize>from) << 3);
      let high = low + stride;
      const c = load<f64>(turns + ((<usize>t) << 4));
      const s = load<f64>(turns + ((<usize>t) << 4), 8);
      if (to - from == STRIPE) {
        const cc = f64x2.splat(c);
        const ss = f64x2.splat(s);
        for (let j: usize = 0; j < 128; j += 16) {
          const x = v128.load(high + j);
          const y = v128.load(low + j);
          v128.store(high + j, f64x2.add(f64x2.mul(ss, y), f64x2.mul(cc, x)));
          v128.store(low + j, f64x2.sub(f64x2.mul(cc, y), f64x2.mul(ss, x)));
        }
      } else {
        for (let j = from; j < to; j++) {
          const x = load<f64>(high);
          const y = load<f64>(low);
          store<f64>(high, s * y + c * x);
          store<f64>(low, c * y - s * x);
          low += 8;
          high += 8;
        }
      }
    }
  }
}
