/**
 * Step-down adjusted p-values: the i-th smallest is multiplied by `multipliers[i]`, then made monotone and cut at 1. A
 * hypothesis is rejected at level a when its adjusted p-value is <= a.
 *
 * @param pValues in (0, 1], in any order; the result keeps it.
 * @param multipliers falling, one for each step.
 * @throws RangeError when the numbers of both differ.
 */
export function stepDown(pValues: readonly number[], multipliers: readonly number[]): number[] {
  if (pValues.length !== multipliers.length)
    throw new RangeError(`${pValues.length} p-values and ${multipliers.length} multipliers.`);
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i]! - pValues[j]! || i - j);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  order.forEach((index, step) => {
    largest = Math.max(largest, Math.min(1, pValues[index]! * multipliers[step]!));
    adjusted[index] = largest;
  });
  return adjusted;
}

/** Holm's adjusted p-values: multipliers m, m - 1, ..., 1. Source: Holm, Scandinavian Journal of Statistics 6 (1979). */
export function holm(pValues: readonly number[]): number[] {
  return stepDown(
    pValues,
    pValues.map((_, i) => pValues.length - i),
  );
}

/**
 * Multipliers for k - 1 tests of the best of k systems against the others, where the best was found by looking at the same
 * data: k(k-1)/2, (k-1)(k-2)/2, ..., 3, 1.
 *
 * Holm's k - 1, ..., 1 would count the tests made and not the pairs that could have been tested: with five equal systems the
 * largest of ten differences is always among the four tested. After i - 1 rejections at most k - i + 1 systems can equal the
 * best, hence their pairs as the divisor (Holm's step-down with Shaffer's count of what can still be true: Shaffer, JASA 81,
 * 1986). The last step is Holm's.
 */
export function bestAgainstOthers(systems: number): number[] {
  return Array.from({ length: Math.max(0, systems - 1) }, (_, i) => {
    const inPlay = systems - i;
    return (inPlay * (inPlay - 1)) / 2;
  });
}
