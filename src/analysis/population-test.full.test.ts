import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { metrics } from "../metrics/registry.ts";
import { equallyFar, type Place, type RaceOptions, race } from "../testing/race.ts";

const root = Stream.root(2027);
const fid: RaceOptions = { n: 100, d: 10, repeats: 3, metric: metrics.get("fid") };
const far: Place = { move: [9, 0.6] };

/** How often a method is named, by both tests and by swaps alone, and how often it is the first. */
async function named(name: string, runs: number, places: readonly Place[], options: RaceOptions) {
  const count = { both: 0, swaps: 0, bothFirst: 0, swapsFirst: 0 };
  for (let run = 0; run < runs; run++) {
    const result = await race(root.derive(name, run), places, options);
    if (result.named !== null) count.both++;
    if (result.namedBySwapsAlone !== null) count.swaps++;
    if (result.named === "m0") count.bothFirst++;
    if (result.namedBySwapsAlone === "m0") count.swapsFirst++;
  }
  const share = (x: number) => `${((100 * x) / runs).toFixed(1)} %`;
  console.log(
    `${name}: named ${share(count.both)}, by swaps alone ${share(count.swaps)}; the first ${share(count.bothFirst)}, by swaps alone ${share(count.swapsFirst)}`,
  );
  return { share: count.both / runs, first: count.bothFirst / runs };
}

const DISTANCES = [0, 0.0025, 0.01, 0.04, 0.09];

describe("methods that differ and are equally far from the population, by FID", () => {
  const arrangements = [
    { what: "2 methods", places: (by: number) => equallyFar(2, by) },
    { what: "3 methods", places: (by: number) => equallyFar(3, by) },
    { what: "4 methods", places: (by: number) => equallyFar(4, by) },
    { what: "6 methods", places: (by: number) => equallyFar(6, by) },
    { what: "2 methods ahead of 2", places: (by: number) => [...equallyFar(2, by), far, far] },
    { what: "narrow and wide", places: (by: number) => [{ spread: 1 - Math.sqrt(by) }, { spread: 1 + Math.sqrt(by) }] },
  ];
  it.each(arrangements.flatMap(({ what, places }) => DISTANCES.map((by) => ({ what, by, places: places(by) }))))(
    "names one in at most 7 % of 400 trials: $what at FID $by",
    async ({ what, by, places }) => {
      expect((await named(`${what} at ${by}`, 400, places, fid)).share).toBeLessThanOrEqual(0.07);
    },
  );
});

describe("methods that differ and are equally far from the population, by metrics of the general route", () => {
  it.each(["mmd-rbf", "kl-cosine"])("names one in at most 7 % of 100 trials: %s", async (id) => {
    const options = { n: 60, d: 6, repeats: 2, metric: metrics.get(id) };
    for (const by of [0, 0.09])
      expect((await named(`${id}, 2 methods at ${by}`, 100, equallyFar(2, by), options)).share).toBeLessThanOrEqual(
        0.07,
      );
  });
});

describe("a method that is nearer to the population than its opposite", () => {
  const opposite = (near: number, away: number): Place[] => [
    { move: [0, Math.sqrt(near)] },
    { move: [0, -Math.sqrt(away)] },
  ];

  it.each([
    { n: 100, gap: 0.02, least: 0.07 },
    { n: 100, gap: 0.05, least: 0.4 },
    { n: 100, gap: 0.1, least: 0.85 },
    { n: 400, gap: 0.02, least: 0.28 },
    { n: 400, gap: 0.05, least: 0.93 },
  ])("is named: FID .04 against .04 + $gap, n = $n", async ({ n, gap, least }) => {
    const { first, share } = await named(`n ${n}, gap ${gap}`, 200, opposite(0.04, 0.04 + gap), { ...fid, n });
    expect(first).toBeGreaterThan(least);
    expect(share - first).toBeLessThan(0.03);
  });

  it("is named by a metric of the general route", async () => {
    const options = { n: 60, d: 6, repeats: 2, metric: metrics.get("mmd-rbf") };
    expect((await named("mmd-rbf, .04 against .25", 100, opposite(0.04, 0.25), options)).first).toBeGreaterThan(0.8);
  });
});
