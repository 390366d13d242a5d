// Nearest centroids with lower bounds (Elkan 2003), a block of points at a time. Distances are |x|² + |c|² - 2 x.c in float32
// with negatives cut to zero, as faiss computes them; a bound only ever saves a distance, never changes one.
//
// A bound matrix holds, for each centroid, one row of `points` numbers: a lower bound on the distance (not squared), plus all that
// the centroid has drifted by then. So a bound grows weaker as the centroid drifts on without being written again. A point's bound
// on its own centroid is infinite: that distance is always known.

/** Squared distance of two rows of `cols` numbers (a multiple of four, padded with zeros) with squared norms `xx` and `cc`. */
@inline
function squaredDistance(x: usize, c: usize, cols: i32, xx: f32, cc: f32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const whole = x + (((<usize>cols) >> 4) << 6);
  while (x < whole) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(x), v128.load(c)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(x, 16), v128.load(c, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(x, 32), v128.load(c, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(x, 48), v128.load(c, 48)));
    x += 64;
    c += 64;
  }
  const rest = x + (((<usize>cols) & 15) << 2);
  while (x < rest) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(x), v128.load(c)));
    x += 16;
    c += 16;
  }
  const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  const low = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1);
  const high = f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3);
  return max<f32>(0, xx + cc - 2 * (low + high));
}

/**
 * Raises bounds by the products of leading coordinates: with x = (y, z) and c = (b, a), |x - c|² >= |y - b|² + (|z| - |a|)².
 * `tile` holds the products y.b of one centroid with all points; `slack` is what rounding may have added; `drift` is what the
 * centroid has drifted so far. `drop` is taken off the old bounds (infinity: they do not count, infinite ones neither).
 */
export function raiseBounds(
  bounds: usize, points: i32, tile: usize, heads: usize, tails: usize, head: f32, tail: f32, drop: f32, drift: f32,
  slack: f32,
): void {
  const hh = f32x4.splat(head - slack);
  const tt = f32x4.splat(tail);
  const dropped = f32x4.splat(drop);
  const drifted = f32x4.splat(drift);
  const zero = f32x4.splat(0);
  const end = bounds + ((<usize>points) << 2);
  while (bounds < end) {
    const dot = v128.load(tile);
    const gap = f32x4.sub(v128.load(tails), tt);
    const square = f32x4.add(
      f32x4.sub(f32x4.add(v128.load(heads), hh), f32x4.add(dot, dot)),
      f32x4.mul(gap, gap),
    );
    const fresh = f32x4.add(f32x4.sqrt(f32x4.max(square, zero)), drifted);
    // Not max: an old bound that is no number must not count.
    v128.store(bounds, f32x4.pmax(fresh, f32x4.sub(v128.load(bounds), dropped)));
    bounds += 16;
    tile += 16;
    heads += 16;
    tails += 16;
  }
}

/** The centroid with the smallest bound for each point, none having drifted; the first of equals. `smallest` is room for `points` numbers. */
export function lowestBounds(bounds: usize, k: i32, points: i32, labels: usize, smallest: usize): void {
  for (let p: usize = 0; p < (<usize>points) << 2; p += 16) {
    v128.store(smallest + p, f32x4.splat(Infinity));
    v128.store(labels + p, i32x4.splat(0));
  }
  for (let j = 0; j < k; j++) {
    const index = i32x4.splat(j);
    for (let p: usize = 0; p < (<usize>points) << 2; p += 16) {
      const bound = v128.load(bounds);
      const old = v128.load(smallest + p);
      const less = f32x4.lt(bound, old);
      v128.store(smallest + p, v128.bitselect(bound, old, less));
      v128.store(labels + p, v128.bitselect(index, v128.load(labels + p), less));
      bounds += 16;
    }
  }
}

/**
 * The nearest centroid of each point, starting from the one in `labels`. Every centroid whose bound, less what it
 * drifted, is below the best distance so far is measured; ties go to the lower index. Between a point and a centroid, neither of
 * which moved (`moved` marks centroids; a point moves with its own), nothing can have changed. `groups` is room for half as many
 * integers as there are points. Returns how many distances were computed.
 */
