import type { ScoredPairs } from "../scores/scored-pairs.ts";
import { activate } from "./active-pairs.ts";
import type { Disturbance } from "./disturbance.ts";
import { GateForward } from "./forward.ts";
import type { GateInputs, GateParameters } from "./parameters.ts";
import { addTimes, addTransposedTimes, timesTransposed } from "./products.ts";
import { type GateGradients, UniformPenalty } from "./uniform-penalty.ts";

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
 * penalty towards uniform weights (uniform-penalty.ts).
 */
export class GateObjective {
  readonly pairs: ScoredPairs;
  readonly #options: ObjectiveOptions;
  readonly #forward: GateForward;
  readonly #posterior: Float64Array;
  readonly #share: Float64Array;
  readonly #active: Uint8Array;
  readonly #penalty: UniformPenalty;
  /** Row in the forward pass of each record of the batch, of each context, and the context of each row. */
  #slots = new Int32Array(0);
  readonly #slotOfContext: Int32Array;
  readonly #slotContexts: Int32Array;
  #disturbance: Disturbance | null = null;
  readonly #gradients: GateGradients;
  readonly #dLifted: Float64Array;
  readonly #dProjected: Float64Array;
  readonly #product: Float64Array;
  readonly #byPersona: Float64Array;

  /** @param capacity contexts handled in one pass; a batch of B records needs at most B, and B where it is disturbed. */
  constructor(inputs: GateInputs, pairs: ScoredPairs, rank: number, capacity: number, options: ObjectiveOptions) {
    const K = inputs.personas.rows;
    const N = inputs.exemplars?.rows ?? 1;
    const width = inputs.personas.cols;
    this.pairs = pairs;
    // All scored pairs carry importance weights that stand for the whole mixture: there is nothing to renormalise.
    this.#options = { ...options, renormalise: options.renormalise && options.activePairs !== null };
    this.#forward = new GateForward(inputs, rank, capacity, options.precision);
    const C = capacity;
    this.#posterior = new Float64Array(pairs.perRecord);
    this.#share = new Float64Array(pairs.perRecord);
    this.#active = new Uint8Array(pairs.perRecord);
    this.#penalty = new UniformPenalty(N);
    this.#slotOfContext = new Int32Array(inputs.contexts.rows);
    this.#slotContexts = new Int32Array(C);
    this.#gradients = {
      pi: new Float64Array(C * K),
      normalisers: new Float64Array(C * K),
      logits: new Float64Array((C + K) * N),
    };
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
      const batch = chunk.map((at) => records[at]!);
      this.#load(parameters, batch, null);
      for (const [b, at] of chunk.entries())
        see({ logLikelihood: this.#record(batch[b]!, this.#slots[b]!), posterior: this.#posterior }, at);
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
   * Mean loss over a batch, penalty included; its gradient overwrites `gradient`, and that of the noise the disturbance's own.
   * A record whose scored pairs are all masked adds nothing but its penalty.
   * @param disturbance drawn for as many records as the batch has
   * @throws RangeError when the batch needs more rows than the capacity
   */
  lossAndGradient(
    parameters: GateParameters,
    batch: ArrayLike<number>,
    lambda: number,
    gradient: GateParameters,
    disturbance: Disturbance | null = null,
  ): number {
    this.#load(parameters, batch, disturbance);
    const f = this.#forward;
    const [C, K, N] = [f.contextCount, f.personaCount, f.poolSize];
    const { pi, normalisers, logits } = this.#gradients;
    pi.fill(0, 0, C * K);
    normalisers.fill(0, 0, C * K);
    logits.fill(0, 0, (C + K) * N);
    if (lambda > 0) f.fillNormalisers();
    let loss = 0;
    for (let b = 0; b < batch.length; b++) {
      const slot = this.#slots[b]!;
      loss -= this.#record(batch[b]!, slot) / batch.length;
      this.#accumulate(batch[b]!, slot, 1 / batch.length);
    }
    if (lambda > 0) {
      const slots = this.#slots.subarray(0, batch.length);
      loss += this.#penalty.add(f, slots, lambda, disturbance?.mask ?? null, this.#gradients);
    }
    this.#normaliserGradient();
    disturbance?.personas?.back(f.hx, C, pi);
    disturbance?.exemplars?.back(f.hx, C, logits);
    this.#project(parameters, gradient);
    return loss;
  }

  /** Runs the gates on the batch: one row for each distinct context, or for each record where each is disturbed in its own way. */
  #load(parameters: GateParameters, batch: ArrayLike<number>, disturbance: Disturbance | null): void {
    if (this.#slots.length < batch.length) this.#slots = new Int32Array(batch.length);
    this.#disturbance = disturbance;
    this.#slotOfContext.fill(-1);
    let count = 0;
    for (let b = 0; b < batch.length; b++) {
      const context = this.pairs.context[batch[b]!]!;
      const known = this.#slotOfContext[context]!;
      if (known >= 0 && disturbance === null) {
        this.#slots[b] = known;
        continue;
      }
      if (count === this.#slotContexts.length) throw new RangeError(`More than ${count} contexts in one batch.`);
      this.#slotContexts[count] = context;
      this.#slotOfContext[context] = count;
      this.#slots[b] = count++;
    }
    this.#forward.run(parameters, this.#slotContexts.subarray(0, count), disturbance);
  }

  /** Fills posterior and share of record i in row c; returns ln of its estimated likelihood. */
  #record(i: number, c: number): number {
    const { pairs } = this;
    const f = this.#forward;
    const S = pairs.perRecord;
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
    if (max === Number.NEGATIVE_INFINITY) {
      if (this.#disturbance?.mask == null) throw new RangeError(`Record ${i} has no scored pair.`);
      this.#posterior.fill(0);
      gate.fill(0);
      return 0;
    }
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
  #accumulate(i: number, c: number, weight: number): void {
    const { pairs } = this;
    const f = this.#forward;
    const { pi, normalisers, logits } = this.#gradients;
    const [S, K, N] = [pairs.perRecord, f.personaCount, f.poolSize];
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
      logits[c * N + j]! -= pull;
      logits[(f.contextCount + k) * N + j]! -= pull;
    }
    for (let k = 0; k < K; k++) {
      const pull = byPersona[k]!;
      pi[c * K + k]! += mass * Math.exp(f.logPi[c * K + k]!) - pull;
      if (pull === 0) continue;
      const scaled = pull / f.normaliser(c, k, own);
      normalisers[c * K + k]! += scaled;
      if (own < 0) continue;
      // The own exemplar is not in this record's normaliser: take back what the shared product will add for it.
      const taken = scaled * f.powers[c * N + own]! * f.powers[(f.contextCount + k) * N + own]!;
      logits[c * N + own]! -= taken;
      logits[(f.contextCount + k) * N + own]! -= taken;
    }
  }

  /** Through Z = P Qᵀ: dL += P o (dZ Q), dM += Q o (dZᵀ P). */
  #normaliserGradient(): void {
    const f = this.#forward;
    const [C, K, N] = [f.contextCount, f.personaCount, f.poolSize];
    const { normalisers, logits } = this.#gradients;
    const [p, q] = [f.powers, f.powers.subarray(C * N)];
    const product = this.#product;
    product.fill(0, 0, C * N);
    addTimes(normalisers, q, C, N, K, product);
    for (let t = 0; t < C * N; t++) logits[t]! += p[t]! * product[t]!;
    product.fill(0, 0, K * N);
    addTransposedTimes(normalisers, p, K, N, C, product);
    for (let t = 0; t < K * N; t++) logits[C * N + t]! += q[t]! * product[t]!;
  }

  /** From logits back to W_x, W_g, W_e. */
  #project(parameters: GateParameters, gradient: GateParameters): void {
    const f = this.#forward;
    const [C, K] = [f.contextCount, f.personaCount];
    const { rank, width, contextWidth } = parameters;
    const rows = C + K;
    gradient.values.fill(0);
    f.product.back(this.#gradients.logits, rows, this.#dLifted);
    addTransposedTimes(f.projected, this.#dLifted, rank, width, rows, gradient.exemplars);
    timesTransposed(this.#dLifted, parameters.exemplars, rows, rank, width, this.#dProjected);
    const x = f.projected.subarray(0, C * rank);
    const g = f.projected.subarray(C * rank, rows * rank);
    addTimes(this.#gradients.pi, g, C, rank, K, this.#dProjected);
    addTransposedTimes(this.#gradients.pi, x, K, rank, C, this.#dProjected.subarray(C * rank));
    addTransposedTimes(this.#dProjected, f.hx, rank, contextWidth, C, gradient.contexts);
    addTransposedTimes(this.#dProjected.subarray(C * rank), f.hg, rank, width, K, gradient.personas);
  }
}
