import { describe, expect, test } from "vitest";
import { type Matrix, matrix, takeRows } from "../../core/matrix.ts";
import { embeddingSet, normalRows } from "../../testing/metrics/input.ts";
import { dot, squaredDistance } from "./exact.ts";
import type { Precision } from "./geometry.ts";
import { cubicSums, gaussianSums, unbiasedMmd } from "./mmd.ts";
import { Pairwise, pairwise } from "./pairwise.ts";

const BINS = 50;
const K = 5;

const compare = (gold: Matrix, synthetic: Matrix, precision: Precision) =>
  new Pairwise(gold, synthetic, { neighbors: K, bins: BINS, precision });

function stacked(...parts: readonly Matrix[]): Matrix {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return matrix(data, data.length / parts[0]!.cols, parts[0]!.cols);
}

/** Everything from its definition, in float64, one pair at a time. */
function plainly(gold: Matrix, synthetic: Matrix) {
  const distances = (a: Matrix, b: Matrix) =>
    Array.from({ length: a.rows }, (_, i) => Array.from({ length: b.rows }, (_, j) => squaredDistance(a, i, b, j)));
  const [pp, qq, pq] = [distances(gold, gold), distances(synthetic, synthetic), distances(gold, synthetic)];
  const ascending = (values: number[]) => values.sort((a, b) => a - b);
  const radius = (rows: number[][]) => rows.map((row, i) => ascending(row.filter((_, j) => j !== i))[K - 1]!);
  const [rp, rq] = [radius(pp), radius(qq)];
  const columns = synthetic.rows;
  const share = (flags: boolean[]) => flags.filter(Boolean).length / flags.length;
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const upper = (rows: number[][]) => rows.flatMap((row, i) => row.slice(i + 1));
  const pooled = ascending([...upper(pp), ...upper(qq), ...pq.flat()]).map(Math.sqrt);
  const median = (pooled[(pooled.length - 1) >> 1]! + pooled[pooled.length >> 1]!) / 2;
  const gaussian = (values: number[]) => values.map((t) => Math.exp(-t / (2 * median * median)));
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  return {
    prdc: {
      precision: share(range(columns).map((j) => pq.some((row, i) => row[j]! < rp[i]!))),
      recall: share(pq.map((row) => row.some((t, j) => t < rq[j]!))),
      density: pq.reduce((sum, row, i) => sum + row.filter((t) => t < rp[i]!).length, 0) / (K * columns),
      coverage: share(pq.map((row, i) => Math.min(...row) < rp[i]!)),
    },
    median,
    mmd: mean(gaussian(upper(pp))) + mean(gaussian(upper(qq))) - 2 * mean(gaussian(pq.flat())),
    cosines: cosineCounts(synthetic),
  };
}

function cosineCounts(m: Matrix): number[] {
  const counts = new Array<number>(BINS).fill(0);
  for (let i = 0; i < m.rows; i++) {
    for (let j = i + 1; j < m.rows; j++) {
      const cosine = dot(m, i, m, j) / Math.sqrt(dot(m, i, m, i) * dot(m, j, m, j));
      counts[Math.min(BINS - 1, Math.floor((Math.min(1, cosine) + 1) * (BINS / 2)))]!++;
    }
  }
  return counts;
}

const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** The first `kinds` rows, over and over. */
const picked = (m: Matrix, count: number, kinds: number) =>
  takeRows(
    m,
    rows(0, count).map((i) => i % kinds),
  );
const base = normalRows(90, 12, 1);
const other = normalRows(110, 12, 2, 0.3);
/** What encoders do: a large common part, and small differences. */
const offset = (m: Matrix) =>
  matrix(
    m.data.map((x, at) => 0.01 * x + 3 + (at % m.cols)),
    m.rows,
    m.cols,
  );
const outlier = (m: Matrix) =>
  matrix(
    m.data.map((x, at) => (at < m.cols ? 3000 * x : x)),
    m.rows,
    m.cols,
  );

