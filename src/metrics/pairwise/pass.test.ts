import { describe, expect, test } from "vitest";
import { normalRows } from "../../testing/metrics/input.ts";
import { dot, squaredDistance } from "./exact.ts";
import { geometryOf, type Precision } from "./geometry.ts";
import { type PairBlock, type PairVisitor, type PassSide, passAcross, passInside } from "./pass.ts";

const N = 530;
const M = 270;

function sideOf(rows: number, seed: number, precision: Precision): PassSide {
  const m = normalRows(rows, 7, seed);
  return {
    geometry: geometryOf(m, precision, null),
    weights: Float64Array.from({ length: rows }, (_, i) => 1 + (i % 3)),
  };
}

/** Notes each pair shown and how far its numbers are from the definitions. */
class Witness implements PairVisitor {
  readonly seen: Uint8Array;
  readonly repeats: [number, number][] = [];
  worst = 0;
  blocks = 0;
  readonly #p: PassSide;
  readonly #q: PassSide;

  constructor(p: PassSide, q: PassSide) {
    this.#p = p;
    this.#q = q;
    this.seen = new Uint8Array(p.weights.length * q.weights.length);
  }

  visit({ i, first, count, products, distances, weights }: PairBlock): void {
    this.blocks++;
    const [x, y] = [this.#p.geometry.rows, this.#q.geometry.rows];
    for (let q = 0; q < count; q++) {
      const j = first + q;
      this.seen[i * y.rows + j]!++;
      const off = Math.abs(products[q]! - dot(x, i, y, j)) + Math.abs(distances[q]! - squaredDistance(x, i, y, j));
      this.worst = Math.max(this.worst, off + Math.abs(weights[q]! - this.#p.weights[i]! * this.#q.weights[j]!));
    }
  }

  repeat(i: number, times: number): void {
    if (this.blocks > 0) throw new Error("A repeat was told after a block.");
    this.repeats.push([i, times]);
  }
}

describe.each(["single", "double"] as const)("A pass over pairs in %s precision", (precision) => {
  const bound = precision === "single" ? 1e-4 : 1e-12;

  test("shows every visitor each pair inside a set once, its repeats first", () => {
    const side = sideOf(N, 3, precision);
    const witnesses = [new Witness(side, side), new Witness(side, side)];
    passInside(side, precision, witnesses);
    for (const { seen, worst, repeats } of witnesses) {
      expect(seen.every((times, at) => times === (at % N > Math.floor(at / N) ? 1 : 0))).toBe(true);
      expect(worst).toBeLessThan(bound);
      expect(repeats).toHaveLength(Math.floor(N / 3) + Math.floor((N + 1) / 3));
      expect(repeats.slice(0, 3)).toEqual([
        [1, 2],
        [2, 3],
        [4, 2],
      ]);
    }
  });

  test("shows each pair of two sets once", () => {
    const [p, q] = [sideOf(N, 3, precision), sideOf(M, 4, precision)];
    const witness = new Witness(p, q);
    passAcross(p, q, precision, [witness]);
    expect(witness.seen.every((times) => times === 1)).toBe(true);
    expect(witness.worst).toBeLessThan(bound);
    expect(witness.repeats).toEqual([]);
  });
});
