import type { ScoredPairs } from "../scores/scored-pairs.ts";
import type { Disturbance } from "./disturbance.ts";
import type { GateForward } from "./forward.ts";
import type { GateParameters } from "./parameters.ts";
import { addTimes, addTransposedTimes, timesTransposed } from "./products.ts";
import type { RecordPosterior } from "./record-posterior.ts";

/** Gradients of a step in the persona logits, the normalizers of Omega, and the exemplar logits (L above M), as GateForward has them. */
export interface GateGradients {
  readonly pi: Float64Array;
  readonly normalizers: Float64Array;
  readonly logits: Float64Array;
}

/**
 * The gradient of a step by hand, the way of `GateForward` back: from the posteriors of records to the logits of both gates,
 * from there to the projections, and to W_x, W_g, W_e. Buffers are reused: `clear`, then `addRecord` for each record, then
 * `finish`.
 */
export class GateBackward {
  readonly gradients: GateGradients;
  readonly #forward: GateForward;
  readonly #pairs: ScoredPairs;
  readonly #dLifted: Float64Array;
  readonly #dProjected: Float64Array;
  readonly #product: Float64Array;
  readonly #byPersona: Float64Array;

  constructor(forward: GateForward, pairs: ScoredPairs, rank: number) {
    const { capacity: C, personaCount: K, poolSize: N } = forward;
    this.#forward = forward;
    this.#pairs = pairs;
    this.gradients = {
      pi: new Float64Array(C * K),
      normalizers: new Float64Array(C * K),
      logits: new Float64Array((C + K) * N),
    };
    this.#dLifted = new Float64Array((C + K) * forward.inputs.personas.cols);
    this.#dProjected = new Float64Array((C + K) * rank);
    this.#product = new Float64Array(Math.max(C, K) * N);
    this.#byPersona = new Float64Array(K);
  }

  /** Begins a step with the rows of the forward pass that ran last. */
  clear(): void {
    const { contextCount: C, personaCount: K, poolSize: N } = this.#forward;
    this.gradients.pi.fill(0, 0, C * K);
    this.gradients.normalizers.fill(0, 0, C * K);
    this.gradients.logits.fill(0, 0, (C + K) * N);
  }

  /**
   * Adds `weight` times the gradient of record i's negative log-likelihood.
   * @param c row of the record's context
   * @param found the record's posterior and gate weights
   */
  addRecord(i: number, c: number, weight: number, { posterior, share }: RecordPosterior): void {
    const { perRecord: S, persona, exemplar } = this.#pairs;
    const f = this.#forward;
    const { pi, normalizers, logits } = this.gradients;
    const [K, N] = [f.personaCount, f.poolSize];
    const masked = this.#pairs.masked[i]!;
    const byPersona = this.#byPersona.fill(0);
    let mass = 0;
    for (let s = 0; s < S; s++) {
      const pull = (posterior[s]! - share[s]!) * weight;
      if (pull === 0) continue;
      const k = persona[i * S + s]!;
      const j = exemplar[i * S + s]!;
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

  /** Carries what was added back to the parameters, and to the disturbance's own: `gradient` is overwritten. */
  finish(parameters: GateParameters, disturbance: Disturbance | null, gradient: GateParameters): void {
    const { hx, contextCount } = this.#forward;
    this.#throughNormalizers();
    disturbance?.personas?.back(hx, contextCount, this.gradients.pi);
    disturbance?.exemplars?.back(hx, contextCount, this.gradients.logits);
    this.#throughProjections(parameters, gradient);
  }

  /** Through Z = P Qᵀ: dL += P o (dZ Q), dM += Q o (dZᵀ P). */
  #throughNormalizers(): void {
    const f = this.#forward;
    const [C, K, N] = [f.contextCount, f.personaCount, f.poolSize];
    const { normalizers, logits } = this.gradients;
    const [p, q] = [f.powers, f.powers.subarray(C * N)];
    const product = this.#product;
    product.fill(0, 0, C * N);
    addTimes(normalizers, q, { rows: C, cols: N, inner: K }, product);
    for (let t = 0; t < C * N; t++) logits[t]! += p[t]! * product[t]!;
    product.fill(0, 0, K * N);
    addTransposedTimes(normalizers, p, { rows: K, cols: N, inner: C }, product);
    for (let t = 0; t < K * N; t++) logits[C * N + t]! += q[t]! * product[t]!;
  }

  /** From the logits of both gates back to W_x, W_g, W_e. */
  #throughProjections(parameters: GateParameters, gradient: GateParameters): void {
    const f = this.#forward;
    const [C, K] = [f.contextCount, f.personaCount];
    const { rank, width, contextWidth } = parameters;
    const rows = C + K;
    const [dLifted, dProjected, pi] = [this.#dLifted, this.#dProjected, this.gradients.pi];
    gradient.values.fill(0);
    f.product.back(this.gradients.logits, rows, dLifted);
    addTransposedTimes(f.projected, dLifted, { rows: rank, cols: width, inner: rows }, gradient.exemplars);
    timesTransposed(dLifted, parameters.exemplars, { rows, cols: rank, inner: width }, dProjected);
    const x = f.projected.subarray(0, C * rank);
    const g = f.projected.subarray(C * rank, rows * rank);
    const dPersonas = dProjected.subarray(C * rank);
    addTimes(pi, g, { rows: C, cols: rank, inner: K }, dProjected);
    addTransposedTimes(pi, x, { rows: K, cols: rank, inner: C }, dPersonas);
    addTransposedTimes(dProjected, f.hx, { rows: rank, cols: contextWidth, inner: C }, gradient.contexts);
    addTransposedTimes(dPersonas, f.hg, { rows: rank, cols: width, inner: K }, gradient.personas);
  }
}
