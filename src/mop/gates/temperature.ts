import { mapConcurrently } from "../../core/concurrent.ts";
import { CallError, InputError } from "../../core/errors.ts";
import type { PopulationRecord } from "../../core/record.ts";
import { type PairScorer, scorePair } from "../scores/score-pairs.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import type { GateFit } from "./fit-gates.ts";
import { GateObjective, type ObjectiveOptions } from "./objective.ts";
import type { GateInputs } from "./parameters.ts";

/** A record's pairs that carry most of its posterior, with ln(gate weight x importance weight) of each. */
export interface HeavyPairs {
  readonly record: PopulationRecord;
  readonly persona: readonly number[];
  readonly exemplar: readonly number[];
  readonly logWeight: readonly number[];
}

export interface TemperatureFit {
  /** One temperature a persona. */
  readonly temperatures: Float64Array;
  /** Mean log-likelihood of the records under the heavy pairs, by temperature of the grid. */
  readonly profile: readonly { readonly temperature: number; readonly logLikelihood: number }[];
}

/** Records' worth of the shared profile that each persona's own profile is mixed with. */
const PRIOR_RECORDS = 10;

/** The `count` scored pairs of each record that hold most of its posterior, those drawn twice merged. */
export function heavyPairs(
  inputs: GateInputs,
  pairs: ScoredPairs,
  fit: Pick<GateFit, "parameters">,
  options: ObjectiveOptions & { readonly rank: number },
  at: Int32Array,
  count: number,
  records: readonly PopulationRecord[],
): readonly HeavyPairs[] {
  const objective = new GateObjective(inputs, pairs, {
    ...options,
    rank: options.rank,
    capacity: Math.min(64, inputs.contexts.rows),
  });
  const found: HeavyPairs[] = [];
  objective.visit(fit.parameters, at, ({ posterior }, place) => {
    const i = at[place]!;
    const merged = new Map<string, { k: number; j: number; mass: number; score: number }>();
    for (let s = 0; s < pairs.perRecord; s++) {
      const t = i * pairs.perRecord + s;
      const [k, j] = [pairs.persona[t]!, pairs.exemplar[t]!];
      const known = merged.get(`${k} ${j}`);
      if (known !== undefined) known.mass += posterior[s]!;
      else if (k >= 0 && posterior[s]! > 0)
        merged.set(`${k} ${j}`, { k, j, mass: posterior[s]!, score: pairs.logLikelihood[t]! });
    }
    const heavy = [...merged.values()].sort((a, b) => b.mass - a.mass || a.k - b.k || a.j - b.j).slice(0, count);
    found[place] = {
      record: records[i]!,
      persona: heavy.map(({ k }) => k),
      exemplar: heavy.map(({ j }) => j),
      // The posterior is gate x importance x likelihood; what is left without the likelihood is right up to the record's constant.
      logWeight: heavy.map(({ mass, score }) => Math.log(mass) - score),
    };
  });
  return found;
}

/**
 * Whether the model scores at other temperatures than 1. A server that knows only its own log-probabilities may refuse or
 * answer the same whatever it is asked, so one text is scored at 1 and at 2: the answers must differ.
 */
export async function scoresAtTemperatures(scorer: PairScorer, record: PopulationRecord): Promise<boolean> {
  try {
    const plain = await scorePair(scorer, record, 0, 0, 1);
    const flat = await scorePair(scorer, record, 0, 0, 2);
    return plain !== null && flat !== null && Math.abs(plain.total - flat.total) > 1e-9 * Math.abs(plain.total);
  } catch (error) {
    if (error instanceof InputError || (error instanceof CallError && error.kind === "bad-request")) return false;
    throw error;
  }
}

/**
 * Chooses tau from a grid by the likelihood of held-out records, the gates held fixed (one step of coordinate ascent):
 * `shared` takes the best of all, `per-persona` the best by each persona's posterior share, drawn towards the shared profile.
 * A pair that fails at any temperature drops out at all of them.
 */
export async function chooseTemperatures(
  scorer: PairScorer,
  records: readonly HeavyPairs[],
  grid: readonly number[],
  mode: "shared" | "per-persona",
): Promise<TemperatureFit> {
  const K = scorer.personas.length;
  const jobs = records.flatMap(({ record, persona, exemplar }, i) =>
    persona.map((k, s) => ({ record, i, s, k, j: exemplar[s]! })),
  );
  const scores: (readonly (number | null)[])[] = [];
  for (const temperature of grid) {
    scores.push(
      await mapConcurrently(jobs, scorer.concurrency, scorer.signal, async ({ record, k, j }) => {
        const score = await scorePair(scorer, record, k, j, temperature);
        return score?.total ?? null;
      }),
    );
  }
  const usable = jobs.map((_, t) => scores.every((column) => column[t] !== null));
  const shared = new Float64Array(grid.length);
  const own = Array.from({ length: K }, () => new Float64Array(grid.length));
  const perRecord = new Map<number, number[]>();
  for (const [t, job] of jobs.entries()) {
    if (usable[t]) perRecord.set(job.i, [...(perRecord.get(job.i) ?? []), t]);
  }
  for (const [i, list] of perRecord) {
    const share = new Float64Array(K);
    for (const [g, column] of scores.entries()) {
      const values = list.map((t) => records[i]!.logWeight[jobs[t]!.s]! + (column[t] ?? 0));
      const max = Math.max(...values);
      const sum = values.reduce((total, value) => total + Math.exp(value - max), 0);
      shared[g]! += (max + Math.log(sum)) / perRecord.size;
      for (const [at, t] of list.entries()) share[jobs[t]!.k]! += Math.exp(values[at]! - max) / sum / grid.length;
    }
    // Each persona explains its share of the record; its profile is that of its own pairs alone.
    for (let k = 0; k < K; k++) {
      if (share[k] === 0) continue;
      for (const [g, column] of scores.entries()) {
        const values = list
          .filter((t) => jobs[t]!.k === k)
          .map((t) => records[i]!.logWeight[jobs[t]!.s]! + (column[t] ?? 0));
        const max = Math.max(...values);
        own[k]![g]! += share[k]! * (max + Math.log(values.reduce((sum, value) => sum + Math.exp(value - max), 0)));
      }
    }
  }
  const best = grid[indexOfLargest(shared)]!;
  const temperatures =
    mode === "shared"
      ? new Float64Array(K).fill(best)
      : Float64Array.from(
          own,
          (profile) => grid[indexOfLargest(profile.map((v, g) => v + PRIOR_RECORDS * shared[g]!))]!,
        );
  return {
    temperatures,
    profile: grid.map((temperature, g) => ({ temperature, logLikelihood: shared[g]! })),
  };
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
