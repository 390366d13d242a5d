import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import type { AboutMetric, Metric, MetricValue } from "../metrics/metric.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import { fakeMetric } from "../testing/metrics/fake.ts";
import { inputFor } from "../testing/populations.ts";
import { subsampleVariation } from "./subsample-variation.ts";

const random = Stream.root(4);
const n = 200;
const column = (values: readonly number[]) =>
  new SampleSet({ embeddings: { data: Float32Array.from(values), rows: values.length, cols: 1 } });
const mean = ({ embeddings }: SampleSet) => embeddings!.data.reduce((sum, x) => sum + x, 0) / embeddings!.rows;

const metric = (
  compute: (synthetic: SampleSet, gold: SampleSet) => MetricValue,
  about: Partial<AboutMetric> = {},
): Metric =>
  fakeMetric("made-up", ({ synthetic, gold }) => compute(synthetic, gold), { needs: { embeddings: true }, ...about });

const indices = Array.from({ length: n }, (_, i) => i);
const people = indices.map(() => random.normal());
const answers = people.map((x) => x + 0.5 * random.normal());
const varianceOf = (values: readonly number[]) => {
  const center = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - center) ** 2, 0) / (values.length - 1);
};

describe("subsampleVariation", () => {
  it.each([0.5, 0.8])(
    "has the variance of a difference of means, people and answers drawn together: %d",
    async (share) => {
      const gap = metric((synthetic, gold) => ({ value: mean(synthetic) - mean(gold) }), { subsampleShare: share });
      const ratios: number[] = [];
      for (let run = 0; run < 12; run++) {
        const own = random.derive("means", run);
        const some = indices.map(() => own.normal());
        const replies = some.map((x) => x + 0.5 * own.normal());
        const repeats = [{ set: column(replies), indices }];
        const { values, factor } = await subsampleVariation(repeats, inputFor(column(some)), gap, n, own);
        const exact = varianceOf(replies.map((x, i) => x - some[i]!)) / n; // drawn apart it would be nine times as much
        ratios.push((varianceOf([...values]) * factor) / exact);
      }
      // 39 degrees of freedom: one standard error of a ratio is 23 %, of twelve 7 %.
      expect(ratios.reduce((sum, x) => sum + x, 0) / 12).toBeGreaterThan(0.8);
      expect(ratios.reduce((sum, x) => sum + x, 0) / 12).toBeLessThan(1.2);
    },
  );

  it("draws the same people for all methods and repeats, and no text twice", async () => {
    const seen: string[] = [];
    const spy = metric((synthetic, gold) => {
      seen.push([...synthetic.embeddings!.data].join() === [...gold.embeddings!.data].join() ? "same" : "other");
      expect(new Set(gold.embeddings!.data).size).toBe(gold.size);
      return { value: 1 };
    });
    const set = { set: column(people), indices };
    await subsampleVariation([set, set], inputFor(column(people)), spy, n, random);
    expect(new Set(seen)).toEqual(new Set(["same"]));
  });

  it("takes the loss of the mean over repeats, towards gold's own value where that is the target", async () => {
    const towards = metric((synthetic) => ({ value: synthetic.embeddings!.data[0]! > 5 ? 4 : 2, gold: 3 }), {
      better: "gold",
    });
    const constant = (x: number) => ({ set: column(indices.map(() => x)), indices });
    const { values } = await subsampleVariation(
      [constant(9), constant(1)],
      inputFor(column(people)),
      towards,
      n,
      random,
    );
    expect(new Set(values)).toEqual(new Set([0])); // (4 + 2) / 2 = 3
  });

  it("marks subsamples without a value", async () => {
    const none = metric(() => ({ value: null, reason: "none" }));
    const { values } = await subsampleVariation(
      [{ set: column(answers), indices }],
      inputFor(column(people)),
      none,
      n,
      random,
    );
    expect(values.every(Number.isNaN)).toBe(true);
  });
});
