import { expect, test } from "vitest";
import type { KernelKind } from "../../numerics/kernel/workspace.ts";
import { normalRows } from "../../testing/metrics/input.ts";
import { CosineHistogram } from "./cosines.ts";
import { CubicSum } from "./cubic.ts";
import { centerOf, geometryOf } from "./geometry.ts";
import { DISTANCE_BINS, DistanceMoments } from "./moments.ts";
import { type PairBlock, type PairVisitor, type PassSide, passInside } from "./pass.ts";
import { PairWindow } from "./window.ts";

const ROWS = 531; // blocks of even and of odd length
const BINS = 20;

/** Copies of the blocks of a pass. */
class Blocks implements PairVisitor {
  readonly all: PairBlock[] = [];

  visit(block: PairBlock): void {
    const { products, distances, weights } = block;
    this.all.push({
      ...block,
      ...{ products: products.slice(), distances: distances.slice(), weights: weights.slice() },
    });
  }
}

function sideOf(width: number): PassSide {
  const m = normalRows(ROWS, width, 5, 0.2);
  const weights = Float64Array.from({ length: ROWS }, (_, i) => 1 + (i % 3));
  return { geometry: geometryOf(m, "single", centerOf(m, weights)), weights };
}

/** Everything the visitors have to say, by the code of one kind. */
function told(side: PassSide, kind: KernelKind) {
  const cosines = new CosineHistogram(side, BINS, kind);
  const moments = new DistanceMoments(4 * side.geometry.reach ** 2, kind);
  const window = new PairWindow(moments, { low: 1, high: 4 }, 10, kind);
  const cubes = new CubicSum(side, side, kind);
  const blocks = new Blocks();
  passInside(side, "single", [cosines, moments, window, cubes, blocks]);
  const { length } = window;
  const kept = [window.values, window.rows, window.cols].map((column) => Array.from(column.subarray(0, length)));
  const gaussians = [0.01, 0.1].map((gamma) => moments.gaussianSum(gamma));
  const below = Array.from({ length: 9 }, (_, k) => moments.countBelow((k * DISTANCE_BINS) / 8));
  return { blocks: blocks.all, window, kept, counts: cosines.counts.slice(), gaussians, below, cubes: cubes.sum };
}

test.each([1, 7, 64])("visitors of rows of %i numbers tell the same bits in plain TypeScript", (width) => {
  const side = sideOf(width);
  const { blocks: _fast, window: _one, ...simd } = told(side, "simd");
  const { blocks: _slow, window: _two, ...plain } = told(side, "plain");
  expect(simd).toEqual(plain);
});

test("visitors count each pair as often as it occurs, where it belongs", () => {
  const side = sideOf(7);
  const { blocks, window, kept, counts, below, cubes } = told(side, "simd");
  const pairs = blocks.flatMap(({ i, first, count, products, distances, weights }) =>
    Array.from({ length: count }, (_, q) => ({
      ...{ i, j: first + q, t: distances[q]!, weight: weights[q]! },
      inner: products[q]! + side.geometry.shifts[i]! + side.geometry.shifts[first + q]!,
    })),
  );
  const total = side.weights.reduce((sum, weight) => sum + weight, 0);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe((total * (total - 1)) / 2);
  expect(below.at(-1)).toBe((total * (total - 1)) / 2);
  const inside = pairs.filter(({ t }) => t >= window.low && t < window.high);
  expect(inside.length).toBeGreaterThan(100);
  const listed = new Set(kept[0]!.map((t, at) => `${kept[1]![at]} ${kept[2]![at]} ${t}`));
  expect(inside.filter(({ i, j, t }) => !listed.has(`${i} ${j} ${t}`))).toEqual([]);
  const repeated = Array.from(side.weights, (times, i) => {
    const { data, cols } = side.geometry.given;
    const square = data.subarray(i * cols, (i + 1) * cols).reduce((sum, x) => sum + x * x, 0);
    return ((times * (times - 1)) / 2) * ((square / 7 + 1) ** 3 - 1);
  }).reduce((sum, x) => sum + x, 0);
  const expected = pairs.reduce((sum, { weight, inner }) => sum + weight * ((inner / 7 + 1) ** 3 - 1), repeated);
  expect(cubes / expected).toBeCloseTo(1, 9);
});
