import { setImmediate } from "node:timers/promises";
import { InterruptedError } from "../../core/errors.ts";
import type { Stream } from "../../core/stream.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import type { ActivePairs } from "./active-pairs.ts";
import { Adam } from "./adam.ts";
import { type DisturbanceOptions, makeDisturbance } from "./disturbance.ts";
import { GateObjective, type ObjectiveOptions } from "./objective.ts";
import { type GateInputs, GateParameters } from "./parameters.ts";

export interface DescentOptions extends DisturbanceOptions, ObjectiveOptions {
  readonly rank: number;
  readonly learningRate: number;
  /** Records a step. */
  readonly batch: number;
}

/** What is trained on: the gates' inputs and each record's pairs, which `active` puts in place where they follow the gates. */
export interface TrainingData {
  readonly inputs: GateInputs;
  readonly pairs: ScoredPairs;
  readonly active: ActivePairs | null;
}

/** The objective of steps: its buffers serve any number of descents, one at a time. */
export function stepObjective({ inputs, pairs }: TrainingData, options: DescentOptions): GateObjective {
  return new GateObjective(inputs, pairs, { ...options, capacity: options.batch });
}

/** What all descents of a fit share. */
export interface DescentContext {
  readonly data: TrainingData;
  /** What `stepObjective` made. */
  readonly objective: GateObjective;
  /** Where they begin; copied. */
  readonly start: GateParameters;
  readonly options: DescentOptions;
}

/** What one descent has of its own. */
export interface DescentTask {
  readonly penalty: number;
  readonly records: Int32Array;
  readonly random: Stream;
}

/** Adam on batches of some records under one penalty. */
export class Descent {
  readonly parameters: GateParameters;
  readonly #data: TrainingData;
  readonly #objective: GateObjective;
  readonly #penalty: number;
  readonly #records: Int32Array;
  readonly #batch: number;
  readonly #gradient: GateParameters;
  readonly #adam: Adam;
  readonly #disturbance: ReturnType<typeof makeDisturbance>;
  readonly #shuffle: Stream;
  readonly #chance: Stream;
  #order = new Uint32Array(0);
  #at = 0;

  constructor({ data, objective, start, options }: DescentContext, { penalty, records, random }: DescentTask) {
    const { rank, contextWidth, width } = start;
    this.parameters = start.copy();
    this.#data = data;
    this.#penalty = penalty;
    this.#records = records;
    this.#batch = options.batch;
    this.#objective = objective;
    this.#gradient = new GateParameters(rank, contextWidth, width);
    this.#adam = new Adam(start.values.length, options.learningRate);
    this.#disturbance = makeDisturbance(data.inputs, options.batch, options);
    this.#shuffle = random.derive("batches");
    this.#chance = random.derive("disturbance");
  }

  /**
   * @returns mean negative log-likelihood of the batches, penalty left out
   * @throws InterruptedError when the signal aborts
   */
  async advance(steps: number, signal: AbortSignal | undefined): Promise<number> {
    let loss = 0;
    for (let step = 0; step < steps; step++) {
      if (this.#at >= this.#order.length) {
        this.#order = Uint32Array.from(this.#shuffle.permutation(this.#records.length), (r) => this.#records[r]!);
        this.#at = 0;
      }
      const batch = this.#order.subarray(this.#at, this.#at + this.#batch);
      this.#at += this.#batch;
      const disturbance = this.#disturbance;
      disturbance?.draw(batch.length, this.#chance);
      await this.#data.active?.reach(this.parameters, batch, disturbance);
      const { negativeLogLikelihood } = this.#objective.lossAndGradient(
        this.parameters,
        { batch, lambda: this.#penalty, disturbance },
        this.#gradient,
      );
      loss += negativeLogLikelihood / steps;
      this.#adam.step(this.parameters.values, this.#gradient.values);
      disturbance?.step();
    }
    await setImmediate();
    if (signal?.aborted) throw new InterruptedError("Interrupted while fitting; the scores are kept.");
    return loss;
  }
}
