import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { evaluate } from "../metrics/evaluate.ts";
import type { Metric } from "../metrics/metric.ts";
import { metrics } from "../metrics/registry.ts";
import { intervalOverSets } from "../scoring/interval.ts";
import { type Coverage, coverageText, holds } from "../testing/coverage.ts";
import { far, near, Simulation } from "../testing/worlds.ts";

/** Sets drawn; in blocks, among which nothing is shared, so that their coverages tell the standard error. */
const BLOCKS = 20;
const SETS_OF_A_BLOCK = 50;
/** How often a block's sets are dealt anew into groups of repeats. */
const DEALS = 4;
const root = Stream.root(2026);

/** Every metric of the registry that has an interval. */
const all = metrics.names.map((id) => metrics.get(id)).filter(({ noInterval }) => noInterval === undefined);

describe("95 % intervals over repeats, by simulation", () => {
  it.each([
    { name: "near", world: near, n: 100, seed: 51 },
    { name: "near", world: near, n: 400, seed: 52 },
    { name: "far", world: far, n: 100, seed: 53 },
    { name: "far", world: far, n: 400, seed: 54 },
  ])(
    "cover the value expected at n between 92 and 98 times in 100: $name, n = $n",
    async ({ name, world, n, seed }) => {
      const simulation = new Simulation(world, n, seed);
      const values = new Map<Metric, (number | null)[]>(all.map((metric) => [metric, []]));
      for (let set = 0; set < BLOCKS * SETS_OF_A_BLOCK; set++) {
        const found = await evaluate(all, simulation.input(simulation.draw(set)), root.derive("metrics"));
        for (const { metric, value } of found) values.get(metric)!.push(value.value);
      }
      const errors: number[] = [];
      for (const [metric, ofSets] of values) {
        const [three, five] = [3, 5].map((repeats) => coverageOver(metric, ofSets, n, repeats)) as [Coverage, Coverage];
        const line = `${metric.id}, ${name}, n = ${n}: 3 repeats ${coverageText(three)}, 5 repeats ${coverageText(five)}`;
        console.log(line);
        expect.soft(holds(three) && holds(five), line).toBe(true);
        errors.push(three.error, five.error);
      }
      const sorted = errors.sort((a, b) => a - b).map((error) => (100 * error).toFixed(1));
      console.log(
        `${name}, n = ${n}: standard errors ${sorted[0]} to ${sorted.at(-1)}, median ${sorted[sorted.length >> 1]}`,
      );
    },
  );
});

/** How often the interval over so many repeats, as results.json has it, holds the mean of all sets. */
function coverageOver(metric: Metric, values: readonly (number | null)[], n: number, repeats: number): Coverage {
  const valued = values.filter((value) => value !== null);
  const expected = valued.reduce((sum, value) => sum + value, 0) / valued.length;
  const blocks: { covered: number; given: number }[] = [];
  let groups = 0;
  for (let block = 0; block < BLOCKS; block++) {
    const counts = { covered: 0, given: 0 };
    const own = values.slice(block * SETS_OF_A_BLOCK, (block + 1) * SETS_OF_A_BLOCK);
    for (let deal = 0; deal < DEALS; deal++) {
      const dealt = Array.from(root.derive("deal", block, deal).permutation(own.length), (i) => own[i]!);
      for (let first = 0; first + repeats <= dealt.length; first += repeats) {
        const interval = intervalOver(metric, dealt.slice(first, first + repeats), n);
        groups++;
        if (interval === null) continue;
        counts.given++;
        if (interval.low <= expected && expected <= interval.high) counts.covered++;
      }
    }
    blocks.push(counts);
  }
  const given = blocks.reduce((sum, block) => sum + block.given, 0);
  const share = blocks.reduce((sum, block) => sum + block.covered, 0) / given;
  const squares = blocks.reduce((sum, block) => sum + (block.covered - share * block.given) ** 2, 0);
  const error = Math.sqrt((squares * BLOCKS) / (BLOCKS - 1)) / given;
  return { share, error, none: 1 - given / groups };
}

function intervalOver(metric: Metric, values: readonly (number | null)[], n: number) {
  const found = values.filter((value) => value !== null);
  if (found.length === 0) return null;
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const spread = { mean, sd: Math.sqrt(squares / Math.max(1, found.length - 1)), count: found.length };
  return intervalOverSets(
    metric,
    found.map((value) => ({ value, n })),
    spread,
  );
}
