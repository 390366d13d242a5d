import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import type { Metric } from "../metrics/metric.ts";
import { metrics } from "../metrics/registry.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import { studentTQuantile } from "../numerics/student-t.ts";
import { keptShare, randomSubsets, subsampleInterval } from "./subsampling.ts";
import { inputFor } from "./test-populations.ts";

/** A population of texts about topics, each with its own words and its own place among the embeddings. */
interface World {
  readonly topics: readonly number[];
  readonly spread: number;
  readonly shift: number;
  /** Mean words of a text beyond three. */
  readonly length: number;
}

const people: World = { topics: [0.3, 0.25, 0.2, 0.15, 0.1], spread: 0.6, shift: 0, length: 14 };
const model: World = { topics: [0.5, 0.3, 0.15, 0.05, 0], spread: 0.5, shift: 0.15, length: 11 };
const n = 200;
const d = 16;
const root = Stream.root(2024);

function draw(random: Stream, world: World): SampleSet {
  const data = new Float32Array(n * d);
  const texts = Array.from({ length: n }, (_, i) => {
    const topic = random.weighted(world.topics);
    for (let j = 0; j < d; j++) {
      const centre = (j % world.topics.length === topic ? 2 : 0) + (j === 0 ? world.shift : 0);
      data[i * d + j] = (centre + world.spread * random.normal()) / Math.sqrt(d);
    }
    return Array.from({ length: 3 + Math.floor(-Math.log(1 - random.next()) * world.length) }, () => {
      const word = Math.floor(Math.exp(random.next() * Math.log(300)));
      return random.next() < 0.5 ? `w${word}` : `t${topic}w${word}`;
    }).join(" ");
  });
  return new SampleSet({ texts, embeddings: { data, rows: n, cols: d } });
}

const gold = draw(root.derive("gold"), people);

async function measured(metric: Metric, synthetic: SampleSet): Promise<number> {
  const { value } = await metric.compute({ ...inputFor(gold), synthetic }, root.derive("metric", metric.id));
  return value!;
}

const ids = [
  "fid",
  "mauve",
  "mauve-c5",
  "vendi",
  "self-bleu-4",
  "distinct-2",
  "entropy-2",
  "kl-cosine",
  "share-js",
  "length-gap",
  "mmd-rbf",
  "coverage",
  "homogenization",
];
/** Skewed over draws, so that Student's interval over repeats is short: docs/statistics.md says by how much. */
const shortOverRepeats: readonly string[] = ["coverage"];
const runs = 250;
const subsamples = 30;

describe("95 % intervals by simulation", () => {
  it.each(ids)("cover the value expected at n between 92 and 98 times in 100: %s", async (id) => {
    const metric = metrics.get(id);
    const share = keptShare(id);
    const values: number[] = [];
    const intervals: Awaited<ReturnType<typeof subsampleInterval>>[] = [];
    for (let run = 0; run < runs; run++) {
      const set = draw(root.derive("set", run), model);
      const value = await measured(metric, set);
      const parts: number[] = [];
      for (const part of randomSubsets(set, subsamples, root.derive("part", run), share)) {
        parts.push(await measured(metric, part));
      }
      values.push(value);
      intervals.push(await subsampleInterval(value, parts, share));
    }
    for (let run = 0; run < 3 * runs; run++) values.push(await measured(metric, draw(root.derive("more", run), model)));
    const expected = values.reduce((sum, value) => sum + value, 0) / values.length;
    const bySubsamples = intervals.filter((i) => i !== null && i.low <= expected && expected <= i.high).length / runs;
    const [byThree, byFive] = [3, 5].map((repeats) => coverageOverRepeats(values, repeats, expected));
    const percent = (x: number) => (100 * x).toFixed(1);
    console.log(
      `${id}: subsamples ${percent(bySubsamples)}, 3 repeats ${percent(byThree!)}, 5 repeats ${percent(byFive!)}`,
    );
    const held = shortOverRepeats.includes(id) ? [bySubsamples] : [bySubsamples, byThree!, byFive!];
    for (const coverage of held) {
      expect(coverage).toBeGreaterThan(0.92 - 0.015); // of so many runs: one standard error is 1.4 %
      expect(coverage).toBeLessThan(0.98 + 0.015);
    }
  });
});

/** How often Student's interval over so many repeats, as `summarise` gives it, holds the expected value. */
function coverageOverRepeats(values: readonly number[], repeats: number, expected: number): number {
  let covered = 0;
  let groups = 0;
  for (let first = 0; first + repeats <= values.length; first += repeats) {
    const group = values.slice(first, first + repeats);
    const mean = group.reduce((sum, value) => sum + value, 0) / repeats;
    const sd = Math.sqrt(group.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (repeats - 1));
    if (Math.abs(mean - expected) <= (studentTQuantile(0.975, repeats - 1) * sd) / Math.sqrt(repeats)) covered++;
    groups++;
  }
  return covered / groups;
}
