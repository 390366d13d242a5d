import { heaviest } from "../heaviest.ts";
import { GateForward } from "./forward.ts";
import type { GateInputs, GateParameters } from "./parameters.ts";
import { addTimes } from "./products.ts";

/** Mean weights over contexts: of personas (sum of pi), and of exemplars (sum over personas of pi Omega). Each sums to one. */
export interface Marginals {
  readonly personas: Float64Array;
  readonly exemplars: Float64Array;
}

/**
 * @param frequencies weight of each context of `inputs`; they are scaled to sum to one
 * @param activePairs M: only the M heaviest pairs of each context count, as they are drawn; null: all
 */
export function marginalWeights(
  inputs: GateInputs,
  parameters: GateParameters,
  frequencies: ArrayLike<number>,
  activePairs: number | null = null,
): Marginals {
  const forward = new GateForward(inputs, parameters.rank, Math.min(64, inputs.contexts.rows));
  const [K, N] = [forward.personaCount, forward.poolSize];
  const personas = new Float64Array(K);
  const exemplars = new Float64Array(N);
  let total = 0;
  for (let c = 0; c < frequencies.length; c++) total += frequencies[c]!;
  for (let from = 0; from < inputs.contexts.rows; from += forward.capacity) {
    const count = Math.min(forward.capacity, inputs.contexts.rows - from);
    forward.run(
      parameters,
      Array.from({ length: count }, (_, c) => from + c),
    );
    forward.fillNormalizers();
    if (activePairs !== null && activePairs < K * N) {
      for (let c = 0; c < count; c++)
        addActive(forward, { c, M: activePairs, share: frequencies[from + c]! / total }, { personas, exemplars });
      continue;
    }
    const scaled = new Float64Array(count * K);
    for (let c = 0; c < count; c++)
      for (let k = 0; k < K; k++) {
        const weight = (frequencies[from + c]! / total) * Math.exp(forward.logPi[c * K + k]!);
        personas[k]! += weight;
        scaled[c * K + k] = weight / forward.normalizers[c * K + k]!;
      }
    const spread = new Float64Array(count * N);
    addTimes(scaled, forward.powers.subarray(count * N), { rows: count, cols: N, inner: K }, spread);
    for (let c = 0; c < count; c++)
      for (let j = 0; j < N; j++) exemplars[j]! += spread[c * N + j]! * forward.powers[c * N + j]!;
  }
  return { personas, exemplars };
}

/** The M heaviest pairs of the context in row c, and its share of all contexts. */
interface ActiveShare {
  readonly c: number;
  readonly M: number;
  readonly share: number;
}

/** Adds the M heaviest pairs of context c, made to sum to `share`. */
function addActive(f: GateForward, { c, M, share }: ActiveShare, { personas, exemplars }: Marginals): void {
  const { contextCount: C, personaCount: K, poolSize: N, powers } = f;
  const weights = new Float64Array(K * N);
  for (let k = 0; k < K; k++) {
    const scale = Math.exp(f.logPi[c * K + k]!) / f.normalizers[c * K + k]!;
    for (let j = 0; j < N; j++) weights[k * N + j] = scale * powers[c * N + j]! * powers[(C + k) * N + j]!;
  }
  const pairs = heaviest(weights, M);
  const total = pairs.reduce((sum, pair) => sum + weights[pair]!, 0);
  for (const pair of pairs) {
    personas[Math.floor(pair / N)]! += (share * weights[pair]!) / total;
    exemplars[pair % N]! += (share * weights[pair]!) / total;
  }
}

/** exp of the entropy of weights that sum to one: how many equal weights would be as spread. */
export function effectiveNumber(weights: ArrayLike<number>): number {
  let entropy = 0;
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) entropy -= weights[i]! * Math.log(weights[i]!);
  return Math.exp(entropy);
}
