import { describe, expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { heaviest } from "./heaviest.ts";

describe("heaviest", () => {
  it("finds what a full sort finds, ties by position", () => {
    const random = Stream.root(1);
    for (let n = 1; n < 60; n++) {
      const weights = Float64Array.from({ length: n }, () => random.int(10));
      const sorted = Int32Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]! || a - b);
      for (const count of [1, 2, Math.ceil(n / 2), n]) expect(heaviest(weights, count)).toEqual(sorted.slice(0, count));
      expect(heaviest(weights, n + 3)).toEqual(sorted);
    }
  });
});
