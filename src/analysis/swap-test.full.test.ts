import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { fid, frechetDistance } from "../metrics/fid.ts";
import { fidDerivative } from "../metrics/fid-derivative.ts";
import { metrics } from "../metrics/registry.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import { embeddingSet, inputFor } from "../testing/populations.ts";
import { resultRow } from "../testing/rows.ts";
import { comparePrimary } from "./comparisons.ts";
import { headlines } from "./headline.ts";
import { influenceDifferences } from "./influence-differences.ts";
import { linear, recomputed } from "./swap-statistics.ts";
import { permutationsFor, swapTest } from "./swap-test.ts";

const root = Stream.root(99);
const d = 10;
const repeats = 3;

/** Two systems that answer the same contexts: what a context shifts is shared, so answers of one index are alike. */
function pairOf(random: Stream, n: number, shift: number) {
  const context = Float64Array.from({ length: n * d }, () => 0.7 * random.normal());
  const side = (by: number) => {
    const data = Float32Array.from(
      context,
      (x, at) => (x + 0.7 * random.normal() + (at % d === 0 ? by : 0)) / Math.sqrt(d),
    );
    return embeddingSet({ data, rows: n, cols: d });
  };
  return { a: side(0), b: side(shift) };
}

const gold = pairOf(root.derive("gold"), 100, 0).a;

async function rejections(name: string, runs: number, test: (random: Stream) => Promise<number>): Promise<number> {
  let rejected = 0;
  for (let run = 0; run < runs; run++) if ((await test(root.derive(name, run))) <= 0.05) rejected++;
  return rejected / runs;
}

async function fidTest(random: Stream, shift: number): Promise<number> {
  const pairs = Array.from({ length: repeats }, (_, r) => pairOf(random.derive(r), 100, shift));
  const options = { permutations: 999, random: random.derive("swaps") };
  const result = await swapTest(linear(influenceDifferences(pairs, gold, fidDerivative)!), [100, 100, 100], options);
  return result!.pValue;
}

describe("the swap test by simulation", () => {
  it("rejects 5 % (within 1.5) of equal systems by FID's influence", async () => {
    const rate = await rejections("null", 3_000, (random) => fidTest(random, 0));
    console.log(`FID by influence, equal systems: ${(100 * rate).toFixed(2)} % rejected`);
    expect(Math.abs(rate - 0.05)).toBeLessThan(0.015);
  });

  it("finds a real difference by FID's influence, no later than by recomputing FID", async () => {
    const found = await rejections("real", 200, (random) => fidTest(random, 0.6));
    expect(found).toBeGreaterThan(0.95);
    const runs = 60;
    const both = { linear: 0, recomputed: 0 };
    for (let run = 0; run < runs; run++) {
      const random = root.derive("power", run);
      const pairs = Array.from({ length: repeats }, (_, r) => pairOf(random.derive(r), 100, 0.35));
      const exact = recomputed(pairs, (set) => frechetDistance(set, gold));
      const options = { permutations: 199, random: random.derive("swaps") };
      if ((await swapTest(exact, [100, 100, 100], options))!.pValue <= 0.05) both.recomputed++;
      const fast = linear(influenceDifferences(pairs, gold, fidDerivative)!);
      if ((await swapTest(fast, [100, 100, 100], options))!.pValue <= 0.05) both.linear++;
    }
    console.log(`found of ${runs}: ${both.linear} by influence, ${both.recomputed} by recomputing`);
    expect(both.linear).toBeGreaterThanOrEqual(both.recomputed - 5);
  });

  it("rejects 5 % (within 1.5) of equal systems by recomputing a metric of words", async () => {
    const distinct = metrics.get("distinct-2");
    const reference = words(root.derive("words"), 40);
    const rate = await rejections("words", 2_000, async (random) => {
      const pairs = [0, 1].map((r) => ({ a: words(random.derive(r, "a"), 40), b: words(random.derive(r, "b"), 40) }));
      const statistic = recomputed(pairs, async (synthetic) => {
        const { value } = await distinct.compute({ ...inputFor(reference), synthetic }, random);
        return value;
      });
      const options = { permutations: permutationsFor(1), random: random.derive("swaps") };
      return (await swapTest(statistic, [40, 40], options))!.pValue;
    });
    console.log(`Distinct-2 recomputed, equal systems: ${(100 * rate).toFixed(2)} % rejected`);
    expect(Math.abs(rate - 0.05)).toBeLessThan(0.015);
  });
});

describe("the headline by simulation", () => {
  it.each([
    { shifts: [0, 0], what: "two equal methods" },
    { shifts: [0, 0, 0, 0, 0], what: "five equal methods" },
    { shifts: [0, 0, 0.8, 0.8, 1], what: "two equal methods ahead of others" },
  ])("names a winner, or calls equals different, at most 5 % (+ 1.5) of the time: $what", async ({ shifts }) => {
    const runs = 1_000;
    const wrong = { named: 0, pairs: 0 };
    for (let run = 0; run < runs; run++) {
      const { named, comparisons } = await race(root.derive("race", shifts.join(), run), shifts);
      if (named) wrong.named++;
      if (comparisons.some(({ verdict, equals }) => verdict === "improvement" && equals)) wrong.pairs++;
    }
    console.log(`${shifts.join(", ")}: named ${wrong.named}, equal pairs called different ${wrong.pairs} of ${runs}`);
    expect(wrong.named / runs).toBeLessThan(0.065);
    expect(wrong.pairs / runs).toBeLessThan(0.065);
  });

  it("names the method that really is closer", async () => {
    let named = 0;
    for (let run = 0; run < 200; run++) if ((await race(root.derive("won", run), [0, 0.9, 0.9])).named) named++;
    expect(named / 200).toBeGreaterThan(0.9);
  });
});

/** Methods that lie `shifts` away from gold, compared and judged as a run does it. */
async function race(random: Stream, shifts: readonly number[]) {
  const n = 60;
  const indices = Array.from({ length: n }, (_, i) => i);
  const systems = shifts.map((shift, i) => ({
    method: `m${i}`,
    realTextsSeen: 1,
    repeats: Array.from({ length: repeats }, (_, r) => ({ set: pairOf(random.derive(i, r), n, shift).b, indices })),
  }));
  const rows = systems.map(({ method, repeats: sets }) => {
    const value = sets.reduce((sum, { set }) => sum + frechetDistance(set, gold), 0) / sets.length;
    return resultRow({ method, repeat: null, value });
  });
  const { dataset, model, encoder } = rows[0]!;
  const task = { dataset, model, encoder, input: inputFor(gold), contexts: gold.size, systems };
  const comparisons = await comparePrimary([task], rows, fid, random);
  const [headline] = headlines(rows, comparisons, "fid", () => 1);
  const shiftOf = (method: string) => shifts[Number(method.slice(1))];
  return {
    named: headline?.winner !== null,
    comparisons: comparisons.map((row) => ({ ...row, equals: shiftOf(row.method) === shiftOf(row.baseline) })),
  };
}

function words(random: Stream, n: number): SampleSet {
  const texts = Array.from({ length: n }, () =>
    Array.from({ length: 4 + random.int(12) }, () => `w${Math.floor(Math.exp(random.next() * Math.log(80)))}`).join(
      " ",
    ),
  );
  return new SampleSet({ texts });
}
