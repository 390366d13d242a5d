/** (e + 1)^3 - 1 without the rounding of the sum. */
export function cubeLessOne(e: number): number {
  return e * (3 + e * (3 + e));
}
