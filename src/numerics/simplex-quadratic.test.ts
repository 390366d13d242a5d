import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { minimizeOnSimplex } from "./simplex-quadratic.ts";

/** H = XᵀX and b = Xᵀy of random points: wᵀHw - 2bᵀw + yᵀy = |X w - y|². */
function points(n: number, width: number, random: Stream): { x: Float64Array[]; y: Float64Array } {
  const draw = () => Float64Array.from({ length: width }, () => random.normal());
  return { x: Array.from({ length: n }, draw), y: draw() };
}

const dot = (a: ArrayLike<number>, b: Float64Array): number => b.reduce((sum, v, i) => sum + v * a[i]!, 0);

function quadratic(x: readonly Float64Array[], y: Float64Array): { h: Float64Array; b: Float64Array } {
  return {
    h: Float64Array.from(x.flatMap((p) => x.map((q) => dot(p, q)))),
    b: Float64Array.from(x, (p) => dot(p, y)),
  };
}

function valueAt(h: Float64Array, b: Float64Array, w: ArrayLike<number>): number {
  const n = b.length;
  let value = 0;
  for (let i = 0; i < n; i++) {
    value -= 2 * b[i]! * w[i]!;
    for (let j = 0; j < n; j++) value += w[i]! * w[j]! * h[i * n + j]!;
  }
  return value;
}

describe("minimizeOnSimplex", () => {
  it("projects a point onto the simplex", () => {
    // H = I: the nearest weights to b. Known: shift all by the same amount, cut at zero.
    const identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    const { weights } = minimizeOnSimplex(identity, Float64Array.of(0.9, 0.5, -2));
    expect(weights[0]).toBeCloseTo(0.7, 14);
    expect(weights[1]).toBeCloseTo(0.3, 14);
    expect(weights[2]).toBe(0);
  });

  it("gives back weights that explain the target without rest", () => {
    const random = Stream.root(1);
    const { x } = points(8, 20, random);
    const truth = [0.5, 0, 0.3, 0, 0, 0.2, 0, 0];
    const y = Float64Array.from({ length: 20 }, (_, d) => truth.reduce((sum, w, i) => sum + w * x[i]![d]!, 0));
    const { h, b } = quadratic(x, y);
    const { weights, value, gap } = minimizeOnSimplex(h, b);
    for (const [i, w] of truth.entries()) expect(weights[i]).toBeCloseTo(w, 10);
    expect(value).toBeCloseTo(-dot(y, y), 10);
    expect(gap).toBeLessThan(1e-10);
  });

  it.each([
    [1, 3],
    [5, 2],
    [40, 60],
    [60, 12],
    [200, 30],
  ])("meets the conditions of the optimum: %i points of width %i", (n, width) => {
    for (let seed = 0; seed < 5; seed++) {
      const random = Stream.root(seed).derive(n, width);
      const { x, y } = points(n, width, random);
      const { h, b } = quadratic(x, y);
      const { weights, value, gap } = minimizeOnSimplex(h, b);
      expect(weights.every((w) => w >= 0)).toBe(true);
      expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
      expect(value).toBeCloseTo(valueAt(h, b, weights), 8);
      expect(gap).toBeLessThan(1e-9);
      // No vertex, and no point between it and a vertex, is better.
      for (let i = 0; i < n; i++) {
        const nearby = weights.map((w, j) => 0.999 * w + (i === j ? 0.001 : 0));
        expect(valueAt(h, b, nearby)).toBeGreaterThanOrEqual(value - 1e-9);
      }
    }
  });

  it("is not led astray by points that stand twice or lie between others", () => {
    const random = Stream.root(3);
    const { x, y } = points(6, 4, random);
    const middle = x[0]!.map((v, d) => (v + x[1]![d]!) / 2);
    const plain = quadratic(x, y);
    const doubled = quadratic([...x, ...x, middle], y);
    const [one, two] = [minimizeOnSimplex(plain.h, plain.b), minimizeOnSimplex(doubled.h, doubled.b)];
    expect(two.value).toBeCloseTo(one.value, 10);
    expect(two.gap).toBeLessThan(1e-10);
    const same = Float64Array.from({ length: 9 }).fill(2);
    expect(minimizeOnSimplex(same, Float64Array.of(1, 1, 1)).value).toBeCloseTo(0, 12);
  });

  it("refuses what is no quadratic", () => {
    expect(() => minimizeOnSimplex(new Float64Array(3), new Float64Array(2))).toThrow(RangeError);
    expect(() => minimizeOnSimplex(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow("not finite");
  });
});
