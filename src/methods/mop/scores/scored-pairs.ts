/**
 * What a fit reads: S scored (persona, exemplar) pairs a record, drawn with replacement from a known proposal q.
 * Entry s of record i lies at i * perRecord + s. (1/S) sum_s pi_k Omega_kj p_s / q_s is unbiased for the mixture's likelihood.
 */
export interface ScoredPairs {
  readonly perRecord: number;
  /** False where the pairs are all there are. */
  readonly sampled: boolean;
  /** Position of each record's context among the distinct contexts. */
  readonly context: Int32Array;
  /** Position of the record in the exemplar pool, -1 when it is not there: j != i. */
  readonly own: Int32Array;
  readonly persona: Int32Array;
  /** Position in the pool; 0 where there is no pool. */
  readonly exemplar: Int32Array;
  /** ln of the importance weight 1 / (S q). */
  readonly logWeight: Float64Array;
  /** ln p(y_i | g_k, x_j, y_j, x_i) at the fit's temperature; -Infinity where scoring failed (the pair drops out). */
  readonly logLikelihood: Float64Array;
}

/** The table cut down to its first `perRecord` pairs a record, weights made right for the smaller S. For the bias report. */
export function firstPairs(pairs: ScoredPairs, perRecord: number): ScoredPairs {
  if (perRecord > pairs.perRecord) throw new RangeError(`${perRecord} of ${pairs.perRecord} pairs.`);
  const n = pairs.context.length;
  const shift = Math.log(pairs.perRecord / perRecord);
  const at = Int32Array.from({ length: n * perRecord }, (_, t) => {
    const i = Math.floor(t / perRecord);
    return i * pairs.perRecord + (t - i * perRecord);
  });
  return {
    perRecord,
    sampled: true,
    context: pairs.context,
    own: pairs.own,
    persona: at.map((t) => pairs.persona[t]!),
    exemplar: at.map((t) => pairs.exemplar[t]!),
    logWeight: Float64Array.from(at, (t) => pairs.logWeight[t]! + shift),
    logLikelihood: Float64Array.from(at, (t) => pairs.logLikelihood[t]!),
  };
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
    own: a.own,
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
export function usableRecords(pairs: ScoredPairs): Int32Array {
  const S = pairs.perRecord;
  const usable = (i: number): boolean =>
    pairs.logLikelihood.subarray(i * S, (i + 1) * S).some((value) => value > Number.NEGATIVE_INFINITY);
  return Int32Array.from(pairs.context.keys()).filter(usable);
}