/** The last number: how far float32 products may move a kernel mean. */
const CASES: readonly (readonly [string, Matrix, Matrix, number])[] = [
  ["two clouds", base, other, 1e-8],
  ["a collapsed set", base, picked(other, 120, 7), 1e-8],
  ["copies of gold, some twice", base, stacked(base, picked(base, 30, 30)), 1e-8],
  ["repeats on both sides", picked(base, 90, 40), picked(base, 80, 60), 1e-8],
  ["a large common part", offset(base), offset(other), 1e-7],
  ["a row far out", outlier(base), other, 1e-5],
  ["sets of fewer pairs than are drawn from", picked(base, 11, 11), picked(other, 8, 8), 1e-8],
];

describe.each(["double", "single"] as const)(
  "The pairwise pass in %s precision equals the definitions",
  (precision) => {
    test.each(CASES)("for %s", (_, gold, synthetic, rounding) => {
      const pairs = compare(gold, synthetic, precision);
      const plain = plainly(gold, synthetic);
      for (const [name, value] of Object.entries(plain.prdc))
        expect(pairs.cross.prdc[name as keyof typeof plain.prdc], name).toBeCloseTo(value, 12);
      expect([...pairs.synthetic.cosineCounts]).toEqual(plain.cosines);
      expect(pairs.median).toBeCloseTo(plain.median, 12);
      const mmd = unbiasedMmd(gaussianSums(pairs, 1 / (2 * plain.median ** 2)));
      expect(Math.abs(mmd - plain.mmd)).toBeLessThan(precision === "double" ? 1e-12 : rounding);
    });
  },
);

describe("The pairwise pass", () => {
  test("gives the same counts in single precision as in double at the sizes it is for", () => {
    const gold = normalRows(1500, 48, 5);
    const synthetic = normalRows(1300, 48, 6, 0.1);
    const [exact, fast] = [compare(gold, synthetic, "double"), compare(gold, synthetic, "single")];
    expect(fast.cross.prdc).toEqual(exact.cross.prdc);
    expect(fast.gold.cosineCounts).toEqual(exact.gold.cosineCounts);
    expect(fast.median).toBe(exact.median);
    const gamma = 1 / (2 * exact.median ** 2);
    const difference = (sums: typeof gaussianSums | typeof cubicSums) =>
      Math.abs(unbiasedMmd(sums(fast, gamma)) - unbiasedMmd(sums(exact, gamma)));
    expect(difference(gaussianSums)).toBeLessThan(1e-9);
    expect(difference(cubicSums)).toBeLessThan(1e-8);
  });

  test("computes gold's part once, whatever it is held against", () => {
    const gold = embeddingSet(base);
    const options = { neighbors: K, bins: BINS };
    const far = embeddingSet(normalRows(100, 12, 9, 4));
    const near = embeddingSet(other);
    const second = [pairwise(gold, far, options), pairwise(gold, near, options)][1]!;
    expect(second.gold).toBe(pairwise(gold, far, options).gold);
    expect(pairwise(gold, near, options)).toBe(second);
    const fresh = pairwise(embeddingSet(base), near, options);
    expect(second.median).toBe(fresh.median);
    expect(second.cross.prdc).toEqual(fresh.cross.prdc);
  });

  test("finds the median where all distances are equal", () => {
    const corners = matrix(
      Float32Array.from({ length: 120 * 120 }, (_, at) => (at % 121 === 0 ? 1 : 0)),
      120,
      120,
    );
    const gold = takeRows(corners, rows(0, 60));
    const synthetic = takeRows(corners, rows(60, 120));
    expect(compare(gold, synthetic, "double").median).toBeCloseTo(Math.SQRT2, 14);
    expect(compare(gold, synthetic, "single").median).toBeCloseTo(Math.SQRT2, 14);
  });
});
