import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import { keptShare, randomSubsets, subsampleInterval } from "./subsampling.ts";

const random = Stream.root(5);

describe("subsampling", () => {
  it("draws halves without repetition, the same for the same stream", () => {
    const set = new SampleSet({ texts: Array.from({ length: 21 }, (_, i) => `t${i}`) });
    const halves = randomSubsets(set, 3, random);
    for (const half of halves) expect(new Set(half.texts).size).toBe(10);
    expect(halves[0]?.texts).not.toEqual(halves[1]?.texts);
    expect(randomSubsets(set, 3, random).map((half) => half.texts)).toEqual(halves.map((half) => half.texts));
  });

  it.each([0.5, 0.8])(
    "covers the mean of new draws 95 times in 100, keeping %d, centred at the value at n",
    async (share) => {
      const runs = 600;
      let covered = 0;
      for (let run = 0; run < runs; run++) {
        const stream = random.derive("run", run);
        const data = Float32Array.from({ length: 60 }, () => stream.normal());
        const mean = (m: SampleSet) => Array.from(m.embeddings?.data ?? []).reduce((sum, x) => sum + x, 0) / m.size;
        const set = new SampleSet({ embeddings: { data, rows: 60, cols: 1 } });
        const interval = await subsampleInterval(mean(set), randomSubsets(set, 60, stream, share).map(mean), share);
        expect((interval!.low + interval!.high) / 2).toBeCloseTo(mean(set), 12);
        if (interval!.low <= 0 && interval!.high >= 0) covered++;
      }
      expect(covered / runs).toBeGreaterThan(0.92);
      expect(covered / runs).toBeLessThan(0.98);
    },
  );

  it("gives no interval from fewer than two values, or from values that are all the same", async () => {
    expect(await subsampleInterval(1, [2, null])).toBeNull();
    expect(await subsampleInterval(0, [0, 0, 0])).toBeNull();
  });

  it("keeps more than a half for the metrics that need it", () => {
    expect(["fid", "mauve", "distinct-2", "coverage", "ngram-vendi", "vendi"].map(keptShare)).toEqual([
      0.5, 0.6, 0.8, 0.9, 0.95, 0.5,
    ]);
  });
});
