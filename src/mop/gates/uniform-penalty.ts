import type { GateGradients } from "./backward.ts";
import type { ExemplarMask } from "./exemplar-mask.ts";
import { type GateForward, NO_MASK } from "./forward.ts";

/** The records that a penalty is taken of. */
export interface Penalized {
  /** Row of each record in the forward pass. */
  readonly rows: Int32Array;
  /** Pseudo-observations a record. */
  readonly lambda: number;
  readonly mask: ExemplarMask | null;
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

  /** Adds the mean penalty's gradient and returns its value. Needs the normalizers of `f` filled. */
  add(f: GateForward, { rows, lambda, mask }: Penalized, gradients: GateGradients): number {
    const { contextCount: C, personaCount: K, poolSize: N, logits } = f;
    const weight = lambda / rows.length;
    const byExemplar = this.#byExemplar.fill(0);
    const pull = this.#pull.fill(0);
    for (let k = 0; k < K; k++) for (let j = 0; j < N; j++) byExemplar[j]! += logits[(C + k) * N + j]! / K;
    let loss = 0;
    for (const c of rows) {
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
