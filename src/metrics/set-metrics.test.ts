import { describe, expect, it } from "vitest";
import { type Matrix, matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { embeddingSet, metricInput, normalRows } from "../testing/metrics/input.ts";
import { fid, frechetDistance } from "./fid.ts";
import { frontierIntegral, mauve, mauveC5, mauveSd, mauveStar } from "./mauve.ts";
import { clusterNumber } from "./mauve-clusters.ts";
import type { Metric, MetricValue } from "./metric.ts";
import { SampleSet } from "./sample-set.ts";
import { vendiMetrics, vendiScore } from "./vendi.ts";

const all: readonly Metric[] = [fid, mauve, mauveC5, mauveStar, frontierIntegral, ...vendiMetrics];
const equal = (n: number) => matrix(new Float32Array(4 * n).fill(0.25), n, 4);
/** Gold that says one thing only: of other texts equal rows have no value. */
const repeated = (n: number) =>
  new SampleSet({ texts: Array.from({ length: n }, () => "the same"), embeddings: equal(n) });

async function measure(
  metric: Metric,
  gold: Matrix | SampleSet = normalRows(40, 4, 1),
  synthetic = normalRows(40, 4, 2),
) {
  const value: MetricValue = await metric.compute(
    metricInput(gold instanceof SampleSet ? gold : embeddingSet(gold), embeddingSet(synthetic)),
    Stream.root(0),
  );
  return value;
}

describe.each(all.map((metric) => ({ id: metric.id, metric })))("$id", ({ metric }) => {
  it("gives a number in its range and what it depends on", async () => {
    const { value, settings } = await measure(metric);
    expect(value).toBeGreaterThanOrEqual(metric.range[0]);
    expect(value).toBeLessThanOrEqual(metric.range[1] + 1e-12);
    expect(settings).toMatchObject({ d: 4 });
  });

  it("counts rows that no number can come from", async () => {
    const broken = normalRows(40, 4, 3);
    broken.data[5] = Number.NaN;
    broken.data[9] = Number.POSITIVE_INFINITY;
    broken.data.fill(0, 20, 24);
    const { value, reason } = await measure(metric, broken);
    expect(value).toBeNull();
    expect(reason).toMatch(/2 .* and 1 /);
  });

  it("has a value, or says why not, for one text, equal texts and fewer texts than coordinates", async () => {
    for (const [gold, synthetic] of [
      [normalRows(1, 4, 1), normalRows(1, 4, 2)],
      [repeated(30), equal(30)],
      [repeated(30), normalRows(30, 4, 5)],
      [normalRows(7, 50, 1), normalRows(9, 50, 2)],
    ] as const) {
      const { value, reason } = await measure(metric, gold, synthetic);
      if (value === null) expect(reason).toMatch(/at least 2/);
      else expect(Number.isFinite(value)).toBe(true);
    }
  });
});

describe("the Frechet distance", () => {
  it("is zero for equal sets, and for one point the squared distance", async () => {
    const rows = normalRows(50, 6, 1);
    expect((await measure(fid, rows, rows)).value).toBeCloseTo(0, 12);
    const moved = matrix(
      equal(10).data.map((x) => x + 1),
      10,
      4,
    );
    expect((await measure(fid, repeated(10), moved)).value).toBeCloseTo(4, 12);
  });

  it("is that of the marginals for independent coordinates scaled", () => {
    const rows = normalRows(500, 5, 4);
    const doubled = matrix(
      rows.data.map((x) => 2 * x),
      500,
      5,
    );
    const [a, b] = [embeddingSet(rows), embeddingSet(doubled)];
    // m2 = 2 m1 and S2 = 4 S1, so |m1|² + tr S1 (1 + 4 - 2 * 2)
    let expected = 0;
    for (let j = 0; j < 5; j++) {
      const column = Float64Array.from({ length: 500 }, (_, i) => rows.data[i * 5 + j]!);
      const mean = column.reduce((x, y) => x + y, 0) / 500;
      expected += mean ** 2 + column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 499;
    }
    expect(frechetDistance(a, b) / expected).toBeCloseTo(1, 11);
    expect(frechetDistance(b, a) / expected).toBeCloseTo(1, 11);
  });

  it("is the same by every route", () => {
    const wide = (seed: number, n: number) => {
      const rows = normalRows(n, 12, seed);
      return embeddingSet(rows);
    };
    // 12 coordinates of which the last four are always zero: singular, as against the eight that vary.
    const cut = (seed: number, n: number, cols: number) => {
      const rows = normalRows(n, 12, seed);
      const data = new Float32Array(n * cols);
      for (let i = 0; i < n; i++) for (let j = 0; j < 8; j++) data[i * cols + j] = rows.data[i * 12 + j]!;
      return embeddingSet(matrix(data, n, cols));
    };
    const full = frechetDistance(cut(1, 60, 8), cut(2, 50, 8));
    expect(frechetDistance(cut(1, 60, 12), cut(2, 50, 12)) / full).toBeCloseTo(1, 10);
    const half = frechetDistance(cut(1, 60, 12), wide(3, 50));
    expect(frechetDistance(wide(3, 50), cut(1, 60, 12)) / half).toBeCloseTo(1, 9);
  });

  it("says whether rows have unit length", async () => {
    expect((await measure(fid)).settings).toEqual({ normalized: false, d: 4 });
    const unit = matrix(
      Float32Array.from({ length: 80 }, (_, at) => (at % 4 === (at >> 2) % 4 ? 1 : 0)),
      20,
      4,
    );
    expect((await measure(fid, unit, unit)).settings).toEqual({ normalized: true, d: 4 });
  });
});

describe("MAUVE", () => {
  it("takes a tenth of the smaller set as clusters, halves to even", () => {
    expect([5, 25, 35, 130, 5000].map((n) => clusterNumber(n, 9999))).toEqual([2, 2, 4, 13, 500]);
  });

  it("is 1 for equal sets and near 0 for sets far apart", async () => {
    const rows = normalRows(60, 4, 1);
    expect((await measure(mauve, rows, rows)).value).toBeCloseTo(1, 12);
    const far = matrix(
      rows.data.map((x, at) => (at % 4 === 0 ? x + 30 : x)),
      60,
      4,
    );
    expect((await measure(mauveC5, rows, far)).value).toBeLessThan(0.05);
    expect((await measure(frontierIntegral, rows, far)).value).toBeGreaterThan(0.5);
  });

  it("is 1 for texts that are all equal on both sides", async () => {
    expect((await measure(mauve, repeated(200), equal(200))).value).toBe(1);
  });

  it("spreads over seeds", async () => {
    const { value, settings } = await measure(mauveSd);
    expect(value).toBeGreaterThan(0);
    expect(settings).toEqual({ c: 1, seeds: 5, k: 4, seed: 25, d: 4 });
  });
});

describe("the Vendi score", () => {
  it("counts what is different", async () => {
    const basis = matrix(
      Float32Array.from({ length: 160 }, (_, at) => (at % 4 === (at >> 2) % 4 ? 3 : 0)),
      40,
      4,
    );
    for (const metric of vendiMetrics) {
      expect((await measure(metric, basis, basis)).value).toBeCloseTo(4, 10);
      expect((await measure(metric, basis, equal(30))).value).toBeCloseTo(1, 10);
    }
  });

  it("is one number by XXᵀ and by XᵀX", async () => {
    const tall = normalRows(30, 8, 6);
    const wide = new Float32Array(30 * 40); // the same rows with 32 zeros after them: n < d
    for (let i = 0; i < 30; i++) wide.set(tall.data.subarray(8 * i, 8 * (i + 1)), 40 * i);
    for (const metric of vendiMetrics) {
      const dual = (await measure(metric, tall, tall)).value!;
      const primal = (await measure(metric, matrix(wide, 30, 40), matrix(wide, 30, 40))).value!;
      expect(primal / dual).toBeCloseTo(1, 12);
    }
  });

  it("falls with the order", () => {
    const values = Float64Array.of(0.5, 0.3, 0.2);
    const scores = [0.5, 1, 2, Number.POSITIVE_INFINITY].map((q) => vendiScore(values, q));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(vendiScore(values, 1.0001)).toBeCloseTo(vendiScore(values, 1), 3);
  });
});
