import { InputError } from "../../core/errors.ts";
import type { Disturbance } from "./disturbance.ts";
import { ExemplarProduct } from "./exemplar-product.ts";
import type { GateInputs, GateParameters } from "./parameters.ts";
import { addTimes, timesTransposed } from "./products.ts";

/**
 * Both gates over some contexts, all personas and the whole pool, in factored form: the exemplar logits are
 * x~.e~_j + g~_k.e~_j = L_cj + M_kj, so with P = exp(L - max), Q = exp(M - max) the softmax normalizers over the pool of every
 * (context, persona) are one matrix product, Z = P Qᵀ, exact, and no contexts x personas x pool array is ever held.
 * Buffers are kept and reused; the fields hold the latest `run`.
 */
export class GateForward {
  readonly inputs: GateInputs;
  readonly personaCount: number;
  readonly poolSize: number;
  /** The most contexts of one run. */
  readonly capacity: number;
  readonly product: ExemplarProduct;
  /** h of the inputs in float64; rows of `hx` are those of the run's contexts. */
  readonly hg: Float64Array;
  readonly hx: Float64Array;
  /** Projections x~ above g~: (contexts + K) x d; and the same seen through W_e: (contexts + K) x H. */
  readonly projected: Float64Array;
  readonly lifted: Float64Array;
  /** ln pi: contexts x K. */
  readonly logPi: Float64Array;
  /** Exemplar logits L above M: (contexts + K) x N, and their row maxima; then P above Q. */
  readonly logits: Float64Array;
  readonly maxima: Float64Array;
  readonly powers: Float64Array;
  /** Z: contexts x K, without the factor exp(max L_c + max M_k); NaN until `normalizer` is asked for it. */
  readonly normalizers: Float64Array;
  contextCount = 0;

  constructor(inputs: GateInputs, rank: number, capacity: number, precision: "float32" | "float64" = "float32") {
    const { contexts, personas, exemplars } = inputs;
    this.inputs = inputs;
    this.capacity = capacity;
    this.personaCount = personas.rows;
    this.poolSize = exemplars?.rows ?? 1;
    const rows = capacity + personas.rows;
    this.hg = Float64Array.from(personas.data);
    this.product = new ExemplarProduct(exemplars, personas.cols, precision);
    this.hx = new Float64Array(capacity * contexts.cols);
    this.projected = new Float64Array(rows * rank);
    this.lifted = new Float64Array(rows * personas.cols);
    this.logPi = new Float64Array(capacity * personas.rows);
    this.logits = new Float64Array(rows * this.poolSize);
    this.maxima = new Float64Array(rows);
    this.powers = new Float64Array(rows * this.poolSize);
    this.normalizers = new Float64Array(capacity * personas.rows);
  }

  /**
   * @param contexts positions of the contexts, at most `capacity`
   * @param disturbance what a training step does to the logits of its rows
   */
  run(parameters: GateParameters, contexts: ArrayLike<number>, disturbance: Disturbance | null = null): void {
    const { contexts: source } = this.inputs;
    const { rank, width, contextWidth } = parameters;
    const C = contexts.length;
    const K = this.personaCount;
    if (C > this.capacity) throw new RangeError(`${C} contexts; at most ${this.capacity} at once.`);
    this.contextCount = C;
    for (let c = 0; c < C; c++) {
      const from = contexts[c]! * contextWidth;
      for (let h = 0; h < contextWidth; h++) this.hx[c * contextWidth + h] = source.data[from + h]!;
    }
    const personaRows = this.projected.subarray(C * rank);
    timesTransposed(this.hx, parameters.contexts, { rows: C, cols: rank, inner: contextWidth }, this.projected);
    timesTransposed(this.hg, parameters.personas, { rows: K, cols: rank, inner: width }, personaRows);
    timesTransposed(this.projected, personaRows, { rows: C, cols: K, inner: rank }, this.logPi);
    disturbance?.personas?.add(this.hx, C, this.logPi);
    for (let c = 0; c < C; c++) logSoftmax(this.logPi, c * K, K);
    this.lifted.fill(0, 0, (C + K) * width);
    addTimes(this.projected, parameters.exemplars, { rows: C + K, cols: width, inner: rank }, this.lifted);
    this.#exemplarGate(C, disturbance);
  }

  #exemplarGate(C: number, disturbance: Disturbance | null): void {
    const K = this.personaCount;
    const N = this.poolSize;
    this.product.logits(this.lifted, C + K, this.logits);
    disturbance?.exemplars?.add(this.hx, C, this.logits);
    disturbance?.mask?.apply(C, this.logits);
    for (let r = 0; r < C + K; r++) {
      let max = Number.NEGATIVE_INFINITY;
      for (let t = r * N; t < (r + 1) * N; t++) if (this.logits[t]! > max) max = this.logits[t]!;
      this.maxima[r] = max;
      for (let t = r * N; t < (r + 1) * N; t++) this.powers[t] = Math.exp(this.logits[t]! - max);
    }
    this.normalizers.fill(Number.NaN, 0, C * K);
  }

  /** Works out every normalizer of the run at once; otherwise each is worked out when it is first asked for. */
  fillNormalizers(): void {
    const C = this.contextCount;
    const q = this.powers.subarray(C * this.poolSize);
    timesTransposed(this.powers, q, { rows: C, cols: this.personaCount, inner: this.poolSize }, this.normalizers);
    for (let t = 0; t < C * this.personaCount; t++) checkNormalizer(this.normalizers[t]!);
  }

  /** ln of the normalizer of Omega_k(x_c) over the pool without the positions in `masked`. */
  logNormalizer(c: number, k: number, masked: Int32Array): number {
    return Math.log(this.normalizer(c, k, masked)) + this.maxima[c]! + this.maxima[this.contextCount + k]!;
  }

  /** The normalizer without the factor exp(max L_c + max M_k). @throws RangeError when it underflows. */
  normalizer(c: number, k: number, masked: Int32Array): number {
    const N = this.poolSize;
    const p = c * N;
    const q = (this.contextCount + k) * N;
    let whole = this.normalizers[c * this.personaCount + k]!;
    if (Number.isNaN(whole)) {
      whole = 0;
      for (let j = 0; j < N; j++) whole += this.powers[p + j]! * this.powers[q + j]!;
      checkNormalizer(whole);
      this.normalizers[c * this.personaCount + k] = whole;
    }
    if (masked.length === 0) return whole;
    let rest = whole;
    for (const j of masked) rest -= this.powers[p + j]! * this.powers[q + j]!;
    if (rest > 1e-6 * whole) return rest;
    // Masked exemplars hold nearly all the mass: the difference has lost its digits.
    let sum = 0;
    for (let j = 0; j < N; j++) if (!masked.includes(j)) sum += this.powers[p + j]! * this.powers[q + j]!;
    return Math.max(sum, 1e-300);
  }
}

/** No exemplar is masked. */
export const NO_MASK = new Int32Array(0);

function checkNormalizer(value: number): void {
  if (!(value > 1e-250)) throw new InputError("The gates' logits have run away: give a lower `learningRate`.");
}

/** Turns n logits from `from` into log probabilities, in place. */
function logSoftmax(values: Float64Array, from: number, n: number): void {
  let max = Number.NEGATIVE_INFINITY;
  for (let t = from; t < from + n; t++) if (values[t]! > max) max = values[t]!;
  let sum = 0;
  for (let t = from; t < from + n; t++) sum += Math.exp(values[t]! - max);
  const log = max + Math.log(sum);
  for (let t = from; t < from + n; t++) values[t]! -= log;
}
