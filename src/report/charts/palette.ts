/**
 * Colors of charts. SVGs carry the light ones literally, so that each stands alone; the style sheet of the page replaces them in
 * the dark by attribute selectors, one rule a color (`darkRules`).
 */
export const INK = "#24292f";
export const MUTED = "#6e7781";
export const GRID = "#e3e7eb";

/** Series, told apart by shape as well: blue, vermilion, green, purple, ochre, teal. All at least 4.5 : 1 on white. */
export const SERIES: readonly { readonly light: string; readonly dark: string; readonly shape: string }[] = [
  { light: "#0a62b5", dark: "#6cb2ff", shape: "circle" },
  { light: "#b84a08", dark: "#ff9e5e", shape: "square" },
  { light: "#1f7a46", dark: "#5fd38c", shape: "triangle-up" },
  { light: "#8339a6", dark: "#d49bf0", shape: "diamond" },
  { light: "#8a6400", dark: "#e3bd4f", shape: "cross" },
  { light: "#0b7480", dark: "#55cfdc", shape: "triangle-down" },
];

/** The series of position i; colors come round again after the sixth. */
export function series(i: number) {
  return SERIES[i % SERIES.length]!;
}

const DARK: readonly (readonly [light: string, dark: string])[] = [
  [INK, "#e2e7ec"],
  [MUTED, "#9aa5b1"],
  [GRID, "#31383f"],
  ...SERIES.map(({ light, dark }) => [light, dark] as const),
];

/** CSS rules that replace the colors of charts inside `scope`, for a dark page. */
export function darkRules(scope: string): string {
  return DARK.map(
    ([light, dark]) => `${scope} [fill="${light}"]{fill:${dark}}${scope} [stroke="${light}"]{stroke:${dark}}`,
  ).join("\n");
}
