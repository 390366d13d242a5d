import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { metrics } from "../metrics/registry.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import { UNBOUNDED } from "./interval.ts";
import { keptTexts, randomSubsets, subsampleInterval, whyNoSubsamples } from "./subsampling.ts";

const random = Stream.root(5);

describe("subsampling", () => {
  it("draws texts without repetition, the same for the same stream", () => {
    const set = new SampleSet({ texts: Array.from({ length: 21 }, (_, i) => `t${i}`) });
    const subsets = [...randomSubsets(set, 3, 10, random)];
    for (const subset of subsets) expect(new Set(subset.texts).size).toBe(10);
    expect(subsets[0]?.texts).not.toEqual(subsets[1]?.texts);
    expect([...randomSubsets(set, 3, 10, random)].map(({ texts }) => texts)).toEqual(subsets.map(({ texts }) => texts));
  });

  it("draws one at a time, however many are asked for", () => {
    const set = new SampleSet({ texts: ["a", "b", "c"] });
    expect(randomSubsets(set, 1e9, 2, random).next().value?.size).toBe(2);
  });

  it.each([30, 48])(
    "covers the mean of new draws 95 times in 100, keeping %d of 60, around the value at n",
    async (kept) => {
      const runs = 600;
      let covered = 0;
      for (let run = 0; run < runs; run++) {
        const stream = random.derive("run", run);
        const data = Float32Array.from({ length: 60 }, () => stream.normal());
        const mean = (m: SampleSet) => Array.from(m.embeddings?.data ?? []).reduce((sum, x) => sum + x, 0) / m.size;
        const set = new SampleSet({ embeddings: { data, rows: 60, cols: 1 } });
        const parts = [...randomSubsets(set, 60, kept, stream)].map(mean);
        const interval = await subsampleInterval(mean(set), parts, { kept, n: 60 }, UNBOUNDED.range);
        expect((interval!.low + interval!.high) / 2).toBeCloseTo(mean(set), 12);
        if (interval!.low <= 0 && interval!.high >= 0) covered++;
      }
      expect(covered / runs).toBeGreaterThan(0.92);
      expect(covered / runs).toBeLessThan(0.98);
    },
  );

  it("gives no interval from fewer than two values, or from values that are all the same", async () => {
    const sizes = { kept: 8, n: 10 };
    expect(await subsampleInterval(1, [2, null], sizes, [0, 3])).toBeNull();
    expect(await subsampleInterval(0, [0, 0, 0], sizes, [0, 3])).toBeNull();
  });

  it("gives a value at the end of its range an interval from where the subsamples lie", async () => {
    const interval = await subsampleInterval(1, [0.96, 0.98, 0.97], { kept: 8, n: 10 }, [0, 1]);
    expect(interval!.high).toBe(1);
    expect(interval!.low).toBeLessThan(0.97);
  });

  it("keeps the share that the metric declares, four fifths of the texts otherwise", () => {
    const kept = (id: string) => keptTexts(metrics.get(id), 200);
    expect(["fid", "vendi", "coverage", "mauve", "ngram-vendi"].map(kept)).toEqual([160, 160, 160, 120, 194]);
  });

  it("says why there is none: of too few texts, and of metrics that have none", () => {
    expect(whyNoSubsamples(metrics.get("fid"), 200)).toBeNull();
    expect(whyNoSubsamples(metrics.get("fid"), 199)).toMatch(/takes 200 texts/);
    expect(whyNoSubsamples(metrics.get("mauve-sd"), 400)).toMatch(/one set/);
    expect(whyNoSubsamples(metrics.get("ingf"), 400)).toMatch(/phrases/);
  });
});
