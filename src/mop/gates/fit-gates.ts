import type { Stream } from "../../core/stream.ts";
import type { FitContext } from "../fit-context.ts";
import { type Fold, mean } from "../held-out.ts";
import { type ScoredPairs, usableRecords } from "../scores/scored-pairs.ts";
import { Descent, type DescentContext, type DescentOptions, stepObjective, type TrainingData } from "./descent.ts";
import { chosenByOthers, correctedLosses, estimateGain, type GainEstimate, NO_GAIN } from "./gain.ts";
import { Judge } from "./judge.ts";
import { GateParameters } from "./parameters.ts";
import { type BestLook, type CurvePoint, PenaltySearch, type SearchOptions } from "./penalty-search.ts";

export interface GateFitOptions extends DescentOptions, SearchOptions {
  /** Penalties towards uniform weights that are tried, each a number of pseudo-observations a record. */
  readonly penalties: readonly number[];
  /** Whether uniform weights are kept where no fit is judged better. */
  readonly fallback: boolean;
}

/** What gates are fitted on and judged by. */
export interface GateFitData {
  readonly data: TrainingData;
  /** Pairs that uniform weights are judged by; those of `data` too unless they follow the gates. */
  readonly sampled: ScoredPairs;
  readonly folds: readonly [Fold, ...Fold[]];
  /** Number of each record's group of near-copies. */
  readonly groups: Int32Array;
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

/**
 * Fits both gates by cross-fitting: for each penalty, from strong to weak, Adam from uniform weights on each fold's records, all
 * folds in step, and at every look the records they have not seen judge them together. Kept are the penalty and the number of
 * steps with the smallest loss; where there is more than one fold, the gates are then fitted with them on all records. Uniform
 * weights stay where the gain is not above zero.
 *
 * The gain is that of the cross-fitted gates with the penalty and steps that other judging records choose, so
 * that no record judges what it chose (gain.ts). Gates fitted on all records have seen more than those.
 * @throws InterruptedError when the signal aborts; RunFailedError when too many scores fail (`activePairs`)
 */
export async function fitGates(
  { data, sampled, folds, groups }: GateFitData,
  options: GateFitOptions,
  random: Stream,
  { signal, progress }: Pick<FitContext, "signal" | "progress">,
): Promise<GateFit> {
  const usable = new Set(usableRecords(sampled));
  const uniformStart = startOf(data, options, random, "uniform");
  const heldOut = folds.map(({ heldOutRecords }) => heldOutRecords.filter((i) => usable.has(i)));
  const judge = new Judge(data, sampled, heldOut, uniformStart);
  // Equal weights have no M heaviest: those of the smallest random gates begin the search for them.
  const start = data.active === null ? uniformStart : startOf(data, options, random, "random");
  const renormalize = data.active !== null && options.renormalize;
  const shared = { data, start, options, objective: stepObjective(data, { ...options, renormalize }) };
  // Where pairs follow the gates, records get theirs when they are reached.
  const trainRecords = folds.map(({ trainRecords }) =>
    data.active === null ? trainRecords.filter((i) => usable.has(i)) : trainRecords,
  );
  // Rank, steps and folds may make minutes or days of it: how long is said, at most.
  const bar = progress.bar("fitting the gates, at most", options.penalties.length * folds.length * options.maxSteps);
  const search = new PenaltySearch(judge, options, signal, bar);
  for (const penalty of [...options.penalties].sort((a, b) => b - a)) {
    const descents = trainRecords.map(
      (records, f) => new Descent(shared, { penalty, records, random: random.derive("fold", f, penalty) }),
    );
    const first = search.best === null;
    if (!(await search.along(penalty, descents)) && !first) break; // a weaker penalty has nothing more to give
  }
  bar.done();
  const { best } = search;
  if (best === null) throw new RangeError("A fit tries at least one penalty.");
  const uniformHeldOut = mean(correctedLosses(judge.uniform));
  const found = { uniformHeldOut, curve: search.curve, judges: judge.records, folds: folds.length };
  const estimate = gainOf(search, judge, groups, { fallback: options.fallback, random: random.derive("parts") });
  // The best look flatters itself; what others say of it decides.
  if (options.fallback && !(best.mean < uniformHeldOut && estimate.gain > 0))
    return { ...found, ...NO_GAIN, parameters: uniformStart, penalty: null, steps: null, heldOut: uniformHeldOut };
  const all = Int32Array.from(groups.keys()).filter((i) => usable.has(i));
  const parameters = folds.length === 1 ? best.parameters : await fitOnAll(shared, best, all, { random, signal });
  const { penalty, step: steps } = best.candidate;
  return { ...found, ...estimate, parameters, penalty, steps, heldOut: best.mean };
}

function startOf({ inputs }: TrainingData, { rank }: DescentOptions, random: Stream, kind: "uniform" | "random") {
  const [H, W] = [inputs.contexts.cols, inputs.personas.cols];
  const stream = random.derive("weights");
  return kind === "uniform"
    ? GateParameters.uniformStart(rank, H, W, stream)
    : GateParameters.randomStart(rank, H, W, stream);
}

/** The gain over uniform weights of what other judging records choose among the looks, and where allowed uniform weights. */
function gainOf(
  { candidates }: PenaltySearch,
  { uniform, records }: Judge,
  groups: Int32Array,
  { fallback, random }: { readonly fallback: boolean; readonly random: Stream },
): GainEstimate {
  const groupsOfJudges = records.map((i) => groups[i]!);
  const rivals = fallback ? [{ judgment: uniform, losses: correctedLosses(uniform) }] : [];
  const chosen = chosenByOthers([...rivals, ...candidates], groupsOfJudges, random);
  return estimateGain(uniform, chosen, groupsOfJudges);
}

/** Gates fitted on all records with the penalty and the steps of the best look. */
async function fitOnAll(
  shared: DescentContext,
  { candidate: { penalty, step } }: BestLook,
  records: Int32Array,
  { random, signal }: { readonly random: Stream; readonly signal: AbortSignal | undefined },
): Promise<GateParameters> {
  const descent = new Descent(shared, { penalty, records, random: random.derive("all", penalty) });
  await descent.advance(step, signal);
  return descent.parameters;
}
