import type { ScoredPairs } from "../scores/scored-pairs.ts";
import type { TrainingData } from "./descent.ts";
import type { Judgment } from "./gain.ts";
import { GateObjective } from "./objective.ts";
import type { GateParameters } from "./parameters.ts";

/** Contexts of one pass when records are judged. */
const AT_ONCE = 256;

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

/** Judges gates fitted on folds, each by the records that its fold has held out. */
export class Judge {
  /** All judging records, fold by fold. */
  readonly records: Int32Array;
  /** What they say of uniform weights. */
  readonly uniform: Judgment;
  readonly #data: TrainingData;
  readonly #heldOut: readonly Int32Array[];
  readonly #objective: GateObjective;

  /**
   * @param sampled pairs that uniform weights are judged by
   * @param heldOut records that each fold has held out
   * @param uniform gates of uniform weights
   */
  constructor(data: TrainingData, sampled: ScoredPairs, heldOut: readonly Int32Array[], uniform: GateParameters) {
    const { inputs, pairs, active } = data;
    const size = { rank: uniform.rank, capacity: Math.min(inputs.contexts.rows, AT_ONCE) };
    this.#data = data;
    this.#heldOut = heldOut;
    this.records = Int32Array.from(heldOut.flatMap((held) => [...held]));
    this.uniform = judgmentOf(
      new GateObjective(inputs, sampled, { renormalize: false, ...size }),
      uniform,
      this.records,
    );
    // Answers are drawn from active pairs with weights that sum to one, however they were trained: so they are judged.
    this.#objective = new GateObjective(inputs, pairs, { renormalize: active !== null, ...size });
  }

  /** @param fitted gates of each fold */
  async judge(fitted: readonly GateParameters[]): Promise<Judgment> {
    const seen: Judgment[] = [];
    for (const [f, held] of this.#heldOut.entries()) {
      await this.#data.active?.reach(fitted[f]!, held, null);
      seen.push(judgmentOf(this.#objective, fitted[f]!, held));
    }
    return instead(joined(seen), this.uniform);
  }
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
