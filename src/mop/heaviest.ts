/**
 * Positions of the `count` largest weights, the largest first, ties by position; and after them all that tie with the last, so
 * that an order by position decides nothing: of equal weights all are there.
 */
export function heaviest(weights: Float64Array, count: number): Int32Array {
  const top = new Int32Array(Math.min(count, weights.length));
  let held = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (held === top.length && !(weight > weights[top[held - 1]!]!)) continue;
    let low = 0;
    let high = held;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (weights[top[middle]!]! < weight) high = middle;
      else low = middle + 1;
    }
    top.copyWithin(low + 1, low, Math.min(held, top.length - 1));
    top[low] = i;
    if (held < top.length) held++;
  }
  const last = weights[top[held - 1]!]!;
  const ties = Int32Array.from(weights.keys()).filter((i) => weights[i] === last);
  return Int32Array.from([...top.filter((i) => weights[i]! > last), ...ties]);
}
