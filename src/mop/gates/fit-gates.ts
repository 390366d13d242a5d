import type { Stream } from "../../core/stream.ts";
import { type Fold, mean } from "../held-out.ts";
import { type ScoredPairs, usableRecords } from "../scores/scored-pairs.ts";
import { Descent, type DescentOptions, type Ground, stepObjective } from "./descent.ts";
import { chosenByOthers, correctedLosses, estimateGain, type GainEstimate, type Judgment, NO_GAIN } from "./gain.ts";
import { GateObjective } from "./objective.ts";
import { GateParameters } from "./parameters.ts";

export interface GateFitOptions extends DescentOptions {
  /** Penalties towards uniform weights that are tried, each a number of pseudo-observations a record. */
  readonly penalties: readonly number[];
  /** Most steps for one penalty. */
  readonly maxSteps: number;
  /** Steps between two looks at the held-out records, and looks without progress after which a penalty's fit stops. */
  readonly evaluateEvery: number;
  readonly patience: number;
  /** Whether uniform weights are kept where no fit is judged better. */
  readonly fallback: boolean;
}

/**
 * A point of the training curve, nats a record: negative log-likelihood of the latest batches and of the held-out records, mean
 * over folds; the latter without the sampling's bias.
 */
export interface CurvePoint {
  readonly penalty: number;
  readonly step: number;
  readonly train: number;
  readonly heldOut: number;
}

export interface GateFit extends GainEstimate {
  readonly parameters: GateParameters;
  /** The penalty and the steps chosen; null: nothing was better than uniform weights, which are kept. */
  readonly penalty: number | null;
  readonly steps: number | null;
  /** Mean negative log-likelihood of the judging records, sampling's bias taken out. */
  readonly uniformHeldOut: number;
  readonly heldOut: number;
  readonly curve: readonly CurvePoint[];
  /** Records that judged, each a fit that had not seen it. */
  readonly judges: Int32Array;
  readonly folds: number;
}

/** A look at one point of a path. */
interface Candidate {
  readonly penalty: number;
  readonly step: number;
  readonly judgment: Judgment;
  readonly losses: Float64Array;
}

/** What looks have seen so far. */
interface Search {
  readonly candidates: Candidate[];
  best: { readonly candidate: Candidate; readonly mean: number; readonly parameters: GateParameters } | null;
}

/** Contexts of one pass when records are judged. */
const JUDGED_AT_ONCE = 256;

/**
 * Fits both gates by cross-fitting: for each penalty, from strong to weak, Adam from uniform weights on each fold's records, all
 * folds in step, and at every look the records they have not seen judge them together. Kept are the penalty and the number of
 * steps with the smallest loss; where there is more than one fold, the gates are then fitted with them on all records. Uniform
 * weights stay where the gain is not above zero.
 *
 * The gain is that of the cross-fitted gates with the penalty and steps that other judging records choose, so
 * that no record judges what it chose (gain.ts). Gates fitted on all records have seen more than those.
 * @param sampled pairs that uniform weights are judged by; those of `ground` too unless they follow the gates
 * @param groups number of each record's group of near-copies
 * @throws InterruptedError when the signal aborts; RunFailedError when too many scores fail (`activePairs`)
 */
