import type { PopulationRecord } from "../../core/record.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import type { GateFit } from "./fit-gates.ts";
import { GateObjective } from "./objective.ts";
import type { GateInputs } from "./parameters.ts";

/** Contexts looked up in one pass at most. */
const AT_ONCE = 64;

/** A fitted mixture, and the pairs that its likelihood is known by. */
export interface KnownMixture {
  readonly inputs: GateInputs;
  readonly pairs: ScoredPairs;
  readonly fit: Pick<GateFit, "parameters" | "judges">;
  readonly rank: number;
  /** Whether `pairs` are all that the mixture has. */
  readonly renormalize: boolean;
}

/** A pair of persona k and exemplar j, with ln(gate weight x importance weight), up to a constant of the record's. */
export interface HeavyPair {
  readonly k: number;
  readonly j: number;
  readonly logWeight: number;
}

/** The pairs of a record that carry most of its posterior, the heaviest first. */
export interface HeavyPairs {
  /** Its position among those of the fit. */
  readonly at: number;
  readonly record: PopulationRecord;
  readonly pairs: readonly HeavyPair[];
}

/**
 * The `count` scored pairs that hold most of the posterior of each record, those drawn twice merged.
 * @param records of the fit
 * @param at positions of those asked for
 */
export function heavyPairs(
  { inputs, pairs, fit, rank, renormalize }: KnownMixture,
  records: readonly PopulationRecord[],
  at: Int32Array,
  count: number,
): readonly HeavyPairs[] {
  const capacity = Math.min(AT_ONCE, inputs.contexts.rows);
  const objective = new GateObjective(inputs, pairs, { rank, capacity, renormalize });
  const found: HeavyPairs[] = [];
  objective.visit(fit.parameters, at, ({ posterior }, place) => {
    const i = at[place]!;
    const heavy = merged(pairs, i, posterior)
      .sort((a, b) => b.mass - a.mass || a.k - b.k || a.j - b.j)
      .slice(0, count);
    found[place] = {
      at: i,
      record: records[i]!,
      // The posterior is gate x importance x likelihood; what is left without the likelihood is right up to the record's constant.
      pairs: heavy.map(({ k, j, mass, score }) => ({ k, j, logWeight: Math.log(mass) - score })),
    };
  });
  return found;
}

/** A pair's part of a record's posterior, and its score. */
interface PosteriorPair {
  readonly k: number;
  readonly j: number;
  mass: number;
  readonly score: number;
}

/** The distinct pairs of record i that have some of its posterior. */
function merged({ perRecord: S, persona, exemplar, logLikelihood }: ScoredPairs, i: number, posterior: Float64Array) {
  const found = new Map<string, PosteriorPair>();
  for (let s = 0; s < S; s++) {
    const t = i * S + s;
    const [k, j] = [persona[t]!, exemplar[t]!];
    const known = found.get(`${k} ${j}`);
    if (known !== undefined) known.mass += posterior[s]!;
    else if (k >= 0 && posterior[s]! > 0)
      found.set(`${k} ${j}`, { k, j, mass: posterior[s]!, score: logLikelihood[t]! });
  }
  return [...found.values()];
}
