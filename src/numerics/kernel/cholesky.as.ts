// Elimination of four rows of a matrix by the finished rows of its Cholesky factor, in float64. The order of every sum is fixed:
// that of `rowsProduct` in plain-cholesky.ts.

// x.y over `count` numbers, subtracted from `from` and divided by `pivot`.
@inline
function reduced(low: v128, high: v128, x: usize, y: usize, end: usize, from: f64, pivot: f64): f64 {
  let first = f64x2.extract_lane(low, 0);
  for (; y < end; y += 8) {
    first += load<f64>(x) * load<f64>(y);
    x += 8;
  }
  return (from - (first + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1)))) / pivot;
}

/**
 * Columns 0 .. `first` - 1 of rows `first` .. `first` + 3 of L, in place of those of A (n x n), the rows above being L's already.
 */
export function eliminateRows(a: usize, n: i32, first: i32): void {
  const rowBytes = (<usize>n) << 3;
  const r0 = a + (<usize>first) * rowBytes;
  const r1 = r0 + rowBytes;
  const r2 = r1 + rowBytes;
  const r3 = r2 + rowBytes;
  for (let j = 0; j < first; j++) {
    const row = a + (<usize>j) * rowBytes;
    const whole = (<usize>(j & ~3)) << 3;
    const end = (<usize>j) << 3;
    let low0 = f64x2.splat(0);
    let high0 = low0;
    let low1 = low0;
    let high1 = low0;
    let low2 = low0;
    let high2 = low0;
    let low3 = low0;
    let high3 = low0;
    for (let k: usize = 0; k < whole; k += 32) {
      const low = v128.load(row + k);
      const high = v128.load(row + k, 16);
      low0 = f64x2.add(low0, f64x2.mul(v128.load(r0 + k), low));
      high0 = f64x2.add(high0, f64x2.mul(v128.load(r0 + k, 16), high));
      low1 = f64x2.add(low1, f64x2.mul(v128.load(r1 + k), low));
      high1 = f64x2.add(high1, f64x2.mul(v128.load(r1 + k, 16), high));
      low2 = f64x2.add(low2, f64x2.mul(v128.load(r2 + k), low));
      high2 = f64x2.add(high2, f64x2.mul(v128.load(r2 + k, 16), high));
      low3 = f64x2.add(low3, f64x2.mul(v128.load(r3 + k), low));
      high3 = f64x2.add(high3, f64x2.mul(v128.load(r3 + k, 16), high));
    }
    const pivot = load<f64>(row + end);
    const y = row + whole;
    const stop = row + end;
    store<f64>(r0 + end, reduced(low0, high0, r0 + whole, y, stop, load<f64>(r0 + end), pivot));
    store<f64>(r1 + end, reduced(low1, high1, r1 + whole, y, stop, load<f64>(r1 + end), pivot));
    store<f64>(r2 + end, reduced(low2, high2, r2 + whole, y, stop, load<f64>(r2 + end), pivot));
    store<f64>(r3 + end, reduced(low3, high3, r3 + whole, y, stop, load<f64>(r3 + end), pivot));
  }
}
