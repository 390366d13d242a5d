import { describe, expect, it } from "vitest";
import { type Matrix, row, unitRows } from "../../core/matrix.ts";
import { Stream } from "../../core/stream.ts";
import { drawCandidates } from "./candidates.ts";
import { fitWeights } from "./fit-weights.ts";
import { kernelSums, meanKernel, medianSquaredDistance } from "./kernel-sums.ts";

const WIDTH = 6;
const SQUARED_WIDTH = 0.7;

/** Unit rows around the axes that `axes` names. */
function around(axes: readonly number[], random: Stream): Matrix {
  const data = Float32Array.from(
    axes.flatMap((axis) => Array.from({ length: WIDTH }, (_, d) => 0.25 * random.normal() + (d === axis ? 1 : 0))),
  );
  return unitRows({ data, rows: axes.length, cols: WIDTH });
}

const kernel = (a: Float32Array, b: Float32Array): number =>
  Math.exp(-a.reduce((sum, v, d) => sum + (v - b[d]!) ** 2, 0) / (2 * SQUARED_WIDTH));

/** P pairs of A answers each; pair p writes around axis p % 3. */
function pool(P: number, A: number, records: Matrix, random: Stream) {
  const answers = around(
    Array.from({ length: P * A }, (_, t) => Math.floor(t / A) % 3),
    random,
  );
  const cells = Int32Array.from({ length: P * A }, (_, t) => 2 * Math.floor(t / A) + ((t % A) % 2));
  return { answers, sums: kernelSums(answers, cells, P, records, SQUARED_WIDTH) };
}

const halves = (n: number) => ({
  trainRecords: Int32Array.from({ length: n }, (_, i) => i).filter((i) => i % 5 > 0),
  heldOutRecords: Int32Array.from({ length: n }, (_, i) => i).filter((i) => i % 5 === 0),
});

const none = (P: number) => Array.from({ length: P }, () => new Int32Array(0));
/** No two records read alike. */
const alone = (n: number) => Int32Array.from({ length: n }, (_, i) => i);

/** Records of which `shares` write around axes 0, 1, 2. */
const people = (n: number, shares: readonly number[], random: Stream): Matrix =>
  around(
    Array.from({ length: n }, () => random.weighted(shares)),
    random,
  );

