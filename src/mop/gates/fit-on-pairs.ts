import type { Bar } from "../../core/progress.ts";
import { type Fold, foldsOf } from "../held-out.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import { ActivePairs } from "./active-pairs.ts";
import { fitGates, type GateFit } from "./fit-gates.ts";
import { mostReached } from "./reached.ts";
import { type SamplingContext, samplePairs } from "./sample-pairs.ts";

/** Fitted gates, and what they were fitted on. */
export interface FittedOnPairs {
  readonly fit: GateFit;
  /** The pairs that the mixture's likelihood is known by. */
  readonly pairs: ScoredPairs;
  /** How many pairs a record were drawn. */
  readonly sampledPairs: number;
  /** M, where the mixture has the M heaviest pairs of each context and no others. */
  readonly activePairs: number | null;
}

/** Records that judge a fit at least, where there are so many: folds are used until they hold them. */
const JUDGES = 400;

/**
 * Scores and fits: on sampled pairs, or with `activePairs` on the M heaviest of all.
 * @param groups number of each record's group of near-copies
 */
export async function fitOnPairs(sampling: SamplingContext, groups: Int32Array): Promise<FittedOnPairs> {
  const { options } = sampling;
  const { random } = sampling.context;
  const M = options.activePairs;
  // The M heaviest pairs change with the gates: every fold would score its own, so one has to do.
  const folds = foldsOf(groups, options.heldOut, M === null ? JUDGES : 1, random);
  const following = M === null ? null : follow(sampling, M, folds[0]);
  const active = following?.active ?? null;
  const { pairs, fit } = await samplePairs(sampling, active === null ? null : folds[0].heldOutRecords, (sampled) => {
    const trained = { inputs: sampling.inputs, pairs: active?.pairs ?? sampled, active };
    return fitGates({ data: trained, sampled, folds, groups }, options, random.derive("fit"), sampling.context);
  });
  const sampledPairs = pairs.perRecord;
  if (active === null || fit.penalty === null) {
    following?.bar.done();
    return { fit, pairs, sampledPairs, activePairs: null };
  }
  await active.reach(fit.parameters, fit.judges, null);
  following?.bar.done();
  return { fit, pairs: active.pairs, sampledPairs, activePairs: M };
}

/** The M heaviest pairs, which follow the gates, and the bar that shows their scoring. */
function follow(
  sampling: SamplingContext,
  M: number,
  { heldOutRecords }: Fold,
): { readonly active: ActivePairs; readonly bar: Bar } {
  const { context, inputs, options, records } = sampling;
  const all = records.length * inputs.personas.rows * (inputs.exemplars?.rows ?? 1);
  const most = Math.min(all, mostReached(options, heldOutRecords.length));
  const bar = context.progress.bar("scoring the heaviest pairs", most);
  return { active: new ActivePairs(sampling, { ...options, count: M }, bar), bar };
}
