import { type Matrix, row } from "../core/matrix.ts";
import { type Context, contextKey } from "../core/record.ts";
import type { Artifact } from "../mop/artifact.ts";

/*
 * For tests: what a fitted mixture is worth, with all K x N pairs scored and every sum written out, by nothing of the program's
 * own but the artifact.
 */

/** ln p(record | persona k, exemplar j), all pairs of one record: K x N, row-major. */
export type AllPairs = ArrayLike<number>;

/** pi_k(x) Omega_kj(x) of all pairs as they are drawn: K x N, row-major. The context must be one of the artifact's. */
export function drawnWeights(artifact: Artifact, context: Context): Float64Array {
  const { personas, exemplars, contexts, matrices, activePairs } = artifact;
  const [K, N] = [personas.length, exemplars.length];
  const c = contexts.findIndex((known) => contextKey(known) === contextKey(context));
  if (c < 0) throw new RangeError(`The artifact does not know ${contextKey(context)}.`);
  const dot = (a: Matrix, i: number, b: Matrix, j: number): number => {
    const other = row(b, j);
    return row(a, i).reduce((sum, value, d) => sum + value * other[d]!, 0);
  };
  const [x, g, e] = [matrices.contexts!, matrices.personas!, matrices.exemplars!];
  const pi = softmax(Array.from({ length: K }, (_, k) => dot(x, c, g, k)));
  const toExemplars = Array.from({ length: N }, (_, j) => dot(x, c, e, j));
  const weights = new Float64Array(K * N);
  for (let k = 0; k < K; k++) {
    const omega = softmax(toExemplars.map((logit, j) => logit + dot(g, k, e, j)));
    for (let j = 0; j < N; j++) weights[k * N + j] = pi[k]! * omega[j]!;
  }
  if (activePairs === null) return weights;
  // The M heaviest, and those that tie with the last of them.
  const least = weights.slice().sort()[weights.length - activePairs]!;
  const kept = weights.map((weight) => (weight >= least ? weight : 0));
  const sum = kept.reduce((a, b) => a + b, 0);
  return kept.map((weight) => weight / sum);
}

/** ln of the mixture's likelihood less that of uniform weights, one a record. */
export function exactGains(
  artifact: Artifact,
  records: readonly { readonly context: Context; readonly pairs: AllPairs }[],
): Float64Array {
  const known = new Map<string, Float64Array>();
  return Float64Array.from(records, ({ context, pairs }) => {
    const key = contextKey(context);
    const weights = known.get(key) ?? drawnWeights(artifact, context);
    known.set(key, weights);
    let max = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < pairs.length; t++) max = Math.max(max, pairs[t]!);
    let [mixture, uniform] = [0, 0];
    for (let t = 0; t < pairs.length; t++) {
      const likelihood = Math.exp(pairs[t]! - max);
      mixture += weights[t]! * likelihood;
      uniform += likelihood / pairs.length;
    }
    return Math.log(mixture / uniform);
  });
}

function softmax(logits: readonly number[]): number[] {
  const max = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - max));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
