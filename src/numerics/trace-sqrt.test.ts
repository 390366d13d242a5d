import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { choleskyTransposed, nuclearNorm, rootRows, traceSqrtProduct } from "./trace-sqrt.ts";

/** XᵀX of `rank` normal rows of n numbers. */
function psd(n: number, rank: number, seed: number): Float64Array {
  const random = Stream.root(seed);
  const x = Float64Array.from({ length: rank * n }, () => random.normal());
  const a = new Float64Array(n * n);
  for (let r = 0; r < rank; r++) {
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a[i * n + j]! += x[r * n + i]! * x[r * n + j]!;
  }
  return a;
}

describe("the trace of the root of a product", () => {
  it("is the sum of the products' roots for matrices that commute", () => {
    const a = Float64Array.of(4, 0, 0, 9);
    const factor = choleskyTransposed(Float64Array.of(25, 0, 0, 1), 2);
    expect(factor).not.toBeNull();
    expect(traceSqrtProduct(a, factor!, 2)).toBeCloseTo(2 * 5 + 3 * 1, 13);
  });

  it("is one number by both routes", () => {
    const a = psd(12, 30, 1);
    const b = psd(12, 30, 2);
    const direct = traceSqrtProduct(a, choleskyTransposed(b, 12)!, 12);
    expect(nuclearNorm(rootRows(a, 12), rootRows(b, 12)) / direct).toBeCloseTo(1, 12);
    expect(traceSqrtProduct(b, choleskyTransposed(a, 12)!, 12) / direct).toBeCloseTo(1, 12);
  });

  it("is the trace for equal matrices, also of low rank", () => {
    const a = psd(10, 4, 3);
    let trace = 0;
    for (let i = 0; i < 10; i++) trace += a[i * 11]!;
    expect(choleskyTransposed(a, 10)).toBeNull();
    const rows = rootRows(a, 10);
    expect(rows.rows).toBe(4);
    expect(nuclearNorm(rows, rows) / trace).toBeCloseTo(1, 12);
  });

  it("is zero where one side is", () => {
    const none = rootRows(new Float64Array(9), 3);
    expect(none.rows).toBe(0);
    expect(nuclearNorm(none, rootRows(psd(3, 5, 4), 3))).toBe(0);
  });
});
