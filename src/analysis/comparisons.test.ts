import { describe, expect, it } from "vitest";
import { takeRows } from "../core/matrix.ts";
import type { Better } from "../core/result.ts";
import { Stream } from "../core/stream.ts";
import { fid } from "../metrics/fid.ts";
import type { Metric } from "../metrics/metric.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import { fakeMetric } from "../testing/metrics/fake.ts";
import { plainFid } from "../testing/plain-fid.ts";
import { embeddingSet, inputFor, points } from "../testing/populations.ts";
import { resultRow } from "../testing/rows.ts";
import { type ComparedSystem, comparePrimary } from "./comparisons.ts";

const d = 6;
const n = 60;
const root = Stream.root(11);
const gold = embeddingSet(points(root.derive("gold"), 200, d));

const metricNamed = (id: string, better: Better, value: (set: SampleSet) => number, goldValue?: number): Metric =>
  fakeMetric(id, ({ synthetic }) => ({ value: value(synthetic), gold: goldValue ?? null }), {
    better,
    needs: { embeddings: true },
  });
const fidOf = (set: SampleSet) => plainFid(set.embeddings!, gold.embeddings!);

/** A method that is `shift` away from gold. */
function system(method: string, shift: number, realTextsSeen = 10, failed: readonly number[] = []): ComparedSystem {
  return {
    method,
    realTextsSeen,
    repeats: [0, 1].map((repeat) => {
      const indices = Array.from({ length: n }, (_, i) => i).filter((i) => !failed.includes(i));
      return { indices, set: embeddingSet(points(root.derive(method, repeat), indices.length, d, { shift })) };
    }),
  };
}

/** @param contexts how many people the answers go round. */
async function compareAll(systems: readonly ComparedSystem[], metric: Metric = fid, contexts = gold.size) {
  const people = contexts < gold.size ? embeddingSet(takeRows(gold.embeddings!, [...Array(contexts).keys()])) : gold;
  const rows = systems.map(({ method, repeats }) => {
    const values = repeats.map(({ set }) => metric.compute({ ...inputFor(gold), synthetic: set }, root));
    const numbers = values.map((value) => ("value" in value ? (value.value ?? 0) : 0));
    const goldValue = "gold" in values[0]! ? (values[0].gold ?? null) : null;
    const value = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    return resultRow({ method, repeat: null, metric: metric.id, better: metric.better, gold: goldValue, value });
  });
  const task = {
    dataset: "townsquare",
    model: "embedded:small",
    encoder: "embedded:lsa",
    input: inputFor(people),
    contexts,
    systems,
  };
  return comparePrimary([task], rows, metric, root.derive("test"));
}

describe("comparePrimary", () => {
  it("holds the best against every other of its tier, never across tiers", async () => {
    const rows = await compareAll([
      system("zero-shot", 3, 0),
      system("persona", 1, 0),
      system("few-shot", 1.6),
      system("mop", 0.02),
      system("twin", 0),
    ]);
    expect(rows.map(({ method, baseline, verdict }) => [method, baseline, verdict])).toEqual([
      ["persona", "zero-shot", "improvement"],
      expect.arrayContaining(["no detectable change"]),
      [expect.any(String), "few-shot", "improvement"],
    ]);
    expect(new Set([rows[1]?.method, rows[1]?.baseline])).toEqual(new Set(["mop", "twin"]));
    expect(rows[0]?.difference).toBeLessThan(0);
    expect(rows[0]?.pValue).toBeLessThan(0.001);
    expect(rows[0]?.populationPValue).toBeLessThan(0.001);
  });

  it("calls opposite methods no different when only this gold set tells them apart", async () => {
    const rows = await compareAll([system("left", -0.9), system("right", 1)]);
    expect(rows[0]?.pValue).toBeLessThan(0.05); // an improvement, had the swap test the last word
    expect(rows[0]?.populationPValue).toBeGreaterThan(0.05);
    expect(rows[0]?.verdict).toBe("no detectable change");
  });

  it("gives the same rows whatever else runs before", async () => {
    const systems = [system("few-shot", 0.4), system("mop", 0)];
    expect(await compareAll(systems)).toEqual(await compareAll([...systems, system("zero-shot", 2, 0)]));
  });

  it("recomputes metrics that have no cheaper route, for targets and higher-is-better alike", async () => {
    const spread = metricNamed("spread", "gold", (set) => Math.abs(set.embeddings!.data[0]!) + fidOf(set) + 1, 1);
    const towardsGold = await compareAll([system("far", 3), system("near", 0)], spread);
    expect(towardsGold[0]).toMatchObject({ method: "near", baseline: "far", verdict: "improvement", pValue: 0.005 });
    expect(towardsGold[0]?.difference).toBeLessThan(0);
    expect(towardsGold[0]?.populationPValue).toBeLessThan(0.05);
    const closeness = metricNamed("closeness", "higher", (set) => -fidOf(set));
    const higher = await compareAll([system("far", 3), system("near", 0)], closeness);
    expect(higher[0]).toMatchObject({ method: "near", verdict: "improvement" });
    expect(higher[0]?.difference).toBeGreaterThan(0);
  });

  it("says when there is not enough data: too few common samples, or no value", async () => {
    const all = Array.from({ length: n }, (_, i) => i);
    const few = await compareAll([system("mop", 0, 10, all.slice(2)), system("few-shot", 3)]);
    expect(few[0]).toMatchObject({ verdict: "not enough data", pValue: null });
    const people = { ...(await compareAll([system("mop", 0), system("few-shot", 3)], fid, 9))[0] };
    expect(people).toMatchObject({ verdict: "not enough data", populationPValue: null });
    const systems = [system("mop", 0), system("few-shot", 1)];
    const rows = [
      resultRow({ method: "mop", repeat: null }),
      resultRow({ method: "few-shot", repeat: null, value: null, reason: "all calls failed" }),
    ];
    const task = {
      dataset: "townsquare",
      model: "embedded:small",
      encoder: "embedded:lsa",
      input: inputFor(gold),
      contexts: gold.size,
      systems,
    };
    const [row] = await comparePrimary([task], rows, fid, root);
    expect(row).toMatchObject({ method: "mop", baseline: "few-shot", difference: null, verdict: "not enough data" });
  });

  it("has nothing to compare where a tier holds one method", async () => {
    expect(await compareAll([system("zero-shot", 1, 0), system("mop", 0)])).toEqual([]);
  });
});
