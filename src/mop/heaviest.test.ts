import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { heaviest } from "./heaviest.ts";

describe("heaviest", () => {
  it("finds what a full sort finds, and all that tie with the last", () => {
    const random = Stream.root(1);
    for (let n = 1; n < 60; n++) {
      const weights = Float64Array.from({ length: n }, () => random.int(10));
      const sorted = Int32Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]! || a - b);
      for (const count of [1, 2, Math.ceil(n / 2), n, n + 3]) {
        const last = weights[sorted[Math.min(count, n) - 1]!]!;
        expect(heaviest(weights, count)).toEqual(sorted.filter((i) => weights[i]! >= last));
      }
    }
  });

  it("gives exactly as many as asked for where none tie, and all where all do", () => {
    const random = Stream.root(2);
    const weights = Float64Array.from({ length: 200 }, () => random.next());
    const sorted = Int32Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]!);
    expect(heaviest(weights, 7)).toEqual(sorted.slice(0, 7));
    expect(heaviest(new Float64Array(5).fill(0.2), 2)).toEqual(Int32Array.of(0, 1, 2, 3, 4));
  });
});
