import { describe, expect, test } from "vitest";
import { type Matrix, matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { type Features, plainFeatures, standardizedBy } from "./features.ts";
import { decisions, type LogisticFit, LogisticRegression } from "./logistic-regression.ts";

/** Two overlapping clouds; every third row of the first class is moved over. */
function clouds(rows: number, cols: number, seed: number): { readonly m: Matrix; readonly positive: Uint8Array } {
  const random = Stream.root(seed);
  const positive = Uint8Array.from({ length: rows }, () => random.int(2));
  const data = Float32Array.from({ length: rows * cols }, (_, at) => {
    const center = positive[Math.floor(at / cols)] === 1 && at % cols < 3 ? 0.8 : 0;
    return center + (1 + (at % cols)) * 0.1 * random.normal() + 2;
  });
  return { m: matrix(data, rows, cols), positive };
}

/** The greatest entry of the gradient by its definition: w + C sum (p - y) z, and C sum (p - y). */
function steepest(features: Features, fit: LogisticFit, positive: Uint8Array, C: number): number {
  const { rows, mean, scale } = features;
  const values = decisions(features, all(rows.rows), fit.weights, fit.intercept);
  const excess = values.map((f, i) => C * (1 / (1 + Math.exp(-f)) - positive[i]!));
  let worst = Math.abs(excess.reduce((sum, x) => sum + x, 0));
  for (let k = 0; k < rows.cols; k++) {
    const slope = excess.reduce(
      (sum, x, i) => sum + (x * (rows.data[i * rows.cols + k]! - mean[k]!)) / scale[k]!,
      fit.weights[k]!,
    );
    worst = Math.max(worst, Math.abs(slope));
  }
  return worst;
}

const all = (rows: number) => Uint32Array.from({ length: rows }, (_, i) => i);

describe("LogisticRegression", () => {
  test.each([
    [300, 6, 1],
    [60, 100, 0.1],
    [200, 12, 10],
  ])("reaches the point where the gradient vanishes (%i x %i, C = %d)", (rows, cols, C) => {
    const { m, positive } = clouds(rows, cols, rows);
    const features = standardizedBy(m, m);
    const fit = new LogisticRegression(features, all(rows), { C }).fit(all(rows), positive, undefined, 1e-26);
    expect(steepest(features, fit, positive, C)).toBeLessThan(1e-8);
  });

  test("gives the same minimum from any start", () => {
    const { m, positive } = clouds(200, 10, 5);
    const model = new LogisticRegression(standardizedBy(m, m), all(200), { C: 1 });
    const cold = model.fit(all(200), positive, undefined, 1e-24);
    const start = { weights: new Float64Array(10).fill(3), intercept: -4, iterations: 0 };
    const warm = model.fit(all(200), positive, start, 1e-24);
    cold.weights.forEach((weight, k) => {
      expect(warm.weights[k]!).toBeCloseTo(weight, 9);
    });
  });

  test("survives classes that a plane parts perfectly, and features that never vary", () => {
    const m = matrix(Float32Array.of(-1, 7, -2, 7, 1, 7, 2, 7), 4, 2);
    const features = standardizedBy(m, m);
    expect(features.scale[1]).toBe(1);
    const fit = new LogisticRegression(features, all(4), { C: 1 }).fit(all(4), Uint8Array.of(0, 0, 1, 1));
    expect(Array.from(decisions(features, all(4), fit.weights, fit.intercept), Math.sign)).toEqual([-1, -1, 1, 1]);
    expect(fit.weights[1]).toBeCloseTo(0, 12);
  });

  test("takes the curvature anew where one class is a handful of repeats, and is done soon after", () => {
    const [rows, cols, C] = [400, 60, 100];
    const random = Stream.root(4);
    const handful = Float64Array.from({ length: 5 * cols }, () => random.normal());
    const data = Float32Array.from({ length: rows * cols }, (_, at) => {
      const i = Math.floor(at / cols);
      return i < 200 ? random.normal() : handful[(i % 5) * cols + (at % cols)]! + 0.01 * random.normal();
    });
    const positive = Uint8Array.from({ length: rows }, (_, i) => (i < 200 ? 1 : 0));
    const features = standardizedBy(matrix(data, rows, cols), matrix(data, rows, cols));
    const fit = new LogisticRegression(features, all(rows), { C }).fit(all(rows), positive, undefined, 1e-24);
    expect(fit.iterations).toBeGreaterThan(28);
    expect(fit.iterations).toBeLessThan(60);
    expect(steepest(features, fit, positive, C)).toBeLessThan(1e-6);
  });

  test("factors no curvature for very wide features and still finds the minimum", () => {
    const { m, positive } = clouds(24, 1700, 9);
    const features = plainFeatures(m);
    const fit = new LogisticRegression(features, all(24), { C: 0.01 }).fit(all(24), positive, undefined, 1e-22);
    expect(steepest(features, fit, positive, 0.01)).toBeLessThan(1e-6);
  });
});
