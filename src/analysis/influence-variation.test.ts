import { describe, expect, it } from "vitest";
import type { Matrix } from "../core/matrix.ts";
import { takeRows } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { fid, frechetDistance } from "../metrics/fid.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import { embeddingSet, inputFor, points } from "../testing/populations.ts";
import type { AlignedSet } from "./aligned-set.ts";
import { influenceVariation } from "./influence-variation.ts";

const random = Stream.root(5);
const all = Array.from({ length: 400 }, (_, i) => i);

const variation = async (repeats: readonly AlignedSet[], gold: SampleSet, contexts: number) =>
  influenceVariation(repeats, inputFor(gold), fid, contexts, random);
const aligned = (matrix: Matrix, indices: readonly number[]) => ({ set: embeddingSet(matrix), indices });
const without = (matrix: Matrix, row: number) =>
  takeRows(
    matrix,
    Array.from({ length: matrix.rows }, (_, i) => i).filter((i) => i !== row),
  );

describe("influenceVariation of FID", () => {
  it.each([
    { name: "more people than dimensions", n: 150, d: 8, alike: 0.98 },
    { name: "fewer people than dimensions", n: 40, d: 60, alike: 0.9 },
  ])(
    "is what FID loses with each person and the answers to that person's context: $name",
    async ({ name, n, d, alike }) => {
      const everyone = Array.from({ length: n }, (_, i) => i);
      const gold = points(random.derive(name, "gold"), n, d);
      const repeats = [0, 1].map((r) => points(random.derive(name, r), n, d, { shift: 0.8, spread: 0.9 }));
      const found = (await variation(
        repeats.map((matrix) => aligned(matrix, everyone)),
        embeddingSet(gold),
        n,
      ))!;
      const people = Array.from({ length: 12 }, (_, i) => i * 3);
      const left = people.map((person) => {
        const values = repeats.map((texts) =>
          frechetDistance(embeddingSet(without(texts, person)), embeddingSet(without(gold, person))),
        );
        return (values[0]! + values[1]!) / 2;
      });
      // Leaving one out moves FID by its bias as well, the same for all, so the slopes are compared about their means.
      const slopes = left.map((value) => -value * (n - 1));
      const derivative = people.map((person) => found.values[person]! * n);
      const [a, b] = [centered(slopes), centered(derivative)];
      expect(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))).toBeGreaterThan(alike);
      expect(Math.sqrt(dot(b, b) / dot(a, a))).toBeGreaterThan(0.8);
      expect(Math.sqrt(dot(b, b) / dot(a, a))).toBeLessThan(1.2);
      expect(found.factor).toBe(n);
    },
  );

  it("knows that FID falls with n, and by how much", async () => {
    // The bias of |m - m_g|^2 alone is (tr S + tr S_g) / n; of the covariances' part, that a set of one law shows: FID itself.
    const bias = async (spread: number) => {
      const sets = Array.from({ length: 6 }, (_, r) =>
        aligned(points(random.derive("bias", spread, r), 400, 6, { spread }), all),
      );
      return (await variation(sets, embeddingSet(points(random.derive("law"), 400, 6)), 400))!.bias;
    };
    const values = Array.from({ length: 6 }, (_, r) =>
      frechetDistance(
        embeddingSet(points(random.derive("bias", 1, r), 400, 6)),
        embeddingSet(points(random.derive("law"), 400, 6)),
      ),
    );
    const fid = values.reduce((sum, x) => sum + x, 0) / 6; // one law, so all of it is bias
    expect((await bias(1)) / fid).toBeGreaterThan(0.6);
    expect((await bias(1)) / fid).toBeLessThan(1.5);
    expect(await bias(2)).toBeGreaterThan(1.5 * (await bias(1)));
  });

  it("gives an answer to the person whose context it answers, where samples go round or some failed", async () => {
    const gold = points(random.derive("round"), 20, 4);
    const texts = points(random.derive("texts"), 20, 4, { shift: 1 });
    const straight = (await variation([aligned(texts, all.slice(0, 20))], embeddingSet(gold), 20))!;
    const round = (await variation([aligned(texts, all.slice(20, 40))], embeddingSet(gold), 20))!;
    expect(round.values).toEqual(straight.values);
    const failed = (await variation(
      [
        aligned(
          without(texts, 3),
          all.slice(0, 20).filter((i) => i !== 3),
        ),
      ],
      embeddingSet(gold),
      20,
    ))!;
    expect(failed.values.every(Number.isFinite)).toBe(true);
    expect(failed.values).toHaveLength(20);
  });

  it("needs embeddings", async () => {
    const texts = new SampleSet({ texts: ["a", "b"] });
    expect(await variation([{ set: texts, indices: [0, 1] }], texts, 2)).toBeNull();
  });
});

function centered(values: readonly number[]): number[] {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.map((x) => x - mean);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}
