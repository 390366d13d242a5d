import type { Point } from "../../analysis/map.ts";
import { xml } from "../escape.ts";
import { MUTED } from "./palette.ts";

/** Edge of the square map in its own units. */
const SIDE = 200;
const MARGIN = 6;

/** The square that holds all points of a map, the same for all of its panels. */
export interface MapFrame {
  readonly centre: Point;
  readonly radius: number;
}

/** @param sets gold and every panel. */
export function mapFrame(sets: readonly (readonly Point[])[]): MapFrame {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of sets.flat()) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  if (left > right) return { centre: [0, 0], radius: 1 };
  return { centre: [(left + right) / 2, (bottom + top) / 2], radius: Math.max(right - left, top - bottom, 1e-9) / 2 };
}

/**
 * Gold and one synthetic set on gold's axes: each set is one path of round dots, which keeps a page with many maps small.
 *
 * @param colour of the synthetic points, one of the palette.
 */
export function mapSvg(
  description: string,
  frame: MapFrame,
  gold: readonly Point[],
  synthetic: readonly Point[],
  colour: string,
): string {
  const scale = (SIDE / 2 - MARGIN) / frame.radius;
  const place = ([x, y]: Point) =>
    `M${round(SIDE / 2 + (x - frame.centre[0]) * scale)} ${round(SIDE / 2 - (y - frame.centre[1]) * scale)}h0`;
  const dots = (points: readonly Point[], stroke: string, size: number, opacity: number) =>
    `<path d="${points.map(place).join("")}" fill="none" stroke="${stroke}" stroke-width="${size}" stroke-linecap="round" stroke-opacity="${opacity}"/>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="${xml(description)}">` +
    `${dots(gold, MUTED, 3.4, 0.45)}${dots(synthetic, colour, 2.8, 0.75)}</svg>`
  );
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
