import type { Matrix } from "../core/matrix.ts";
import { columnMeans, gram } from "../numerics/gram.ts";
import { symmetricEigen } from "../numerics/symmetric-eigen.ts";

/** A text's place on the map, rounded to five digits. */
export type Point = readonly [x: number, y: number];

/** The texts of one cell on gold's map. */
export interface MapPanel {
  readonly model: string | null;
  readonly method: string;
  readonly points: readonly Point[];
}

/** One dataset as one encoder sees it: gold, and every method beside it on the same axes. */
export interface GoldMap {
  readonly dataset: string;
  readonly encoder: string;
  /** Share of gold's variance along each axis, in [0, 1]. */
  readonly explained: Point;
  readonly gold: readonly Point[];
  readonly panels: readonly MapPanel[];
}

/** `maps.json` in a run's folder. */
export interface MapFile {
  readonly schema: 1;
  readonly maps: readonly GoldMap[];
}

/** Points a panel holds at most: enough to see a shape, few enough for a page. */
export const MAP_POINTS = 400;

/**
 * Gold's two principal components, and each system's texts on them: a picture, not a metric, since two axes hold a small part
 * of the variance (`explained` says how much). The axes are fitted on all of gold; the first 400 rows of each set are drawn.
 *
 * @param gold m x d, m >= 2.
 * @param systems the embeddings of repeat 0 of each (model, method), n x d.
 */
export function goldMap(
  dataset: string,
  encoder: string,
  gold: Matrix,
  systems: readonly { readonly model: string | null; readonly method: string; readonly embeddings: Matrix }[],
): GoldMap {
  const { mean, axes, explained } = principalAxes(gold);
  const place = (m: Matrix): Point[] =>
    Array.from({ length: Math.min(m.rows, MAP_POINTS) }, (_, i) => {
      const [x, y] = axes.map((axis) => along(m, i, mean, axis));
      return [rounded(x ?? 0), rounded(y ?? 0)];
    });
  return {
    dataset,
    encoder,
    explained,
    gold: place(gold),
    panels: systems.map(({ model, method, embeddings }) => ({ model, method, points: place(embeddings) })),
  };
}

/** The two directions of greatest variance; signs are fixed by the largest component, so that maps do not flip. */
function principalAxes(gold: Matrix): { mean: Float64Array; axes: Float64Array[]; explained: Point } {
  const d = gold.cols;
  const mean = columnMeans(gold);
  const { values, vectors } = symmetricEigen(gram(gold, { means: mean }), d);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const share = (k: number) => (total > 0 ? rounded(Math.max(0, values[k] ?? 0) / total) : 0);
  const axes = [0, 1].map((k) => withFixedSign(vectors.slice(k * d, (k + 1) * d)));
  return { mean, axes, explained: [share(0), share(1)] };
}

function withFixedSign(axis: Float64Array): Float64Array {
  let largest = 0;
  for (const x of axis) if (Math.abs(x) > Math.abs(largest) + 1e-12) largest = x;
  return largest < 0 ? axis.map((x) => -x) : axis;
}

function along(m: Matrix, i: number, mean: Float64Array, axis: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < axis.length; j++) sum += (m.data[i * m.cols + j]! - mean[j]!) * axis[j]!;
  return sum;
}

function rounded(x: number): number {
  return Number(x.toPrecision(5));
}
