/**
 * What a fit reads: S scored (persona, exemplar) pairs a record. Entry s of record i lies at i * perRecord + s.
 *
 * Drawn with replacement from a known proposal q, (1/S) sum_s pi_k Omega_kj p_s / q_s is unbiased for the mixture's likelihood.
 * With `activePairs` they are the M heaviest pairs of the current gates instead (gates/active-pairs.ts), each once.
 */
export interface ScoredPairs {
  readonly perRecord: number;
  /** False where the pairs are all there are, or all that the mixture has. */
  readonly sampled: boolean;
  /** Position of each record's context among the distinct contexts. */
  readonly context: Int32Array;
  /** Positions in the exemplar pool that each record is never shown: itself and near-copies of its text. */
  readonly masked: readonly Int32Array[];
  readonly persona: Int32Array;
  /** Position in the pool; 0 where there is no pool. */
  readonly exemplar: Int32Array;
  /** ln of the importance weight 1 / (S q); 0 where nothing is sampled. */
  readonly logWeight: Float64Array;
  /** ln p(y_i | g_k, x_j, y_j, x_i) at the fit's temperature; -Infinity for a pair without a score, which drops out. */
  readonly logLikelihood: Float64Array;
}

/**
 * Two rounds of scoring as one sample: each keeps its own proposal, weighted by its share of the pairs. Both rounds' estimates
 * are unbiased (the second given the first), so their weighted mean is.
 */
export function joinPairs(a: ScoredPairs, b: ScoredPairs): ScoredPairs {
  const n = a.context.length;
  const perRecord = a.perRecord + b.perRecord;
  const size = n * perRecord;
  const joined = {
    perRecord,
    sampled: true,
    context: a.context,
    masked: a.masked,
    persona: new Int32Array(size),
    exemplar: new Int32Array(size),
    logWeight: new Float64Array(size),
    logLikelihood: new Float64Array(size),
  };
  for (const [part, before] of [
    [a, 0],
    [b, a.perRecord],
  ] as const) {
    const shift = Math.log(part.perRecord / perRecord);
    for (let i = 0; i < n; i++) {
      const from = i * part.perRecord;
      const to = i * perRecord + before;
      joined.persona.set(part.persona.subarray(from, from + part.perRecord), to);
      joined.exemplar.set(part.exemplar.subarray(from, from + part.perRecord), to);
      joined.logLikelihood.set(part.logLikelihood.subarray(from, from + part.perRecord), to);
      for (let s = 0; s < part.perRecord; s++) joined.logWeight[to + s] = part.logWeight[from + s]! + shift;
    }
  }
  return joined;
}

/** The records with at least one scored pair, in order. */
export function usableRecords({ perRecord: S, logLikelihood, context }: ScoredPairs): Int32Array {
  return Int32Array.from(context.keys()).filter((i) =>
    logLikelihood.subarray(i * S, (i + 1) * S).some((value) => value > Number.NEGATIVE_INFINITY),
  );
}
