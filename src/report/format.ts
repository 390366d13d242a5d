/** How numbers and names look in every rendering. Minus signs are U+2212, so that they are as wide as digits. */

/**
 * Decimals for a column of numbers, so that all line up: three significant digits for the largest and two for the smallest that
 * is not zero, at most four decimals (more only where every number is below 0.001).
 */
export function decimalsFor(values: readonly (number | null)[]): number {
  const sizes = values.flatMap((value) => (value === null || value === 0 ? [] : [Math.abs(value)]));
  if (sizes.length === 0) return 3;
  const forLargest = 2 - Math.floor(Math.log10(Math.max(...sizes)));
  const forSmallest = 1 - Math.floor(Math.log10(Math.min(...sizes)));
  const enough = Math.max(forLargest, forSmallest);
  return Math.max(0, Math.min(enough, Math.max(4, forLargest - 1)));
}

/** A number with this many decimals; never `-0.000`. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "\u2212");
}

/** A difference with its sign. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** 12,345 */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** 0.34 -> 34 % */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 1 ? "< 1" : Math.round(value)} %`;
}

/** 75 -> 1 min 15 s */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An arrow towards better. */
export function arrow(better: "higher" | "lower" | "gold"): string {
  return { higher: "\u2191", lower: "\u2193", gold: "\u2192" }[better];
}

/** The arrow in words, for those who do not see it. */
export function direction(better: "higher" | "lower" | "gold"): string {
  return { higher: "higher is better", lower: "lower is better", gold: "closest to people's own value is best" }[
    better
  ];
}

/** A text cut to a length, at a code point, with an ellipsis. */
export function shortened(text: string, length: number): string {
  // Two units are a code point at most: the rest of a long text is not looked at.
  const points = [...text.slice(0, 2 * length + 2)];
  return points.length <= length ? text : `${points.slice(0, length).join("").trimEnd()}\u2026`;
}

/** A name as an HTML id. */
export function slug(...parts: readonly (string | null)[]): string {
  return parts
    .map((part) => (part ?? "none").replace(/[^A-Za-z0-9]+/g, "-").toLowerCase())
    .join("--")
    .replace(/^-+|-+$/g, "");
}
