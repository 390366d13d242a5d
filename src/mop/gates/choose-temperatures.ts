import { mapConcurrently } from "../../core/concurrent.ts";
import { type PairScorer, scorePair } from "../scores/score-pairs.ts";
import type { HeavyPairs } from "./heavy-pairs.ts";
import type { HeatedScores } from "./open-scores.ts";
import { type HeatedPair, temperatureProfiles } from "./temperature-profiles.ts";

export interface TemperatureFit {
  /** One temperature a persona. */
  readonly temperatures: Float64Array;
  /** Mean log-likelihood of the records under the heavy pairs, by temperature of the grid. */
  readonly profile: readonly { readonly temperature: number; readonly logLikelihood: number }[];
}

/** Records' worth of the shared profile that each persona's own profile is mixed with. */
const PRIOR_RECORDS = 10;

/**
 * Chooses tau from a grid by the likelihood of held-out records, the gates held fixed (one step of coordinate ascent):
 * `shared` takes the best of all, `per-persona` the best by each persona's posterior share, drawn towards the shared profile.
 * A pair that fails at any temperature drops out at all of them.
 * @param heated where scores are kept: one that lies there is not asked for again
 */
export async function chooseTemperatures(
  scorer: PairScorer,
  records: readonly HeavyPairs[],
  grid: readonly number[],
  mode: "shared" | "per-persona",
  heated: HeatedScores,
): Promise<TemperatureFit> {
  const K = scorer.personas.length;
  const { shared, own } = temperatureProfiles(await scoreOnGrid(scorer, records, grid, heated), K, grid.length);
  const bestOf = (profile: Float64Array): number => grid[indexOfLargest(profile)]!;
  return {
    temperatures:
      mode === "shared"
        ? new Float64Array(K).fill(bestOf(shared))
        : Float64Array.from(own, (profile) => bestOf(profile.map((v, g) => v + PRIOR_RECORDS * shared[g]!))),
    profile: grid.map((temperature, g) => ({ temperature, logLikelihood: shared[g]! })),
  };
}

/** The pairs of each record that have a score at every temperature. */
async function scoreOnGrid(
  scorer: PairScorer,
  records: readonly HeavyPairs[],
  grid: readonly number[],
  { store, pairs: all }: HeatedScores,
): Promise<HeatedPair[][]> {
  const N = scorer.pool?.length ?? 1;
  const jobs = records.flatMap(({ at, record, pairs }, i) => pairs.map((pair) => ({ ...pair, at, record, i })));
  const columns: (readonly (number | null)[])[] = [];
  for (const [g, temperature] of grid.entries())
    columns.push(
      await mapConcurrently(jobs, scorer.concurrency, scorer.signal, async ({ at, record, k, j }) => {
        const place = g * all + k * N + j;
        const known = store.get(at, place);
        if (known !== undefined) return known.total;
        const score = await scorePair(scorer, record, k, j, temperature);
        if (score !== null) await store.add(at, place, score);
        return score?.total ?? null;
      }),
    );
  const heated: HeatedPair[][] = records.map(() => []);
  for (const [t, { i, k, logWeight }] of jobs.entries()) {
    const scores = columns.map((column) => column[t] ?? null).filter((score) => score !== null);
    if (scores.length === grid.length) heated[i]!.push({ k, logWeight, scores });
  }
  return heated;
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
