import { describe, expect, it } from "vitest";
import { silent } from "../../core/progress.ts";
import type { ResultRow } from "../../core/result.ts";
import { metrics } from "../../metrics/registry.ts";
import { scorePair } from "../../scoring/score-pair.ts";
import { FEWEST_TEXTS, whyNoSubsamples } from "../../scoring/subsampling.ts";
import { coverageText, holds } from "../../testing/coverage.ts";
import { far, near, Simulation } from "../../testing/worlds.ts";

const SETS = 600;
/** Fewer than a user is advised to take: Student's quantile knows, and the simulation must end. */
const SUBSAMPLES = 5;

/** Every metric that has an interval of one set. */
const all = metrics.names
  .map((id) => metrics.get(id))
  .filter((metric) => metric.trials || whyNoSubsamples(metric, FEWEST_TEXTS) === null);

describe("95 % intervals from one set, by simulation", () => {
  it.each([
    { name: "near", world: near, n: FEWEST_TEXTS, seed: 71 },
    { name: "near", world: near, n: 400, seed: 62 },
    { name: "far", world: far, n: FEWEST_TEXTS, seed: 73 },
    { name: "far", world: far, n: 400, seed: 64 },
  ])(
    "cover the value expected at n between 92 and 98 times in 100: $name, n = $n",
    async ({ name, world, n, seed }) => {
      const simulation = new Simulation(world, n, seed);
      const rows = new Map<string, ResultRow[]>(all.map(({ id }) => [id, []]));
      for (let set = 0; set < SETS; set++) {
        const { gold, synthetic, evidence } = simulation.input(simulation.draw(set));
        const about = { dataset: null, model: null, method: "synthetic", repeat: null };
        const pair = { about, synthetic, gold, evidence, metrics: all, encoder: "given", encoderSettings: {} };
        const options = { seed: 0, subsamples: SUBSAMPLES, signal: new AbortController().signal, progress: silent };
        for (const row of await scorePair(pair, options)) rows.get(row.metric)!.push(row);
      }
      for (const [id, found] of rows) {
        const valued = found.filter((row) => row.value !== null);
        const expected = valued.reduce((sum, row) => sum + row.value!, 0) / valued.length;
        const given = valued.filter((row) => row.ciLow !== null);
        if (given.length === 0) continue;
        const share = given.filter((row) => row.ciLow! <= expected && expected <= row.ciHigh!).length / given.length;
        const error = Math.sqrt((share * (1 - share)) / given.length);
        const coverage = { share, error, none: 1 - given.length / SETS };
        const line = `${id}, ${name}, n = ${n}: ${coverageText(coverage)}`;
        console.log(line);
        expect.soft(holds(coverage), line).toBe(true);
      }
    },
  );
});
