import type { ExemplarMask } from "./exemplar-mask.ts";
import { type GateForward, NO_MASK } from "./forward.ts";

/** Gradients of a step in the persona logits, the normalizers of Omega, and the exemplar logits (L above M), as GateForward has them. */
export interface GateGradients {
  readonly pi: Float64Array;
  readonly normalizers: Float64Array;
  readonly logits: Float64Array;
}

/**
 * KL(uniform || pi(x)) + mean_k KL(uniform || Omega_k(x)) for each record of a step, which reads as pseudo-observations spread
 * evenly over personas and over the exemplars it sees.
 */
export class UniformPenalty {
  readonly #byExemplar: Float64Array;
  readonly #pull: Float64Array;

  constructor(pool: number) {
    this.#byExemplar = new Float64Array(pool);
    this.#pull = new Float64Array(pool);
  }

  /**
   * Adds the mean penalty's gradient and returns its value. Needs the normalizers of `f` filled.
   * @param slots of each record of the step, its row in `f`
   * @param lambda pseudo-observations a record
   */
  add(f: GateForward, slots: Int32Array, lambda: number, mask: ExemplarMask | null, gradients: GateGradients): number {
    const { contextCount: C, personaCount: K, poolSize: N, logits } = f;
    const weight = lambda / slots.length;
    const byExemplar = this.#byExemplar.fill(0);
    const pull = this.#pull.fill(0);
    for (let k = 0; k < K; k++) for (let j = 0; j < N; j++) byExemplar[j]! += logits[(C + k) * N + j]! / K;
    let loss = 0;
    for (const c of slots) {
      const shown = mask?.shown(c) ?? N;
      const even = weight / shown;
      let sum = 0;
      for (let j = 0; j < N; j++) {
        if (mask?.hides(c, j)) continue;
        sum += logits[c * N + j]! + byExemplar[j]!;
        gradients.logits[c * N + j]! -= even;
        pull[j]! += even;
      }
      loss -= weight * (sum / shown + Math.log(K) + Math.log(shown));
      for (let t = c * K; t < (c + 1) * K; t++) {
        loss += (weight / K) * (f.logNormalizer(c, t - c * K, NO_MASK) - f.logPi[t]!);
        gradients.pi[t]! += weight * (Math.exp(f.logPi[t]!) - 1 / K);
        gradients.normalizers[t]! += weight / K / f.normalizers[t]!;
      }
    }
    for (let k = 0; k < K; k++) for (let j = 0; j < N; j++) gradients.logits[(C + k) * N + j]! -= pull[j]! / K;
    return loss;
  }
}
