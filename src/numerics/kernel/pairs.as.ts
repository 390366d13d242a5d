// Loops over the pairs that a pass shows (see metrics/pairwise/pass.ts), two at a time. Every number is computed by the same
// operations in the same order as in plain-pairs.ts, and sums are made pair after pair.

/** places = ((products + shift + shifts) * scale * inverse + 1) * half of the two pairs at q. */
@inline
function cosinePlaces(products: usize, shifts: usize, inverse: usize, shift: v128, scale: v128, half: v128, q: usize): v128 {
  const moved = f64x2.add(f64x2.add(v128.load(products + q), shift), v128.load(shifts + q));
  const cosine = f64x2.mul(f64x2.mul(moved, scale), v128.load(inverse + q));
  return f64x2.mul(f64x2.add(cosine, f64x2.splat(1)), half);
}

/**
 * Adds each pair's weight to its cosine's bin of `counts`; pairs closer to an edge than `guard`, or out of range, go into `list`
 * instead. Arrays hold an even number of entries. Returns the number of those.
 */
export function countCosines(
  products: usize,
  weights: usize,
  shifts: usize,
  inverse: usize,
  count: i32,
  shift: f64,
  scale: f64,
  half: f64,
  guard: f64,
  counts: usize,
  bins: i32,
  list: usize,
): i32 {
  const shift2 = f64x2.splat(shift);
  const scale2 = f64x2.splat(scale);
  const half2 = f64x2.splat(half);
  const low = f64x2.splat(guard);
  const high = f64x2.splat(1 - guard);
  const zero = f64x2.splat(0);
  let unsure = 0;
  for (let q = 0; q < count; q += 2) {
    const at = (<usize>q) << 3;
    const place = cosinePlaces(products, shifts, inverse, shift2, scale2, half2, at);
    const bin = i32x4.trunc_sat_f64x2_s_zero(place);
    const past = f64x2.sub(place, f64x2.convert_low_i32x4_s(bin));
    const sure = i64x2.bitmask(v128.and(v128.and(f64x2.gt(past, low), f64x2.lt(past, high)), f64x2.gt(place, zero)));
    const first = i32x4.extract_lane(bin, 0);
    if ((sure & 1) != 0 && first < bins) {
      const to = counts + ((<usize>first) << 3);
      store<f64>(to, load<f64>(to) + load<f64>(weights + at));
    } else {
      store<i32>(list + ((<usize>unsure) << 2), q);
      unsure++;
    }
    if (q + 1 == count) break;
    const second = i32x4.extract_lane(bin, 1);
    if ((sure & 2) != 0 && second < bins) {
      const to = counts + ((<usize>second) << 3);
      store<f64>(to, load<f64>(to) + load<f64>(weights + at, 8));
    } else {
      store<i32>(list + ((<usize>unsure) << 2), q + 1);
      unsure++;
    }
  }
  return unsure;
}

@inline
function addMoments(sums: usize, bin: i32, bins: i32, u: f64, weight: f64): void {
  if (<u32>bin >= <u32>bins) {
    if (abs(u) < Infinity) return;
    bin = 0; // so that a distance that is no number shows in the sums, as in plain TypeScript
  }
  const at = sums + ((<usize>bin) << 5);
  const first = weight * u;
  const low = f64x2.replace_lane(f64x2.splat(weight), 1, first);
  const second = first * u;
  const high = f64x2.replace_lane(f64x2.splat(second), 1, second * u);
  v128.store(at, f64x2.add(v128.load(at), low));
  v128.store(at, f64x2.add(v128.load(at, 16), high), 16);
}

/** Adds w, w u, w u^2, w u^3 of each pair to the four sums of its bin (see `DistanceMoments`). */
export function addDistanceMoments(
  distances: usize,
  weights: usize,
  count: i32,
  perWidth: f64,
  sums: usize,
  bins: i32,
): void {
  const scale = f64x2.splat(perWidth);
  const middle = f64x2.splat(0.5);
  for (let q = 0; q < count; q += 2) {
    const from = (<usize>q) << 3;
    const place = f64x2.mul(v128.load(distances + from), scale);
    const bin = i32x4.trunc_sat_f64x2_s_zero(place);
    const u = f64x2.sub(f64x2.sub(place, f64x2.convert_low_i32x4_s(bin)), middle);
    addMoments(sums, i32x4.extract_lane(bin, 0), bins, f64x2.extract_lane(u, 0), load<f64>(weights + from));
    if (q + 1 == count) return;
    addMoments(sums, i32x4.extract_lane(bin, 1), bins, f64x2.extract_lane(u, 1), load<f64>(weights + from, 8));
  }
}

/** Writes into `list` the pairs whose distance lies in `bins` bins from `first` on; returns their number. */
export function pairsInBins(distances: usize, count: i32, perWidth: f64, first: i32, bins: i32, list: usize): i32 {
  const scale = f64x2.splat(perWidth);
  const start = i32x4.splat(first);
  const many = i32x4.splat(bins);
  let found = 0;
  for (let q = 0; q < count; q += 2) {
    const place = f64x2.mul(v128.load(distances + ((<usize>q) << 3)), scale);
    const bin = i32x4.sub(i32x4.trunc_sat_f64x2_s_zero(place), start);
    const inside = i32x4.bitmask(i32x4.lt_u(bin, many));
    if ((inside & 3) == 0) continue;
    if ((inside & 1) != 0) {
      store<i32>(list + ((<usize>found) << 2), q);
      found++;
    }
    if ((inside & 2) != 0 && q + 1 < count) {
      store<i32>(list + ((<usize>found) << 2), q + 1);
      found++;
    }
  }
  return found;
}

/** Sum of w (e (3 + e (3 + e))) over pairs, e = (product + shift + its shift) * perWidth. */
export function sumCubes(
  products: usize,
  weights: usize,
  shifts: usize,
  count: i32,
  shift: f64,
  perWidth: f64,
): f64 {
  const shift2 = f64x2.splat(shift);
  const scale = f64x2.splat(perWidth);
  const three = f64x2.splat(3);
  let sum: f64 = 0;
  for (let q = 0; q < count; q += 2) {
    const at = (<usize>q) << 3;
    const moved = f64x2.add(f64x2.add(v128.load(products + at), shift2), v128.load(shifts + at));
    const e = f64x2.mul(moved, scale);
    const cube = f64x2.mul(e, f64x2.add(three, f64x2.mul(e, f64x2.add(three, e))));
    const term = f64x2.mul(v128.load(weights + at), cube);
    sum += f64x2.extract_lane(term, 0);
    if (q + 1 == count) break;
    sum += f64x2.extract_lane(term, 1);
  }
  return sum;
}