export async function fitGates(
  ground: Ground,
  sampled: ScoredPairs,
  folds: readonly [Fold, ...Fold[]],
  groups: Int32Array,
  options: GateFitOptions,
  random: Stream,
  signal?: AbortSignal,
): Promise<GateFit> {
  const { inputs, active } = ground;
  const usable = new Set(usableRecords(sampled));
  // Where pairs follow the gates, records get theirs when they are reached.
  const parts = folds.map(({ trainRecords, heldOutRecords }) => ({
    train: active === null ? trainRecords.filter((i) => usable.has(i)) : trainRecords,
    held: heldOutRecords.filter((i) => usable.has(i)),
  }));
  const judges = Int32Array.from(parts.flatMap(({ held }) => [...held]));
  const capacity = Math.min(inputs.contexts.rows, JUDGED_AT_ONCE);
  const [H, W] = [inputs.contexts.cols, inputs.personas.cols] as const;
  const uniformStart = GateParameters.uniformStart(options.rank, H, W, random.derive("weights"));
  const flat = new GateObjective(inputs, sampled, { renormalize: false, rank: options.rank, capacity });
  const uniform = judgmentOf(flat, uniformStart, judges);
  // Answers are drawn from active pairs with weights that sum to one, however they were trained: so they are judged.
  const judging = new GateObjective(inputs, ground.pairs, {
    renormalize: active !== null,
    rank: options.rank,
    capacity,
  });
  const judge = async (fitted: readonly GateParameters[]): Promise<Judgment> => {
    const seen: Judgment[] = [];
    for (const [f, { held }] of parts.entries()) {
      await active?.reach(fitted[f]!, held, null);
      seen.push(judgmentOf(judging, fitted[f]!, held));
    }
    return instead(joined(seen), uniform);
  };
  // Equal weights have no M heaviest: those of the smallest random gates begin the search for them.
  const start =
    active === null ? uniformStart : GateParameters.randomStart(options.rank, H, W, random.derive("weights"));
  const uniformHeldOut = mean(correctedLosses(uniform));
  const step = stepObjective(ground, { ...options, renormalize: active !== null && options.renormalize });
  const curve: CurvePoint[] = [];
  const search: Search = { candidates: [], best: null };
  for (const penalty of [...options.penalties].sort((a, b) => b - a)) {
    const descents = parts.map(
      ({ train }, f) => new Descent(ground, step, start, penalty, train, options, random.derive("fold", f, penalty)),
    );
    const before = search.best;
    await descend(descents, penalty, judge, options, search, curve, signal);
    if (before !== null && search.best === before) break; // a weaker penalty has nothing more to give
  }
  const found = { uniformHeldOut, curve, judges, folds: folds.length };
  const { best } = search;
  if (best === null) throw new RangeError("A fit tries at least one penalty.");
  const groupsOfJudges = judges.map((i) => groups[i]!);
  const rivals = options.fallback ? [{ judgment: uniform, losses: correctedLosses(uniform) }] : [];
  const chosen = chosenByOthers([...rivals, ...search.candidates], groupsOfJudges, random.derive("parts"));
  const estimate = estimateGain(uniform, chosen, groupsOfJudges);
  // The best look flatters itself; what others say of it decides.
  if (options.fallback && !(best.mean < uniformHeldOut && estimate.gain > 0))
    return { ...found, ...NO_GAIN, parameters: uniformStart, penalty: null, steps: null, heldOut: uniformHeldOut };
  const { penalty, step: steps } = best.candidate;
  let { parameters } = best;
  if (folds.length > 1) {
    const all = Int32Array.from(groups.keys()).filter((i) => usable.has(i));
    const descent = new Descent(ground, step, start, penalty, all, options, random.derive("all", penalty));
    await descent.advance(steps, signal);
    parameters = descent.parameters;
  }
  return { ...found, ...estimate, parameters, penalty, steps, heldOut: best.mean };
}

/** Looks along the path of one penalty, until looks bring no progress. */
async function descend(
  descents: readonly Descent[],
  penalty: number,
  judge: (fitted: readonly GateParameters[]) => Promise<Judgment>,
  { maxSteps, evaluateEvery, patience }: GateFitOptions,
  search: Search,
  curve: CurvePoint[],
  signal: AbortSignal | undefined,
): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let waited = 0;
  for (let step = 0; step < maxSteps && waited < patience; ) {
    const steps = Math.min(evaluateEvery, maxSteps - step);
    step += steps;
    let train = 0;
    for (const descent of descents) train += (await descent.advance(steps, signal)) / descents.length;
    const judgment = await judge(descents.map(({ parameters }) => parameters));
    const losses = correctedLosses(judgment);
    const heldOut = mean(losses);
    curve.push({ penalty, step, train, heldOut });
    const candidate = { penalty, step, judgment, losses };
    search.candidates.push(candidate);
    waited = heldOut < least ? 0 : waited + 1;
    least = Math.min(least, heldOut);
    if (search.best === null || heldOut < search.best.mean)
      search.best = { candidate, mean: heldOut, parameters: descents[0]!.parameters.copy() };
  }
}

/** What records say of gates. */
export function judgmentOf(objective: GateObjective, parameters: GateParameters, records: Int32Array): Judgment {
  const judgment = {
    logLikelihoods: new Float64Array(records.length),
    ofHalves: new Float64Array(records.length),
  };
  objective.visit(parameters, records, ({ logLikelihood, ofHalves }, at) => {
    judgment.logLikelihoods[at] = logLikelihood;
    judgment.ofHalves[at] = ofHalves;
  });
  return judgment;
}

/** A record that has lost all its active pairs to failed calls says nothing for or against a fit: it counts as under uniform weights. */
function instead(judgment: Judgment, uniform: Judgment): Judgment {
  const lost = (i: number): boolean => judgment.logLikelihoods[i] === Number.NEGATIVE_INFINITY;
  const filled = (name: keyof Judgment): Float64Array =>
    judgment[name].map((value, i) => (lost(i) ? uniform[name][i]! : value));
  return { logLikelihoods: filled("logLikelihoods"), ofHalves: filled("ofHalves") };
}

function joined(parts: readonly Judgment[]): Judgment {
  const together = (name: keyof Judgment): Float64Array => Float64Array.from(parts.flatMap((part) => [...part[name]]));
  return { logLikelihoods: together("logLikelihoods"), ofHalves: together("ofHalves") };
}