export function nearest(
  bounds: usize, k: i32, points: i32, drifts: usize, moved: usize, labels: usize, squares: usize, reaches: usize,
  groups: usize, x: usize, xx: usize, c: usize, cc: usize, cols: i32, slack: f32,
): i32 {
  const rowBytes = (<usize>cols) << 2;
  const all = groups;
  const allEnd = groups + (<usize>points);
  const some = allEnd;
  let someEnd = some;
  let computed = 0;
  // The groups of four points: all of them, and those with a point that moved.
  for (let p: usize = 0; p < (<usize>points) << 2; p += 16) store<i32>(groups + (p >> 2), <i32>p);
  for (let p = 0; p < points; p++) {
    const at = (<usize>p) << 2;
    const label = load<i32>(labels + at);
    const own = (<usize>label) << 2;
    if (!load<i32>(moved + own)) continue;
    const d = squaredDistance(x + (<usize>p) * rowBytes, c + (<usize>label) * rowBytes, cols, load<f32>(xx + at), load<f32>(cc + own));
    computed++;
    store<f32>(squares + at, d);
    store<f32>(reaches + at, sqrt<f32>(d + slack));
    store<f32>(bounds + (<usize>label * points << 2) + at, Infinity);
    const group = <i32>(at & ~15);
    if (someEnd == some || load<i32>(someEnd - 4) != group) {
      store<i32>(someEnd, group);
      someEnd += 4;
    }
  }
  for (let j = 0; j < k; j++) {
    const drift = load<f32>(drifts + ((<usize>j) << 2));
    const dd = f32x4.splat(drift);
    const row = bounds + ((<usize>j * points) << 2);
    const center = c + (<usize>j) * rowBytes;
    const norm = load<f32>(cc + ((<usize>j) << 2));
    const whole = load<i32>(moved + ((<usize>j) << 2)) != 0;
    const end = whole ? allEnd : someEnd;
    for (let group = whole ? all : some; group < end; group += 4) {
      const p = <usize>load<i32>(group);
      const near = f32x4.le(v128.load(row + p), f32x4.add(v128.load(reaches + p), dd));
      if (!v128.any_true(near)) continue;
      const bits = i32x4.bitmask(near);
      for (let lane: usize = 0; lane < 4; lane++) {
        if (!((bits >> <i32>lane) & 1)) continue;
        const at = p + (lane << 2);
        computed++;
        const d = squaredDistance(x + (at >> 2) * rowBytes, center, cols, load<f32>(xx + at), norm);
        const best = load<f32>(squares + at);
        const label = load<i32>(labels + at);
        if (d < best || (d == best && j < label)) {
          // The one given up gets its measured distance as its bound.
          const given = sqrt<f32>(max<f32>(0, best - slack)) + load<f32>(drifts + ((<usize>label) << 2));
          store<f32>(bounds + ((<usize>label * points) << 2) + at, given);
          store<f32>(row + at, Infinity);
          store<f32>(squares + at, d);
          store<f32>(reaches + at, sqrt<f32>(d + slack));
          store<i32>(labels + at, j);
        } else {
          store<f32>(row + at, sqrt<f32>(max<f32>(0, d - slack)) + drift);
        }
      }
    }
  }
  return computed;
}

/** Adds each point to the sum of its cluster where `stale` marks that, in the order of the points, and counts all. */
export function addToSums(
  x: usize, points: i32, cols: i32, labels: usize, stale: usize, sums: usize, counts: usize,
): void {
  const rowBytes = (<usize>cols) << 2;
  for (let p = 0; p < points; p++) {
    const label = <usize>load<i32>(labels + ((<usize>p) << 2));
    const count = counts + (label << 2);
    store<i32>(count, load<i32>(count) + 1);
    if (!load<i32>(stale + (label << 2))) continue;
    let from = x + (<usize>p) * rowBytes;
    let to = sums + label * rowBytes;
    const end = to + rowBytes;
    while (to < end) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
      to += 16;
      from += 16;
    }
  }
}
