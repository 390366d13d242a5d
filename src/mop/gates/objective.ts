import type { ScoredPairs } from "../scores/scored-pairs.ts";
import type { Disturbance } from "./disturbance.ts";
import { GateForward } from "./forward.ts";
import type { GateInputs, GateParameters } from "./parameters.ts";
import { addTimes, addTransposedTimes, timesTransposed } from "./products.ts";
import { type GateGradients, UniformPenalty } from "./uniform-penalty.ts";

export interface ObjectiveOptions {
  /**
   * Whether the gate weights of a record's pairs are made to sum to one: for the M heaviest pairs, which are all of the mixture.
   * Sampled pairs carry importance weights that stand for the whole mixture.
   */
  readonly renormalize: boolean;
  /** Of the two large products; float32 unless told. */
  readonly precision?: "float32" | "float64";
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

/** A batch's mean loss. */
export interface Loss {
  /** Negative log-likelihood, nats a record. */
  readonly negativeLogLikelihood: number;
  /** What the penalty adds. */
  readonly penalty: number;
}

/**
 * The negative log-likelihood of the mixture over scored pairs (docs/mop.md, "Fitting"), with its gradient by hand, plus a
 * penalty towards uniform weights (uniform-penalty.ts).
 */
export class GateObjective {
  readonly pairs: ScoredPairs;
  readonly #options: ObjectiveOptions;
  readonly #forward: GateForward;
  readonly #posterior: Float64Array;
  readonly #share: Float64Array;
  #ofHalves = 0;
  readonly #penalty: UniformPenalty;
  /** Row in the forward pass of each record of the batch, of each context, and the context of each row. */
  #slots = new Int32Array(0);
  readonly #slotOfContext: Int32Array;
  readonly #slotContexts: Int32Array;
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
    this.#options = options;
    this.#forward = new GateForward(inputs, rank, capacity, options.precision);
    const C = capacity;
    this.#posterior = new Float64Array(pairs.perRecord);
    this.#share = new Float64Array(pairs.perRecord);
    this.#penalty = new UniformPenalty(N);
    this.#slotOfContext = new Int32Array(inputs.contexts.rows);
    this.#slotContexts = new Int32Array(C);
    this.#gradients = {
      pi: new Float64Array(C * K),
      normalizers: new Float64Array(C * K),
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
      for (const [b, at] of chunk.entries()) {
        const logLikelihood = this.#record(batch[b]!, this.#slots[b]!);
        see({ logLikelihood, ofHalves: this.#ofHalves, posterior: this.#posterior }, at);
      }
      from = to;
    }
  }

  /**
   * Mean loss over a batch; its gradient, penalty included, overwrites `gradient`, and that of the noise the disturbance's own.
   * A record without a pair that has a score and is not masked adds nothing but its penalty.
   * @param disturbance drawn for as many records as the batch has
   * @throws RangeError when the batch needs more rows than the capacity
   */
  lossAndGradient(
    parameters: GateParameters,
    batch: ArrayLike<number>,
    lambda: number,
    gradient: GateParameters,
    disturbance: Disturbance | null = null,
  ): Loss {
    this.#load(parameters, batch, disturbance);
    const f = this.#forward;
    const [C, K, N] = [f.contextCount, f.personaCount, f.poolSize];
    const { pi, normalizers, logits } = this.#gradients;
    pi.fill(0, 0, C * K);
    normalizers.fill(0, 0, C * K);
    logits.fill(0, 0, (C + K) * N);
    if (lambda > 0) f.fillNormalizers();
    let negativeLogLikelihood = 0;
    for (let b = 0; b < batch.length; b++) {
      const slot = this.#slots[b]!;
      const log = this.#record(batch[b]!, slot);
      if (log === Number.NEGATIVE_INFINITY) continue;
      negativeLogLikelihood -= log / batch.length;
      this.#accumulate(batch[b]!, slot, 1 / batch.length);
    }
    const slots = this.#slots.subarray(0, batch.length);
    const penalty = lambda > 0 ? this.#penalty.add(f, slots, lambda, disturbance?.mask ?? null, this.#gradients) : 0;
    this.#normalizerGradient();
    disturbance?.personas?.back(f.hx, C, pi);
    disturbance?.exemplars?.back(f.hx, C, logits);
    this.#project(parameters, gradient);
    return { negativeLogLikelihood, penalty };
  }

