import { activate } from "./active-pairs.ts";
import { GateForward } from "./forward.ts";
import type { GateInputs, GateParameters } from "./parameters.ts";
import { addTimes, addTransposedTimes, timesTransposed } from "./products.ts";
import type { ScoredPairs } from "./scored-pairs.ts";

export interface ObjectiveOptions {
  /**
   * Only the M scored pairs of largest gate weight enter a record's likelihood, each once and without importance weight (the
   * paper's top-M); null: all of them, importance weighted.
   */
  readonly activePairs: number | null;
  /** Whether the gate weights of the active pairs are made to sum to one; without effect where all are active. */
  readonly renormalise: boolean;
  /** Of the two large products; float32 unless told. */
  readonly precision?: "float32" | "float64";
}

/** What one pass says of a record. */
export interface RecordView {
  /** ln of the estimated mixture likelihood. */
  readonly logLikelihood: number;
  /** Posterior over the record's pairs, perRecord numbers that sum to one; overwritten by the next record. */
  readonly posterior: Float64Array;
}

/**
 * The negative log-likelihood of the mixture over scored pairs (method.md, "Fitting"), with its gradient by hand, plus a
 * penalty: `lambda` times KL(uniform || pi(x)) + mean_k KL(uniform || Omega_k(x)), which reads as lambda pseudo-observations
 * a record that are spread evenly over personas and exemplars.
 */
export class GateObjective {
  readonly pairs: ScoredPairs;
  readonly #options: ObjectiveOptions;
  readonly #forward: GateForward;
  readonly #posterior: Float64Array;
  readonly #share: Float64Array;
  readonly #active: Uint8Array;
  readonly #slot: Int32Array;
  readonly #slotContexts: Int32Array;
  readonly #dPi: Float64Array;
  readonly #dZ: Float64Array;
  readonly #dLogits: Float64Array;
  readonly #dLifted: Float64Array;
  readonly #dProjected: Float64Array;
  readonly #product: Float64Array;
  readonly #byPersona: Float64Array;

  /** @param capacity contexts handled in one pass; a batch of B records needs at most B. */
  constructor(inputs: GateInputs, pairs: ScoredPairs, rank: number, capacity: number, options: ObjectiveOptions) {
    const K = inputs.personas.rows;
    const N = inputs.exemplars?.rows ?? 1;
    const width = inputs.personas.cols;
    this.pairs = pairs;
    // All scored pairs carry importance weights that stand for the whole mixture: there is nothing to renormalise.
    this.#options = { ...options, renormalise: options.renormalise && options.activePairs !== null };
    this.#forward = new GateForward(inputs, rank, Math.min(capacity, inputs.contexts.rows), options.precision);
    const C = this.#forward.capacity;
    this.#posterior = new Float64Array(pairs.perRecord);
    this.#share = new Float64Array(pairs.perRecord);
    this.#active = new Uint8Array(pairs.perRecord);
    this.#slot = new Int32Array(inputs.contexts.rows).fill(-1);
    this.#slotContexts = new Int32Array(C);
    this.#dPi = new Float64Array(C * K);
    this.#dZ = new Float64Array(C * K);
    this.#dLogits = new Float64Array((C + K) * N);
    this.#dLifted = new Float64Array((C + K) * width);
    this.#dProjected = new Float64Array((C + K) * rank);
    this.#product = new Float64Array(Math.max(C, K) * N);
    this.#byPersona = new Float64Array(K);
  }

