// What Lanczos' method spends its time on, in float64: products with sparse rows and their transpose, and keeping a vector
// orthogonal to others. As in product.as.ts the order of every sum is fixed.

/**
 * y += U Uᵀ x for `rows` sparse rows of U, each of `parts` parts: part s holds scales[s] at each of the columns
 * columns[starts[s]] .. columns[starts[s + 1] - 1], added up where one repeats. `scratch` is room for one number a column.
 */
export function multiplySparse(
  rows: i32, parts: i32, starts: usize, columns: usize, scales: usize, x: usize, scratch: usize, width: i32, y: usize,
): void {
  memory.fill(scratch, 0, (<usize>width) << 3);
  let part = 0;
  for (let i = 0; i < rows; i++) {
    const value = load<f64>(x + ((<usize>i) << 3));
    for (let k = 0; k < parts; k++, part++) {
      const range = starts + ((<usize>part) << 2);
      let from = columns + ((<usize>load<i32>(range)) << 2);
      const end = columns + ((<usize>load<i32>(range, 4)) << 2);
      const change = value * load<f64>(scales + ((<usize>part) << 3));
      for (; from < end; from += 4) {
        const to = scratch + ((<usize>load<i32>(from)) << 3);
        store<f64>(to, load<f64>(to) + change);
      }
    }
  }
  part = 0;
  for (let i = 0; i < rows; i++) {
    let total: f64 = 0;
    for (let k = 0; k < parts; k++, part++) {
      const range = starts + ((<usize>part) << 2);
      let from = columns + ((<usize>load<i32>(range)) << 2);
      const end = columns + ((<usize>load<i32>(range, 4)) << 2);
      // Two running sums: one alone would wait for itself at every step.
      let even: f64 = 0;
      let odd: f64 = 0;
      for (; from + 4 < end; from += 8) {
        even += load<f64>(scratch + ((<usize>load<i32>(from)) << 3));
        odd += load<f64>(scratch + ((<usize>load<i32>(from, 4)) << 3));
      }
      if (from < end) even += load<f64>(scratch + ((<usize>load<i32>(from)) << 3));
      total += load<f64>(scales + ((<usize>part) << 3)) * (even + odd);
    }
    const to = y + ((<usize>i) << 3);
    store<f64>(to, load<f64>(to) + total);
  }
}

/** Takes off a vector of n numbers its components along `count` unit vectors, one after the other. */
export function orthogonalize(vector: usize, basis: usize, count: i32, n: i32): void {
  const bytes = (<usize>n) << 3;
  const whole = bytes & ~31;
  for (let k = 0; k < count; k++) {
    const unit = basis + (<usize>k) * bytes;
    let s0 = f64x2.splat(0);
    let s1 = s0;
    for (let j: usize = 0; j < whole; j += 32) {
      s0 = f64x2.add(s0, f64x2.mul(v128.load(vector + j), v128.load(unit + j)));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(vector + j, 16), v128.load(unit + j, 16)));
    }
    const s = f64x2.add(s0, s1);
    let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
    for (let j = whole; j < bytes; j += 8) sum += load<f64>(vector + j) * load<f64>(unit + j);
    const ss = f64x2.splat(sum);
    for (let j: usize = 0; j < whole; j += 32) {
      v128.store(vector + j, f64x2.sub(v128.load(vector + j), f64x2.mul(ss, v128.load(unit + j))));
      v128.store(vector + j, f64x2.sub(v128.load(vector + j, 16), f64x2.mul(ss, v128.load(unit + j, 16))), 16);
    }
    for (let j = whole; j < bytes; j += 8) store<f64>(vector + j, load<f64>(vector + j) - sum * load<f64>(unit + j));
  }
}

/** vector = the sum of `count` vectors of n numbers, each times its weight. */
export function combine(vector: usize, basis: usize, count: i32, n: i32, weights: usize): void {
  const bytes = (<usize>n) << 3;
  memory.fill(vector, 0, bytes);
  for (let k = 0; k < count; k++) {
    const from = basis + (<usize>k) * bytes;
    const weight = load<f64>(weights + ((<usize>k) << 3));
    const ww = f64x2.splat(weight);
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) v128.store(vector + j, f64x2.add(v128.load(vector + j), f64x2.mul(ww, v128.load(from + j))));
    if (j < bytes) store<f64>(vector + j, load<f64>(vector + j) + weight * load<f64>(from + j));
  }
}