describe("kernelSums", () => {
  it("sums what the kernel's formula says", () => {
    const random = Stream.root(1);
    const records = people(7, [1, 1, 1], random);
    const { answers, sums } = pool(3, 4, records, random);
    let [between, towards] = [0, 0];
    for (const a of [4, 6]) {
      for (const b of [9, 11]) between += kernel(row(answers, a), row(answers, b));
      towards += kernel(row(answers, a), row(records, 5));
    }
    expect(sums.between[2 * 6 + 5]).toBeCloseTo(between, 5);
    expect(sums.toRecords[2 * 7 + 5]).toBeCloseTo(towards, 5);
    expect([...sums.counts]).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it("knows the mean kernel and the median distance of rows", () => {
    const rows = unitRows({ data: Float32Array.of(1, 0, 0, 1, -1, 0), rows: 3, cols: 2 });
    const pairs = [2, 4, 2].map((squared) => Math.exp(-squared / 2));
    expect(meanKernel(rows, 1)).toBeCloseTo((pairs[0]! + pairs[1]! + pairs[2]!) / 3, 6);
    expect(medianSquaredDistance(rows)).toBeCloseTo(2, 6);
  });
});

describe("fitWeights", () => {
  it("finds the shares of a population that the pairs can make", () => {
    const random = Stream.root(2);
    const shares = [0.6, 0.3, 0.1];
    const records = people(1500, shares, random);
    const { sums } = pool(30, 8, records, random);
    const fit = fitWeights(sums, none(30), halves(1500), alone(1500), [10, 1, 0]);
    const found = shares.map((_, axis) => fit.weights.reduce((sum, w, p) => sum + (p % 3 === axis ? w : 0), 0));
    for (const [axis, share] of shares.entries()) expect(Math.abs(found[axis]! - share)).toBeLessThan(0.05);
    expect(fit.uniformHeldOut - fit.heldOut).toBeGreaterThan(5 * fit.gainError);
    expect(fit.gap).toBeLessThan(1e-12);
    expect(fit.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  it("keeps uniform weights where they are right already", () => {
    const random = Stream.root(3);
    const records = people(600, [1, 1, 1], random);
    const { sums } = pool(30, 4, records, random);
    const fit = fitWeights(sums, none(30), halves(600), alone(600), [10, 1, 0]);
    // Uniform, or so near that held-out records cannot tell.
    expect(fit.penalty === null || fit.penalty === 10).toBe(true);
    for (const w of fit.weights) expect(Math.abs(w - 1 / 30)).toBeLessThan(0.02);
  });

  it("has losses that are unbiased for MMD² of the weights", () => {
    // The answers' own law against itself: MMD² is 0, however few answers stand for it.
    const random = Stream.root(4);
    const losses = Array.from({ length: 60 }, () => {
      const records = people(60, [1, 1, 1], random);
      const { sums } = pool(3, 4, records, random);
      const { uniformHeldOut } = fitWeights(
        sums,
        none(3),
        { trainRecords: halves(60).heldOutRecords, heldOutRecords: halves(60).trainRecords },
        alone(60),
        [1],
      );
      const held = halves(60).trainRecords;
      const own: Matrix = {
        data: Float32Array.from([...held].flatMap((i) => [...row(records, i)])),
        rows: held.length,
        cols: WIDTH,
      };
      return uniformHeldOut + meanKernel(own, SQUARED_WIDTH);
    });
    const mean = losses.reduce((a, b) => a + b, 0) / losses.length;
    const spread = Math.sqrt(losses.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (losses.length - 1) / losses.length);
    expect(Math.abs(mean)).toBeLessThan(4 * spread);
    expect(spread).toBeLessThan(0.02);
  });

  it("does not reward a pair for copying its own exemplar", () => {
    const random = Stream.root(5);
    const axes = Array.from({ length: 100 }, () => random.weighted([1, 1, 1, 0]));
    axes[7] = 5; // a record like no other
    const records = around(axes, random);
    // Pair 3 writes that record again and again; the others write as most people do.
    const answers = around(
      Array.from({ length: 16 }, (_, t) => [0, 1, 2, 5][Math.floor(t / 4)]!),
      random,
    );
    for (let t = 12; t < 16; t++) answers.data.set(row(records, 7), t * WIDTH);
    const cells = Int32Array.from({ length: 16 }, (_, t) => 2 * Math.floor(t / 4) + (t % 2));
    const sums = kernelSums(answers, cells, 4, records, SQUARED_WIDTH);
    const weight = (own: readonly Int32Array[]): number =>
      fitWeights(sums, own, halves(100), alone(100), [0]).weights[3]!;
    expect(weight(none(4))).toBeGreaterThan(weight([...none(3), Int32Array.of(7)]));
  });
});

describe("drawCandidates", () => {
  it("draws each pair once and uses exemplars and personas evenly", () => {
    const { persona, exemplar } = drawCandidates(7, 20, 50, Stream.root(1));
    expect(new Set(Array.from(persona, (k, p) => `${k} ${exemplar[p]}`)).size).toBe(50);
    const uses = (values: Int32Array, n: number) =>
      Array.from({ length: n }, (_, i) => values.filter((value) => value === i).length);
    expect(Math.max(...uses(exemplar, 20)) - Math.min(...uses(exemplar, 20))).toBeLessThanOrEqual(1);
    expect(Math.max(...uses(persona, 7)) - Math.min(...uses(persona, 7))).toBeLessThanOrEqual(3);
  });

  it("gives all pairs where there are no more, and personas alone without a pool", () => {
    const all = drawCandidates(3, 4, 100, Stream.root(1));
    expect(new Set(Array.from(all.persona, (k, p) => `${k} ${all.exemplar[p]}`)).size).toBe(12);
    const alone = drawCandidates(5, 0, 3, Stream.root(1));
    expect(new Set(alone.persona).size).toBe(3);
    expect([...alone.exemplar]).toEqual([0, 0, 0]);
  });
});