  /** Looks at each record in turn, contexts in passes of `capacity`. No gradient. */
  visit(parameters: GateParameters, records: ArrayLike<number>, see: (view: RecordView, at: number) => void): void {
    const order = Array.from({ length: records.length }, (_, at) => at).sort(
      (a, b) => this.pairs.context[records[a]!]! - this.pairs.context[records[b]!]! || a - b,
    );
    let from = 0;
    while (from < order.length) {
      const contexts = new Set<number>();
      let to = from;
      for (; to < order.length; to++) {
        contexts.add(this.pairs.context[records[order[to]!]!]!);
        if (contexts.size > this.#forward.capacity) break;
      }
      const chunk = order.slice(from, to);
      this.#load(
        parameters,
        chunk.map((at) => records[at]!),
      );
      for (const at of chunk) see({ logLikelihood: this.#record(records[at]!), posterior: this.#posterior }, at);
      from = to;
    }
  }

  /** ln of each record's estimated likelihood, in the order given. */
  logLikelihoods(parameters: GateParameters, records: ArrayLike<number>): Float64Array {
    const values = new Float64Array(records.length);
    this.visit(parameters, records, ({ logLikelihood }, at) => {
      values[at] = logLikelihood;
    });
    return values;
  }

  /**
   * Mean loss over a batch, penalty included; its gradient overwrites `gradient`.
   * @throws RangeError when the batch has more distinct contexts than the capacity.
   */
  lossAndGradient(
    parameters: GateParameters,
    batch: ArrayLike<number>,
    lambda: number,
    gradient: GateParameters,
  ): number {
    this.#load(parameters, batch);
    const f = this.#forward;
    if (lambda > 0) f.fillNormalisers();
    const [C, K, N] = [f.contextCount, f.personaCount, f.poolSize];
    this.#dPi.fill(0, 0, C * K);
    this.#dZ.fill(0, 0, C * K);
    this.#dLogits.fill(0, 0, (C + K) * N);
    const byPersonas = lambda > 0 ? meanOf(f.logits, C * N, (C + K) * N) : 0;
    let loss = 0;
    for (let b = 0; b < batch.length; b++) {
      const i = batch[b]!;
      loss -= this.#record(i) / batch.length;
      this.#accumulate(i, 1 / batch.length);
      if (lambda > 0) loss += this.#penalise(this.#slot[this.pairs.context[i]!]!, lambda / batch.length, byPersonas);
    }
    if (lambda > 0) this.#spread(lambda, batch);
    this.#normaliserGradient();
    this.#project(parameters, gradient);
    return loss;
  }

  /** Gives the batch's distinct contexts their slots and runs the gates on them. */
  #load(parameters: GateParameters, batch: ArrayLike<number>): void {
    this.#slot.fill(-1);
    let count = 0;
    for (let b = 0; b < batch.length; b++) {
      const context = this.pairs.context[batch[b]!]!;
      if (this.#slot[context]! >= 0) continue;
      if (count === this.#slotContexts.length) throw new RangeError(`More than ${count} contexts in one batch.`);
      this.#slotContexts[count] = context;
      this.#slot[context] = count++;
    }
    this.#forward.run(parameters, this.#slotContexts.subarray(0, count));
  }

  /** Fills posterior and share of record i; returns ln of its estimated likelihood. */
  #record(i: number): number {
    const { pairs } = this;
    const f = this.#forward;
    const S = pairs.perRecord;
    const c = this.#slot[pairs.context[i]!]!;
    const own = pairs.own[i]!;
    const gate = this.#share;
    for (let s = 0; s < S; s++) {
      const t = i * S + s;
      const k = pairs.persona[t]!;
      const j = pairs.exemplar[t]!;
      const logit = f.logits[c * f.poolSize + j]! + f.logits[(f.contextCount + k) * f.poolSize + j]!;
      gate[s] = f.logPi[c * f.personaCount + k]! + logit - f.logNormaliser(c, k, own);
    }
    const total = activate(pairs, i, gate, this.#options, this.#active);
    // Active pairs are a choice, not a sample: they stand for themselves, each once.
    const sampling = this.#options.activePairs === null;
    let max = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < S; s++) {
      const t = i * S + s;
      this.#posterior[s] =
        this.#active[s] === 1
          ? gate[s]! - total + (sampling ? pairs.logWeight[t]! : 0) + pairs.logLikelihood[t]!
          : Number.NEGATIVE_INFINITY;
      if (this.#posterior[s]! > max) max = this.#posterior[s]!;
    }
    if (max === Number.NEGATIVE_INFINITY) throw new RangeError(`Record ${i} has no scored pair.`);
    let sum = 0;
    for (let s = 0; s < S; s++) sum += Math.exp(this.#posterior[s]! - max);
    const log = max + Math.log(sum);
    for (let s = 0; s < S; s++) {
      this.#posterior[s] = Math.exp(this.#posterior[s]! - log);
      gate[s] = this.#active[s] === 1 && this.#options.renormalise ? Math.exp(gate[s]! - total) : 0;
    }
    return log;
  }

  /** Adds record i's part of the gradient, from the posterior that `#record` left. */
  #accumulate(i: number, weight: number): void {
    const { pairs } = this;
    const f = this.#forward;
    const [S, K, N] = [pairs.perRecord, f.personaCount, f.poolSize];
    const c = this.#slot[pairs.context[i]!]!;
    const own = pairs.own[i]!;
    const byPersona = this.#byPersona.fill(0);
    let mass = 0;
    for (let s = 0; s < S; s++) {
      const pull = (this.#posterior[s]! - this.#share[s]!) * weight;
      if (pull === 0) continue;
      const k = pairs.persona[i * S + s]!;
      const j = pairs.exemplar[i * S + s]!;
      byPersona[k]! += pull;
      mass += pull;
      this.#dLogits[c * N + j]! -= pull;
      this.#dLogits[(f.contextCount + k) * N + j]! -= pull;
    }
    for (let k = 0; k < K; k++) {
      const pull = byPersona[k]!;
      this.#dPi[c * K + k]! += mass * Math.exp(f.logPi[c * K + k]!) - pull;
      if (pull === 0) continue;
      const scaled = pull / f.normaliser(c, k, own);
      this.#dZ[c * K + k]! += scaled;
      if (own < 0) continue;
      // The own exemplar is not in this record's normaliser: take back what the shared product will add for it.
      const taken = scaled * f.powers[c * N + own]! * f.powers[(f.contextCount + k) * N + own]!;
      this.#dLogits[c * N + own]! -= taken;
      this.#dLogits[(f.contextCount + k) * N + own]! -= taken;
    }
  }

  /**
   * One record's penalty, and its part of the gradient in pi and the normalisers. `byPersonas` is the mean of the personas'
   * exemplar logits, the same for every record of a step.
   */
  #penalise(c: number, weight: number, byPersonas: number): number {
    const f = this.#forward;
    const [K, N] = [f.personaCount, f.poolSize];
    let loss = 0;
    for (let k = 0; k < K; k++) {
      const t = c * K + k;
      loss += -f.logPi[t]! / K + f.logNormaliser(c, k, -1) / K;
      this.#dPi[t]! += weight * (Math.exp(f.logPi[t]!) - 1 / K);
      this.#dZ[t]! += weight / K / f.normalisers[t]!;
    }
    const logits = meanOf(f.logits, c * N, (c + 1) * N) + byPersonas;
    return weight * (loss - logits - Math.log(K) - Math.log(N));
  }

  /** The penalty's even pull on the exemplar logits, for the whole batch at once. */
  #spread(lambda: number, batch: ArrayLike<number>): void {
    const f = this.#forward;
    const [C, K, N] = [f.contextCount, f.personaCount, f.poolSize];
    const even = lambda / (batch.length * N);
    for (let b = 0; b < batch.length; b++) {
      const c = this.#slot[this.pairs.context[batch[b]!]!]!;
      for (let t = c * N; t < (c + 1) * N; t++) this.#dLogits[t]! -= even;
    }
    for (let t = C * N; t < (C + K) * N; t++) this.#dLogits[t]! -= (even * batch.length) / K;
  }

  /** Through Z = P Qᵀ: dL += P o (dZ Q), dM += Q o (dZᵀ P). */
  #normaliserGradient(): void {
    const f = this.#forward;
    const [C, K, N] = [f.contextCount, f.personaCount, f.poolSize];
    const [p, q] = [f.powers, f.powers.subarray(C * N)];
    const product = this.#product;
    product.fill(0, 0, C * N);
    addTimes(this.#dZ, q, C, N, K, product);
    for (let t = 0; t < C * N; t++) this.#dLogits[t]! += p[t]! * product[t]!;
    product.fill(0, 0, K * N);
    addTransposedTimes(this.#dZ, p, K, N, C, product);
    for (let t = 0; t < K * N; t++) this.#dLogits[C * N + t]! += q[t]! * product[t]!;
  }

  /** From logits back to W_x, W_g, W_e. */
  #project(parameters: GateParameters, gradient: GateParameters): void {
    const f = this.#forward;
    const [C, K] = [f.contextCount, f.personaCount];
    const { rank, width, contextWidth } = parameters;
    const rows = C + K;
    gradient.values.fill(0);
    f.product.back(this.#dLogits, rows, this.#dLifted);
    addTransposedTimes(f.projected, this.#dLifted, rank, width, rows, gradient.exemplars);
    timesTransposed(this.#dLifted, parameters.exemplars, rows, rank, width, this.#dProjected);
    const x = f.projected.subarray(0, C * rank);
    const g = f.projected.subarray(C * rank, rows * rank);
    addTimes(this.#dPi, g, C, rank, K, this.#dProjected);
    addTransposedTimes(this.#dPi, x, K, rank, C, this.#dProjected.subarray(C * rank));
    addTransposedTimes(this.#dProjected, f.hx, rank, contextWidth, C, gradient.contexts);
    addTransposedTimes(this.#dProjected.subarray(C * rank), f.hg, rank, width, K, gradient.personas);
  }
}

function meanOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let t = from; t < to; t++) sum += values[t]!;
  return sum / (to - from);
}
