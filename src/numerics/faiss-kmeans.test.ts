import { describe, expect, it } from "vitest";
import { type Matrix, matrix, row, takeRows } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { BoundedLloyd } from "./bounded-lloyd.ts";
import { faissKMeans } from "./faiss-kmeans.ts";
import { faissPermutation } from "./mersenne-twister.ts";

/** Clustered rows whose coordinates fall in variance. */
function rows(n: number, d: number, groups: number): Matrix {
  const random = Stream.root(11);
  const centers = Array.from({ length: groups * d }, (_, i) => random.normal() / (1 + (i % d) / 4));
  const noise = (j: number) => (0.3 * random.normal()) / (1 + j / 8);
  const data = Float32Array.from({ length: n * d }, (_, at) => {
    const i = Math.floor(at / d);
    return centers[(i % groups) * d + (at % d)]! + noise(at % d);
  });
  return matrix(data, n, d);
}

/** Every distance measured, in float64. */
function nearest(m: Matrix, centroids: Float32Array, k: number, width: number): number[] {
  return Array.from({ length: m.rows }, (_, i) => {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      let square = 0;
      for (let j = 0; j < m.cols; j++) square += (row(m, i)[j]! - centroids[c * width + j]!) ** 2;
      if (square < least) {
        least = square;
        best = c;
      }
    }
    return best;
  });
}

describe("BoundedLloyd", () => {
  it("assigns as if every distance were measured, and measures few", () => {
    const m = rows(400, 70, 20);
    const start = faissPermutation(400, 5).subarray(0, 40);
    const lloyd = new BoundedLloyd(m, 40, start);
    lloyd.start(start);
    for (let iteration = 0; iteration < 4; iteration++) {
      lloyd.assign();
      expect(Array.from(lloyd.labels)).toEqual(nearest(m, lloyd.centroids, 40, lloyd.width));
      lloyd.update();
    }
    expect(lloyd.measured).toBeLessThan(0.2 * 4 * 400 * 40);
  });
});

describe("BoundedLloyd's bounds", () => {
  it("follow centroids that wander off by small steps", () => {
    const m = rows(300, 24, 20);
    const start = faissPermutation(300, 6).subarray(0, 30);
    const lloyd = new BoundedLloyd(m, 30, start);
    const random = Stream.root(12);
    lloyd.start(start);
    lloyd.assign();
    for (let step = 0; step < 15; step++) {
      for (let at = 0; at < lloyd.centroids.length; at++) lloyd.centroids[at]! += 0.04 * random.normal();
      lloyd.assign();
      expect(Array.from(lloyd.labels)).toEqual(nearest(m, lloyd.centroids, 30, lloyd.width));
    }
    expect(lloyd.measured).toBeLessThan(0.6 * 16 * 300 * 30);
  });
});

describe("faissKMeans", () => {
  const options = { seed: 27, redos: 3, iterations: 100 };

  it("gives the same bits in plain TypeScript", () => {
    for (const m of [rows(150, 9, 5), rows(130, 37, 12)]) {
      expect(faissKMeans(m, 12, { ...options, kind: "plain" })).toEqual(faissKMeans(m, 12, options));
    }
  });

  it("stops where going on changes nothing", () => {
    const m = rows(300, 20, 9);
    const short = faissKMeans(m, 15, options);
    expect(faissKMeans(m, 15, { ...options, iterations: 500 })).toEqual(short);
    expect(Math.max(...short.iterations)).toBeLessThan(100);
  });

  it("splits clusters to fill empty ones", () => {
    const m = takeRows(
      rows(20, 6, 20),
      Uint32Array.from({ length: 100 }, (_, i) => (i < 80 ? i % 4 : i % 20)),
    );
    const { splits, labels } = faissKMeans(m, 15, { ...options, iterations: 30 });
    expect(splits).toBeGreaterThan(0);
    expect(Math.max(...labels)).toBeLessThan(15);
  });

  it("handles rows that are all equal, and one cluster", () => {
    const equal = matrix(new Float32Array(60).fill(0.5), 20, 3);
    expect(faissKMeans(equal, 2, options).labels).toHaveLength(20);
    expect(new Set(faissKMeans(rows(20, 3, 2), 1, options).labels)).toEqual(new Set([0]));
  });

  it("refuses more clusters than rows", () => {
    expect(() => faissKMeans(rows(5, 3, 2), 6, options)).toThrow(RangeError);
  });
});
