import { setImmediate } from "node:timers/promises";
import { InterruptedError } from "../../../core/errors.ts";
import type { Stream } from "../../../core/stream.ts";
import { mean, mostUniformWithinOneError, pairedError, splitRecords } from "../held-out.ts";
import { type ScoredPairs, usableRecords } from "../scores/scored-pairs.ts";
import { Adam } from "./adam.ts";
import { type Disturbance, type DisturbanceOptions, makeDisturbance } from "./disturbance.ts";
import { GateObjective } from "./objective.ts";
import { type GateInputs, GateParameters } from "./parameters.ts";

export interface GateFitOptions extends DisturbanceOptions {
  readonly rank: number;
  readonly learningRate: number;
  readonly batch: number;
  /** Share of the records held out for early stopping and for the penalty. */
  readonly heldOut: number;
  /** Penalties towards uniform weights that are tried, each a number of pseudo-observations a record. */
  readonly penalties: readonly number[];
  /** Most steps for one penalty. */
  readonly maxSteps: number;
  /** Steps between two looks at the held-out records, and looks without progress after which a penalty's fit stops. */
  readonly evaluateEvery: number;
  readonly patience: number;
  readonly activePairs: number | null;
  readonly renormalise: boolean;
}

/** A point of the training curve: mean negative log-likelihood in nats a record. `train` is that of the latest batches. */
export interface CurvePoint {
  readonly penalty: number;
  readonly step: number;
  readonly train: number;
  readonly heldOut: number;
}

export interface GateFit {
  readonly parameters: GateParameters;
  /** The penalty chosen; null: nothing was better than uniform weights, which are kept. */
  readonly penalty: number | null;
  readonly uniformHeldOut: number;
  readonly heldOut: number;
  /** Standard error of the held-out gain over uniform, paired over records. */
  readonly gainError: number;
  readonly curve: readonly CurvePoint[];
  readonly heldOutRecords: Int32Array;
  readonly trainRecords: Int32Array;
}

interface Candidate {
  readonly penalty: number | null;
  readonly parameters: GateParameters;
  readonly losses: Float64Array;
  readonly mean: number;
}

/**
 * Fits both gates: Adam from uniform weights, down a path of penalties from strong to weak, each started where the one before
 * ended and stopped early on held-out records. Kept is the most uniform fit whose held-out loss is within one standard error
 * (paired over records) of the best; uniform weights themselves are the first candidate, so a gate with nothing to learn
 * stays uniform.
 * @throws InterruptedError when the signal aborts
 */
export async function fitGates(
  inputs: GateInputs,
  pairs: ScoredPairs,
  options: GateFitOptions,
  random: Stream,
  signal?: AbortSignal,
): Promise<GateFit> {
  const { trainRecords, heldOutRecords } = splitRecords(usableRecords(pairs), options.heldOut, random);
  const disturbance = makeDisturbance(inputs, options.batch, options);
  const distinct = inputs.contexts.rows;
  const capacity =
    disturbance === null
      ? Math.min(distinct, Math.max(options.batch, 256))
      : Math.max(options.batch, Math.min(256, distinct));
  const objective = new GateObjective(inputs, pairs, options.rank, capacity, options);
  const start = GateParameters.uniformStart(
    options.rank,
    inputs.contexts.cols,
    inputs.personas.cols,
    random.derive("weights"),
  );
  const look = (parameters: GateParameters, penalty: number | null): Candidate => {
    const losses = objective.logLikelihoods(parameters, heldOutRecords).map((value) => -value);
    return { penalty, parameters: parameters.copy(), losses, mean: mean(losses) };
  };
  const uniform = look(start, null);
  const candidates = [uniform];
  const curve: CurvePoint[] = [];
  for (const penalty of [...options.penalties].sort((a, b) => b - a)) {
    const from = candidates.at(-1)!;
    disturbance?.restart();
    const best = await descend(
      objective,
      from,
      penalty,
      trainRecords,
      options,
      disturbance,
      look,
      curve,
      random,
      signal,
    );
    if (best.mean >= from.mean) break; // a weaker penalty has nothing more to give
    candidates.push(best);
  }
  const chosen = mostUniformWithinOneError(candidates);
  return {
    parameters: chosen.parameters,
    penalty: chosen.penalty,
    uniformHeldOut: uniform.mean,
    heldOut: chosen.mean,
    gainError: pairedError(uniform.losses, chosen.losses),
    curve,
    heldOutRecords,
    trainRecords,
  };
}

async function descend(
  objective: GateObjective,
  from: Candidate,
  penalty: number,
  records: Int32Array,
  options: GateFitOptions,
  disturbance: Disturbance | null,
  look: (parameters: GateParameters, penalty: number) => Candidate,
  curve: CurvePoint[],
  random: Stream,
  signal: AbortSignal | undefined,
): Promise<Candidate> {
  const parameters = from.parameters.copy();
  const gradient = new GateParameters(parameters.rank, parameters.contextWidth, parameters.width);
  const adam = new Adam(parameters.values.length, options.learningRate);
  const shuffle = random.derive("batches", penalty);
  const chance = random.derive("disturbance", penalty);
  let best: Candidate = { ...from, penalty };
  let waited = 0;
  let loss = 0;
  let order = new Uint32Array(0);
  let at = 0;
  for (let step = 1; step <= options.maxSteps; step++) {
    if (at >= order.length) {
      order = Uint32Array.from(shuffle.permutation(records.length), (r) => records[r]!);
      at = 0;
    }
    const batch = order.subarray(at, at + options.batch);
    at += options.batch;
    disturbance?.draw(batch.length, chance);
    loss += objective.lossAndGradient(parameters, batch, penalty, gradient, disturbance) / options.evaluateEvery;
    adam.step(parameters.values, gradient.values);
    disturbance?.step();
    if (step % options.evaluateEvery !== 0) continue;
    const seen = look(parameters, penalty);
    curve.push({ penalty, step, train: loss, heldOut: seen.mean });
    loss = 0;
    waited = seen.mean < best.mean ? 0 : waited + 1;
    if (waited === 0) best = seen;
    if (waited >= options.patience) break;
    await setImmediate();
    if (signal?.aborted) throw new InterruptedError("Interrupted while fitting; the score table is kept.");
  }
  return best;
}
