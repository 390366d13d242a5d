import { describe, expect, test } from "vitest";
import { InputError } from "../core/errors.ts";
import { matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { embeddingSet, metricInput, normalRows } from "../testing/metrics/input.ts";
import type { MetricInput, MetricValue } from "./metric.ts";
import { metrics } from "./registry.ts";
import { SampleSet } from "./sample-set.ts";

const PAIRWISE = ["kl-cosine", "kl-cosine-reverse", "js-cosine", "mmd-rbf", "kid"];
const BALLS = ["precision", "recall", "density", "coverage"];
const IDS = [...PAIRWISE, ...BALLS, "sliced-wasserstein", "c2st", "share-js", "aps"];

const sound = normalRows(60, 8, 1);
const random = Stream.root(1);

async function values(gold: typeof sound, synthetic: typeof sound): Promise<Record<string, MetricValue>> {
  return valuesOf(metricInput(embeddingSet(gold), embeddingSet(synthetic)));
}

async function valuesOf(input: MetricInput, ids: readonly string[] = IDS): Promise<Record<string, MetricValue>> {
  const found: Record<string, MetricValue> = {};
  for (const id of ids) found[id] = await metrics.get(id).compute(input, random.derive(id));
  return found;
}

/** A copy in which some numbers are replaced. */
function spoiled(at: readonly number[], value: number): typeof sound {
  const data = sound.data.slice();
  for (const i of at) data[i] = value;
  return matrix(data, sound.rows, sound.cols);
}

describe("Metrics of embeddings", () => {
  test("have values for sound input", async () => {
    for (const [id, { value }] of Object.entries(await values(sound, normalRows(60, 8, 2))))
      expect(Number.isFinite(value), id).toBe(true);
  });

  test.each([
    ["NaN", spoiled([3, 17], Number.NaN), "Of 60 synthetic embeddings 2 hold NaN or infinities."],
    ["infinities", spoiled([8, 9], Number.POSITIVE_INFINITY), "Of 60 synthetic embeddings 1 hold NaN or infinities."],
    ["rows of zeros", spoiled([...Array(16).keys()], 0), "Of 60 synthetic embeddings 2 are all zeros."],
  ])("count %s and have no value", async (_, synthetic, reason) => {
    for (const [id, found] of Object.entries(await values(sound, synthetic)))
      expect({ value: found.value, reason: found.reason }, id).toEqual({ value: null, reason });
  });

  test("refuse sides of different widths", async () => {
    await expect(values(sound, normalRows(60, 9, 2))).rejects.toThrow(InputError);
    await expect(values(sound, normalRows(60, 9, 2))).rejects.toThrow("9 numbers wide, gold's 8");
  });

  test("of one text, or few, are numbers or null with a reason", async () => {
    for (const rows of [1, 2, 5]) {
      const found = await values(sound, normalRows(rows, 8, 3));
      for (const [id, { value, reason }] of Object.entries(found)) {
        if (value === null) expect(reason, id).toMatch(/^Needs /);
        else expect(Number.isFinite(value), id).toBe(true);
      }
      expect(BALLS.map((id) => found[id]!.value)).toEqual([null, null, null, null]);
      if (rows === 1) expect(PAIRWISE.map((id) => found[id]!.value)).toEqual([null, null, null, null, null]);
    }
  });

  test("of a set whose texts are all equal are numbers", async () => {
    const equal = matrix(
      Float32Array.from({ length: 480 }, (_, at) => Math.sin(at % 8)),
      60,
      8,
    );
    for (const [id, { value }] of Object.entries(await values(sound, equal)))
      expect(Number.isFinite(value), id).toBe(true);
  });

  test("of two sets whose texts are all equal have no bandwidth, and balls of radius zero hold nothing", async () => {
    const equal = new SampleSet({
      texts: Array.from({ length: 60 }, () => "the same"),
      embeddings: matrix(new Float32Array(480).fill(0.5), 60, 8),
    });
    const found = await valuesOf(metricInput(equal, equal));
    expect(found["mmd-rbf"]!.value).toBeNull();
    expect(found["mmd-rbf"]!.reason).toContain("equal embeddings");
    expect(BALLS.map((id) => found[id]!.value)).toEqual([0, 0, 0, 0]);
    expect(found["kl-cosine"]!.value).toBe(0);
  });

  test.each([
    ["texts that differ", Array.from({ length: 60 }, (_, i) => `text ${i}`)],
    ["texts that nobody knows", null],
  ])("have no value where gold's rows are all the same, of %s", async (_, texts) => {
    const rows = (noise: number) =>
      matrix(
        Float32Array.from({ length: 480 }, (_, at) => Math.sin((at % 8) + 1) * (1 + noise * Math.sin(at))),
        60,
        8,
      );
    for (const [own, other] of [
      [rows(0), rows(0)],
      [rows(1e-7), rows(1e-7)],
      [rows(0), sound],
    ] as const) {
      const gold = new SampleSet({ texts, embeddings: own });
      const input = metricInput(gold, new SampleSet({ texts, embeddings: other }));
      const needing = metrics.names.filter((id) => metrics.get(id).needs.embeddings);
      expect(needing.length).toBeGreaterThan(15);
      for (const [id, { value, reason }] of Object.entries(await valuesOf(input, needing)))
        expect({ value, reason }, id).toEqual({
          value: null,
          reason: "All 60 gold embeddings are the same: they tell no text from another.",
        });
    }
  });

  test("have values where few of gold's rows differ, or the synthetic ones alone are the same", async () => {
    const few = sound.data.map((_, at) => (at < 480 - 8 ? Math.cos(at % 8) : 0.5));
    const equal = matrix(new Float32Array(480).fill(0.5), 60, 8);
    for (const gold of [matrix(few, 60, 8), sound])
      expect((await values(gold, equal))["share-js"]!.value).not.toBeNull();
  });

  test("are zero for a copy, where the metric says so", async () => {
    const found = await values(sound, matrix(sound.data.slice(), 60, 8));
    for (const id of ["kl-cosine", "kl-cosine-reverse", "js-cosine", "sliced-wasserstein", "share-js"])
      expect(found[id]!.value, id).toBe(0);
    for (const id of BALLS) if (id !== "density") expect(found[id]!.value, id).toBe(1);
    expect(found.c2st!.value!).toBeLessThan(0.5);
  });
});
