/** How often intervals held the expected value, in a simulation. */
export interface Coverage {
  /** Of the intervals given. */
  readonly share: number;
  /** The standard error of `share`. */
  readonly error: number;
  /** Share of cases in which there was no interval. */
  readonly none: number;
}

/** 95 % intervals that cover between 92 and 98 % of the time, as far as the simulation can tell: one-sided, at 5 %. */
export function holds({ share, error }: Coverage): boolean {
  return share >= 0.92 - 1.64 * error && share <= 0.98 + 1.64 * error;
}

/** `94.8`, or `94.8 (3)` where 3 % of the cases had no interval. */
export function coverageText({ share, none }: Coverage): string {
  return (100 * share).toFixed(1) + (none >= 0.005 ? ` (${Math.round(100 * none)})` : "");
}
