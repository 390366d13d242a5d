import type { Point } from "../../analysis/map.ts";
import { xml } from "../escape.ts";
import { MUTED } from "./palette.ts";

/** Edge of the square map in its own units. */
const SIDE = 200;
const MARGIN = 6;

/** The square that is drawn, the same for all panels of a map. */
export interface MapFrame {
  readonly center: Point;
  readonly radius: number;
}

/**
 * The square about all but the outermost hundredth of the points on each side, with some room: one far text does not squeeze the
 * rest into a corner. What lies beyond is drawn at the edge.
 *
 * @param sets gold and every panel.
 */
export function mapFrame(sets: readonly (readonly Point[])[]): MapFrame {
  const points = sets.flat();
  if (points.length === 0) return { center: [0, 0], radius: 1 };
  const [x, y] = ([0, 1] as const).map((axis) => {
    const sorted = points.map((point) => point[axis]).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
    return { middle: (at(0.01) + at(0.99)) / 2, half: (at(0.99) - at(0.01)) / 2 };
  });
  return { center: [x!.middle, y!.middle], radius: 1.2 * Math.max(x!.half, y!.half, 1e-9) };
}

/**
 * Gold and one synthetic set on gold's axes: each set is one path of round dots, which keeps a page with many maps small.
 *
 * @param color of the synthetic points, one of the palette.
 */
export function mapSvg(
  description: string,
  frame: MapFrame,
  gold: readonly Point[],
  synthetic: readonly Point[],
  color: string,
): string {
  const scale = (SIDE / 2 - MARGIN) / frame.radius;
  const within = (z: number) => Math.min(SIDE - MARGIN, Math.max(MARGIN, Math.round(10 * z) / 10));
  const place = ([x, y]: Point) =>
    `M${within(SIDE / 2 + (x - frame.center[0]) * scale)} ${within(SIDE / 2 - (y - frame.center[1]) * scale)}h0`;
  const dots = (points: readonly Point[], stroke: string, size: number, opacity: number) =>
    `<path d="${points.map(place).join("")}" fill="none" stroke="${stroke}" stroke-width="${size}" stroke-linecap="round" stroke-opacity="${opacity}"/>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="${xml(description)}">` +
    `${dots(gold, MUTED, 3.4, 0.45)}${dots(synthetic, color, 2.8, 0.75)}</svg>`
  );
}
