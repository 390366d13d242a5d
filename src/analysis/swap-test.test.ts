import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import { align, swapSamples } from "./aligned-set.ts";
import { linear, recomputed } from "./swap-statistics.ts";
import { permutationsFor, swapTest } from "./swap-test.ts";

const texts = (...items: string[]) => new SampleSet({ texts: items });
const random = Stream.root(1);

describe("aligning and swapping", () => {
  it("drops a sample that failed on either side on both", () => {
    const a = { set: texts("a0", "a2", "a3"), indices: [0, 2, 3] };
    const b = { set: texts("b0", "b1", "b3"), indices: [0, 1, 3] };
    const pair = align(a, b);
    expect(pair.a.texts).toEqual(["a0", "a3"]);
    expect(pair.b.texts).toEqual(["b0", "b3"]);
  });

  it("exchanges texts, labels and embeddings of the marked rows", () => {
    const side = (name: string, x: number) =>
      new SampleSet({
        texts: [`${name}0`, `${name}1`],
        labels: [`l${name}`, `l${name}`],
        embeddings: { data: Float32Array.of(x, x, x + 1, x + 1), rows: 2, cols: 2 },
      });
    const { a, b } = swapSamples({ a: side("a", 0), b: side("b", 10) }, [0, 1]);
    expect([a.texts, b.texts]).toEqual([
      ["a0", "b1"],
      ["b0", "a1"],
    ]);
    expect(a.labels).toEqual(["la", "lb"]);
    expect([...(a.embeddings?.data ?? [])]).toEqual([0, 0, 11, 11]);
    expect([...(b.embeddings?.data ?? [])]).toEqual([10, 10, 1, 1]);
  });

  it("keeps a set that is taken whole, with what was derived from it", () => {
    const set = texts("x", "y");
    expect(set.take([0, 1])).toBe(set);
    expect(set.take([1]).texts).toEqual(["y"]);
  });
});

describe("swapTest", () => {
  it("equals the count over all swaps of a small case", async () => {
    // Of the 16 sign patterns of (-1, 2, 3, 4) four reach |sum| >= 8, so p = 1/4.
    const result = await swapTest(linear([Float64Array.of(-1, 2, 3, 4)]), [4], { permutations: 20_000, random });
    expect(result?.pValue).toBeGreaterThan(0.12); // 20 successes at 1/4: 80 swaps, give or take 31 (two standard deviations)
    expect(result?.pValue).toBeLessThan(0.5);
    const statistic = linear([Float64Array.of(-1, 2, 3, 4)]);
    let reached = 0;
    for (let pattern = 0; pattern < 16; pattern++) {
      const marks = Uint8Array.from({ length: 4 }, (_, i) => (pattern >> i) & 1);
      if (Math.abs((await statistic([marks])) ?? 0) >= 2 - 1e-9) reached++;
    }
    expect(reached).toBe(4);
  });

  it("finds a difference that is there, at the resolution of its swaps", async () => {
    const apart = Float64Array.from({ length: 50 }, () => 1 + 0.1 * random.normal());
    const result = await swapTest(linear([apart]), [50], { permutations: 999, random });
    expect(result).toEqual({ pValue: 0.001, permutations: 999 });
  });

  it("stops early when nothing is there, and calls equal systems equal", async () => {
    const none = await swapTest(linear([new Float64Array(30)]), [30], { permutations: 9_999, random });
    expect(none).toEqual({ pValue: 1, permutations: 20 });
  });

  it("rejects five in a hundred when both systems are the same", async () => {
    const runs = 1_000;
    let rejected = 0;
    for (let run = 0; run < runs; run++) {
      const stream = random.derive("null", run);
      const differences = [0, 1].map(() => Float64Array.from({ length: 20 }, () => stream.normal() ** 3));
      const result = await swapTest(linear(differences), [20, 20], { permutations: 199, random: stream });
      if ((result?.pValue ?? 1) <= 0.05) rejected++;
    }
    expect(rejected / runs).toBeGreaterThan(0.03); // 5 % +- 3 standard errors of 0.7 %
    expect(rejected / runs).toBeLessThan(0.071);
  });

  it("has no answer for a statistic without a value or for no samples", async () => {
    const options = { permutations: 9, random };
    expect(await swapTest(() => null, [3], options)).toBeNull();
    expect(await swapTest(() => 0, [0, 0], options)).toBeNull();
  });

  it("recomputes any metric on the swapped sets, averaged over repeats", async () => {
    const pairs = [
      { a: texts("aa", "a"), b: texts("b", "b") },
      { a: texts("a", "a"), b: texts("b", "bbb") },
    ];
    const length = (set: SampleSet) => (set.texts ?? []).reduce((sum, text) => sum + text.length, 0);
    const statistic = recomputed(pairs, length);
    expect(await statistic([new Uint8Array(2), new Uint8Array(2)])).toBe((1 - 2) / 2);
    expect(await statistic([Uint8Array.of(1, 0), Uint8Array.of(0, 1)])).toBe((-1 + 2) / 2);
  });

  it("draws enough swaps for the corrected level", () => {
    expect(permutationsFor(1)).toBe(199);
    expect((1 + permutationsFor(6)) * (0.05 / 6)).toBeCloseTo(10, 12);
  });
});
