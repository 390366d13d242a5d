// Rows of float32 numbers: their products with float64 ones and their distances, in float64. As in product.as.ts the order of
// every sum is fixed.

/** Two numbers of a row as float64. */
@inline
function two(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** out[r] = x . weights for the rows x of `cols` numbers that `list` names. */
export function rowProducts(rows: usize, cols: i32, list: usize, count: i32, weights: usize, out: usize): void {
  const rowBytes = (<usize>cols) << 2;
  const whole = (<usize>(cols & ~3)) << 2;
  for (let r = 0; r < count; r++) {
    const row = rows + (<usize>load<i32>(list + ((<usize>r) << 2))) * rowBytes;
    let low = f64x2.splat(0);
    let high = low;
    let k: usize = 0;
    for (; k < whole; k += 16) {
      low = f64x2.add(low, f64x2.mul(two(row + k), v128.load(weights + (k << 1))));
      high = f64x2.add(high, f64x2.mul(two(row + k + 8), v128.load(weights + (k << 1), 16)));
    }
    let first = f64x2.extract_lane(low, 0);
    for (; k < rowBytes; k += 4) first += <f64>load<f32>(row + k) * load<f64>(weights + (k << 1));
    const sum = first + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1));
    store<f64>(out + ((<usize>r) << 3), sum);
  }
}

/** sums += factors[r] x for the rows x of `cols` numbers that `list` names. Four rows at a time: sums are read and written a quarter as often. */
export function addRows(rows: usize, cols: i32, list: usize, count: i32, factors: usize, sums: usize): void {
  const rowBytes = (<usize>cols) << 2;
  const whole = (<usize>(cols & ~1)) << 2;
  let r = 0;
  for (; r + 4 <= count; r += 4) {
    const at = list + ((<usize>r) << 2);
    const by = factors + ((<usize>r) << 3);
    const x0 = rows + (<usize>load<i32>(at)) * rowBytes;
    const x1 = rows + (<usize>load<i32>(at, 4)) * rowBytes;
    const x2 = rows + (<usize>load<i32>(at, 8)) * rowBytes;
    const x3 = rows + (<usize>load<i32>(at, 12)) * rowBytes;
    const f0 = v128.load64_splat(by);
    const f1 = v128.load64_splat(by, 8);
    const f2 = v128.load64_splat(by, 16);
    const f3 = v128.load64_splat(by, 24);
    let k: usize = 0;
    for (; k < whole; k += 8) {
      const to = sums + (k << 1);
      const front = f64x2.add(f64x2.mul(f0, two(x0 + k)), f64x2.mul(f1, two(x1 + k)));
      const back = f64x2.add(f64x2.mul(f2, two(x2 + k)), f64x2.mul(f3, two(x3 + k)));
      v128.store(to, f64x2.add(v128.load(to), f64x2.add(front, back)));
    }
    if (k < rowBytes) {
      const to = sums + (k << 1);
      const front = load<f64>(by) * <f64>load<f32>(x0 + k) + load<f64>(by, 8) * <f64>load<f32>(x1 + k);
      const back = load<f64>(by, 16) * <f64>load<f32>(x2 + k) + load<f64>(by, 24) * <f64>load<f32>(x3 + k);
      store<f64>(to, load<f64>(to) + (front + back));
    }
  }
  for (; r < count; r++) {
    const row = rows + (<usize>load<i32>(list + ((<usize>r) << 2))) * rowBytes;
    const factor = load<f64>(factors + ((<usize>r) << 3));
    for (let k: usize = 0; k < rowBytes; k += 4) {
      const to = sums + (k << 1);
      store<f64>(to, load<f64>(to) + factor * <f64>load<f32>(row + k));
    }
  }
}

/** out[r] = |x - center|² for `count` rows x of `cols` numbers. */
export function rowDistances(rows: usize, cols: i32, count: i32, center: usize, out: usize): void {
  const rowBytes = (<usize>cols) << 2;
  const whole = (<usize>(cols & ~3)) << 2;
  for (let r = 0; r < count; r++) {
    const row = rows + (<usize>r) * rowBytes;
    let low = f64x2.splat(0);
    let high = low;
    let k: usize = 0;
    for (; k < whole; k += 16) {
      const front = f64x2.sub(two(row + k), two(center + k));
      const back = f64x2.sub(two(row + k + 8), two(center + k + 8));
      low = f64x2.add(low, f64x2.mul(front, front));
      high = f64x2.add(high, f64x2.mul(back, back));
    }
    let first = f64x2.extract_lane(low, 0);
    for (; k < rowBytes; k += 4) {
      const gap = <f64>load<f32>(row + k) - <f64>load<f32>(center + k);
      first += gap * gap;
    }
    const sum = first + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1));
    store<f64>(out + ((<usize>r) << 3), sum);
  }
}