  /** Runs the gates on the batch: one row for each distinct context, or for each record where each is disturbed in its own way. */
  #load(parameters: GateParameters, batch: ArrayLike<number>, disturbance: Disturbance | null): void {
    if (this.#slots.length < batch.length) this.#slots = new Int32Array(batch.length);
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

  /** Fills posterior, share and halves of record i in row c; returns ln of its estimated likelihood, -Infinity without a score. */
  #record(i: number, c: number): number {
    const { pairs } = this;
    const f = this.#forward;
    const S = pairs.perRecord;
    const masked = pairs.masked[i]!;
    const [gate, terms] = [this.#share, this.#posterior];
    for (let s = 0; s < S; s++) {
      const t = i * S + s;
      if (pairs.logLikelihood[t]! === Number.NEGATIVE_INFINITY) {
        gate[s] = Number.NEGATIVE_INFINITY;
        continue;
      }
      const k = pairs.persona[t]!;
      const j = pairs.exemplar[t]!;
      const logit = f.logits[c * f.poolSize + j]! + f.logits[(f.contextCount + k) * f.poolSize + j]!;
      gate[s] = f.logPi[c * f.personaCount + k]! + logit - f.logNormalizer(c, k, masked);
    }
    const total = this.#options.renormalize ? logSumExp(gate, 0, 1) : 0;
    for (let s = 0; s < S; s++)
      terms[s] =
        gate[s] === Number.NEGATIVE_INFINITY
          ? Number.NEGATIVE_INFINITY
          : gate[s]! - total + pairs.logWeight[i * S + s]! + pairs.logLikelihood[i * S + s]!;
    const log = logSumExp(terms, 0, 1);
    const scale = Math.log(S / Math.ceil(S / 2)) + Math.log(S / Math.floor(S / 2));
    const halves = (logSumExp(terms, 0, 2) + logSumExp(terms, 1, 2) + scale) / 2;
    this.#ofHalves = pairs.sampled && Number.isFinite(halves) ? halves : log;
    const found = log > Number.NEGATIVE_INFINITY;
    for (let s = 0; s < S; s++) {
      terms[s] = found ? Math.exp(terms[s]! - log) : 0;
      gate[s] = found && this.#options.renormalize ? Math.exp(gate[s]! - total) : 0;
    }
    return log;
  }

  /** Adds record i's part of the gradient, from the posterior that `#record` left. */
  #accumulate(i: number, c: number, weight: number): void {
    const { pairs } = this;
    const f = this.#forward;
    const { pi, normalizers, logits } = this.#gradients;
    const [S, K, N] = [pairs.perRecord, f.personaCount, f.poolSize];
    const masked = pairs.masked[i]!;
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
      const scaled = pull / f.normalizer(c, k, masked);
      normalizers[c * K + k]! += scaled;
      // Masked exemplars are not in this record's normalizer: take back what the shared product will add for them.
      for (const j of masked) {
        const taken = scaled * f.powers[c * N + j]! * f.powers[(f.contextCount + k) * N + j]!;
        logits[c * N + j]! -= taken;
        logits[(f.contextCount + k) * N + j]! -= taken;
      }
    }
  }

  /** Through Z = P Qᵀ: dL += P o (dZ Q), dM += Q o (dZᵀ P). */
  #normalizerGradient(): void {
    const f = this.#forward;
    const [C, K, N] = [f.contextCount, f.personaCount, f.poolSize];
    const { normalizers, logits } = this.#gradients;
    const [p, q] = [f.powers, f.powers.subarray(C * N)];
    const product = this.#product;
    product.fill(0, 0, C * N);
    addTimes(normalizers, q, { rows: C, cols: N, inner: K }, product);
    for (let t = 0; t < C * N; t++) logits[t]! += p[t]! * product[t]!;
    product.fill(0, 0, K * N);
    addTransposedTimes(normalizers, p, { rows: K, cols: N, inner: C }, product);
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
    addTransposedTimes(f.projected, this.#dLifted, { rows: rank, cols: width, inner: rows }, gradient.exemplars);
    timesTransposed(this.#dLifted, parameters.exemplars, { rows, cols: rank, inner: width }, this.#dProjected);
    const x = f.projected.subarray(0, C * rank);
    const g = f.projected.subarray(C * rank, rows * rank);
    addTimes(this.#gradients.pi, g, { rows: C, cols: rank, inner: K }, this.#dProjected);
    addTransposedTimes(this.#gradients.pi, x, { rows: K, cols: rank, inner: C }, this.#dProjected.subarray(C * rank));
    addTransposedTimes(this.#dProjected, f.hx, { rows: rank, cols: contextWidth, inner: C }, gradient.contexts);
    addTransposedTimes(
      this.#dProjected.subarray(C * rank),
      f.hg,
      { rows: rank, cols: width, inner: K },
      gradient.personas,
    );
  }
}

/** ln of the sum of the powers of every `step`-th number from `first` on; -Infinity where all are. */
function logSumExp(values: Float64Array, first: number, step: number): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let s = first; s < values.length; s += step) if (values[s]! > max) max = values[s]!;
  if (max === Number.NEGATIVE_INFINITY) return max;
  let sum = 0;
  for (let s = first; s < values.length; s += step) sum += Math.exp(values[s]! - max);
  return max + Math.log(sum);
}
