import type { ScoredPairs } from "../scores/scored-pairs.ts";
import { GateBackward } from "./backward.ts";
import { ContextRows, chunksOfContexts } from "./context-rows.ts";
import type { Disturbance } from "./disturbance.ts";
import { GateForward } from "./forward.ts";
import type { GateInputs, GateParameters } from "./parameters.ts";
import { RecordPosterior } from "./record-posterior.ts";
import { UniformPenalty } from "./uniform-penalty.ts";

export interface ObjectiveOptions {
  /**
   * Whether the gate weights of a record's pairs are made to sum to one: for the M heaviest pairs, which are all of the mixture.
   * Sampled pairs carry importance weights that stand for the whole mixture.
   */
  readonly renormalize: boolean;
  /** Precision of the two large products; float32 where absent. */
  readonly precision?: "float32" | "float64";
}

/** How large an objective's buffers are. */
export interface ObjectiveSize {
  /** d: width of the projections. */
  readonly rank: number;
  /** Contexts handled in one pass; a batch of B records needs at most B, and B where it is disturbed. */
  readonly capacity: number;
}

/** What one pass says of a record. */
export interface RecordView {
  /** ln of the estimated mixture likelihood; -Infinity where no pair has a score. */
  readonly logLikelihood: number;
  /** Mean of what the pairs at even and those at odd places say alone; as `logLikelihood` where one half has no score. */
  readonly ofHalves: number;
  /** Posterior over the record's pairs, perRecord numbers that sum to one; overwritten by the next record. */
  readonly posterior: Float64Array;
}

/** What a training step takes the loss of. */
export interface ObjectiveStep {
  readonly batch: ArrayLike<number>;
  /** Strength of the penalty, pseudo-observations a record. */
  readonly lambda: number;
  /** Drawn for as many records as the batch has; null or absent: none. */
  readonly disturbance?: Disturbance | null;
}

/** A batch's mean loss. */
export interface Loss {
  /** Negative log-likelihood, nats a record. */
  readonly negativeLogLikelihood: number;
  /** What the penalty adds. */
  readonly penalty: number;
}

/**
 * The negative log-likelihood of the mixture over scored pairs (docs/mop.md, "Fitting") plus a penalty towards uniform weights:
 * the gates run forward (forward.ts), each record's posterior is found (record-posterior.ts), and the gradient is carried back
 * by hand (backward.ts, uniform-penalty.ts).
 */
export class GateObjective {
  readonly pairs: ScoredPairs;
  readonly #rows: ContextRows;
  readonly #forward: GateForward;
  readonly #posterior: RecordPosterior;
  readonly #backward: GateBackward;
  readonly #penalty: UniformPenalty;

  constructor(inputs: GateInputs, pairs: ScoredPairs, options: ObjectiveOptions & ObjectiveSize) {
    const { rank, capacity, renormalize, precision } = options;
    this.pairs = pairs;
    this.#rows = new ContextRows(inputs.contexts.rows, capacity);
    this.#forward = new GateForward(inputs, rank, capacity, precision);
    this.#posterior = new RecordPosterior(pairs, renormalize);
    this.#backward = new GateBackward(this.#forward, pairs, rank);
    this.#penalty = new UniformPenalty(this.#forward.poolSize);
  }

  /** Looks at each record in turn, contexts in passes of `capacity`. No gradient. */
  visit(parameters: GateParameters, records: ArrayLike<number>, see: (view: RecordView, at: number) => void): void {
    const contexts = Int32Array.from(records, (i) => this.pairs.context[i]!);
    for (const chunk of chunksOfContexts(contexts, this.#forward.capacity)) {
      const batch = chunk.map((at) => records[at]!);
      this.#run(parameters, batch, null);
      for (const [b, at] of chunk.entries()) {
        const logLikelihood = this.#posterior.find(this.#forward, batch[b]!, this.#rows.at(b));
        see({ logLikelihood, ofHalves: this.#posterior.ofHalves, posterior: this.#posterior.posterior }, at);
      }
    }
  }

  /**
   * Mean loss over a batch; its gradient, penalty included, overwrites `gradient`, and that of the noise the disturbance's own.
   * A record without a pair that has a score and is not masked adds nothing but its penalty.
   * @throws RangeError when the batch needs more rows than the capacity
   */
  lossAndGradient(parameters: GateParameters, step: ObjectiveStep, gradient: GateParameters): Loss {
    const { batch, lambda, disturbance = null } = step;
    this.#run(parameters, batch, disturbance);
    this.#backward.clear();
    if (lambda > 0) this.#forward.fillNormalizers();
    let negativeLogLikelihood = 0;
    for (let b = 0; b < batch.length; b++) {
      const row = this.#rows.at(b);
      const log = this.#posterior.find(this.#forward, batch[b]!, row);
      if (log === Number.NEGATIVE_INFINITY) continue;
      negativeLogLikelihood -= log / batch.length;
      this.#backward.addRecord(batch[b]!, row, 1 / batch.length, this.#posterior);
    }
    const penalty = lambda > 0 ? this.#addPenalty(step) : 0;
    this.#backward.finish(parameters, disturbance, gradient);
    return { negativeLogLikelihood, penalty };
  }

  /** Runs the gates on the batch: one row for each distinct context, or for each record where each is disturbed in its own way. */
  #run(parameters: GateParameters, batch: ArrayLike<number>, disturbance: Disturbance | null): void {
    this.#forward.run(parameters, this.#rows.assign(batch, this.pairs.context, disturbance !== null), disturbance);
  }

  #addPenalty({ batch, lambda, disturbance }: ObjectiveStep): number {
    const penalized = { rows: this.#rows.first(batch.length), lambda, mask: disturbance?.mask ?? null };
    return this.#penalty.add(this.#forward, penalized, this.#backward.gradients);
  }
}
