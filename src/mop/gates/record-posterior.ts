import type { ScoredPairs } from "../scores/scored-pairs.ts";
import type { GateForward } from "./forward.ts";

/**
 * What a forward pass says of one record: the estimated mixture likelihood of its text, and the posterior over its scored pairs.
 * Buffers are reused; the latest `find` holds.
 */
export class RecordPosterior {
  /** Posterior over the record's pairs, perRecord numbers that sum to one; zeros where no pair has a score. */
  readonly posterior: Float64Array;
  /** Gate weights over the record's pairs where they are made to sum to one; else zeros, since nothing is subtracted. */
  readonly share: Float64Array;
  /** Mean of what the pairs at even and those at odd places say alone; as the likelihood where one half has no score. */
  ofHalves = 0;
  readonly #pairs: ScoredPairs;
  readonly #renormalize: boolean;

  constructor(pairs: ScoredPairs, renormalize: boolean) {
    this.#pairs = pairs;
    this.#renormalize = renormalize;
    this.posterior = new Float64Array(pairs.perRecord);
    this.share = new Float64Array(pairs.perRecord);
  }

  /**
   * @param c row of the record's context in `f`
   * @returns ln of the estimated likelihood of record i; -Infinity where no pair has a score
   */
  find(f: GateForward, i: number, c: number): number {
    const { perRecord: S, logWeight, logLikelihood, sampled } = this.#pairs;
    const [gate, terms] = [this.share, this.posterior];
    this.#weigh(f, i, c);
    const total = this.#renormalize ? logSumExp(gate, 0, 1) : 0;
    for (let s = 0; s < S; s++)
      terms[s] =
        gate[s] === Number.NEGATIVE_INFINITY
          ? Number.NEGATIVE_INFINITY
          : gate[s]! - total + logWeight[i * S + s]! + logLikelihood[i * S + s]!;
    const log = logSumExp(terms, 0, 1);
    const scale = Math.log(S / Math.ceil(S / 2)) + Math.log(S / Math.floor(S / 2));
    const halves = (logSumExp(terms, 0, 2) + logSumExp(terms, 1, 2) + scale) / 2;
    this.ofHalves = sampled && Number.isFinite(halves) ? halves : log;
    const found = log > Number.NEGATIVE_INFINITY;
    for (let s = 0; s < S; s++) {
      terms[s] = found ? Math.exp(terms[s]! - log) : 0;
      gate[s] = found && this.#renormalize ? Math.exp(gate[s]! - total) : 0;
    }
    return log;
  }

  /** Fills `share` with ln(pi_k Omega_kj) of each pair; -Infinity for a pair without a score. */
  #weigh(f: GateForward, i: number, c: number): void {
    const { perRecord: S, persona, exemplar, logLikelihood } = this.#pairs;
    const masked = this.#pairs.masked[i]!;
    for (let s = 0; s < S; s++) {
      const t = i * S + s;
      if (logLikelihood[t]! === Number.NEGATIVE_INFINITY) {
        this.share[s] = Number.NEGATIVE_INFINITY;
        continue;
      }
      const k = persona[t]!;
      const j = exemplar[t]!;
      const logit = f.logits[c * f.poolSize + j]! + f.logits[(f.contextCount + k) * f.poolSize + j]!;
      this.share[s] = f.logPi[c * f.personaCount + k]! + logit - f.logNormalizer(c, k, masked);
    }
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
