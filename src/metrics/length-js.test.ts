import { quantileSeq } from "mathjs/number";
import { describe, expect, test } from "vitest";
import { Stream } from "../core/stream.ts";
import { metricInput } from "../testing/metrics/input.ts";
import { binLengths, deciles, lengthJs } from "./length-js.ts";
import { SampleSet } from "./sample-set.ts";

const ofLengths = (lengths: readonly number[]) =>
  new SampleSet({ texts: lengths.map((length) => "word ".repeat(length)) });
const value = async (gold: readonly number[], synthetic: readonly number[]) =>
  (await lengthJs.compute(metricInput(ofLengths(gold), ofLengths(synthetic)), Stream.root(0))).value!;

describe("length-js", () => {
  test("takes numpy's deciles", () => {
    // numpy.quantile([1, 2, 3, 4, 10], [.1, ..., .9])
    const expected = [1.4, 1.8, 2.2, 2.6, 3, 3.4, 3.8, 5.2, 7.6];
    for (const [k, edge] of deciles([10, 2, 3, 1, 4]).entries()) expect(edge).toBeCloseTo(expected[k]!, 12);
  });

  test("takes the same bits as mathjs", () => {
    const random = Stream.root(4);
    for (const size of [1, 2, 11, 73, 500]) {
      const lengths = Array.from({ length: size }, () => random.int(90));
      const theirs = Array.from({ length: 9 }, (_, k) => quantileSeq(lengths, (k + 1) / 10));
      expect(deciles(lengths)).toEqual(theirs);
    }
  });

  test("counts a length on an edge below it", () => {
    expect([...binLengths([1, 2, 3, 9], [2, 3])]).toEqual([2, 1, 1]);
  });

  test("is 0 for equal lengths, whatever the words, and ln 2 for lengths that never meet", async () => {
    const gold = Array.from({ length: 40 }, (_, i) => 5 + i);
    expect(await value(gold, [...gold].reverse())).toBe(0);
    expect(await value([7, 7, 7], [8, 8])).toBeCloseTo(Math.LN2, 12);
    expect(
      await value(
        gold,
        gold.map((length) => length + 4),
      ),
    ).toBeGreaterThan(0.01);
  });

  test("takes empty texts as texts of no words", async () => {
    expect(await value([0, 0, 0], [0])).toBe(0);
  });
});
