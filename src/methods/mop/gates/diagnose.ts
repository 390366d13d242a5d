import { firstPairs, type ScoredPairs, usableRecords } from "../scores/scored-pairs.ts";
import type { GateFit } from "./fit-gates.ts";
import { effectiveNumber, marginalWeights } from "./marginals.ts";
import { GateObjective, type ObjectiveOptions } from "./objective.ts";
import type { GateInputs } from "./parameters.ts";

/** How hard the fitted weights are and how far sampling biases the likelihood; all on held-out records. */
export interface FitDiagnosis {
  readonly pairsPerRecord: number;
  /** Mean exp(entropy) of the posterior over a record's scored pairs. */
  readonly effectivePairs: number;
  /** Of the mean weights that answers are drawn by, over the contexts of the records. */
  readonly effectivePersonas: number;
  readonly effectiveExemplars: number;
  /**
   * Second-order estimate of E[ln estimate] - ln likelihood in nats a record (never above 0): -(S sum rho^2 - 1) / (2 (S - 1)),
   * rho the posterior over the S draws. It cannot fall below -1/2, so a value near that says: S is too small.
   * null where nothing is sampled: all pairs scored, or `activePairs`.
   */
  readonly jensenBias: number | null;
  /** Held-out loss of the fitted gates were only the first S pairs scored; it falls with S as the bias does. */
  readonly heldOutByPairs: readonly { readonly pairs: number; readonly heldOut: number }[];
}

export function diagnose(
  inputs: GateInputs,
  pairs: ScoredPairs,
  fit: GateFit,
  options: ObjectiveOptions & { readonly rank: number },
): FitDiagnosis {
  const S = pairs.perRecord;
  const sampled = pairs.sampled && options.activePairs === null;
  const capacity = Math.min(64, inputs.contexts.rows);
  const objective = new GateObjective(inputs, pairs, options.rank, capacity, options);
  const n = fit.heldOutRecords.length;
  let effectivePairs = 0;
  let jensenBias = 0;
  objective.visit(fit.parameters, fit.heldOutRecords, ({ posterior }, at) => {
    const merged = new Map<string, number>();
    let squares = 0;
    for (let s = 0; s < S; s++) {
      const t = fit.heldOutRecords[at]! * S + s;
      const key = `${pairs.persona[t]} ${pairs.exemplar[t]}`;
      merged.set(key, (merged.get(key) ?? 0) + posterior[s]!);
      squares += posterior[s]! ** 2;
    }
    effectivePairs += effectiveNumber([...merged.values()]) / n;
    if (sampled) jensenBias -= (S * squares - 1) / (2 * (S - 1)) / n;
  });
  const frequencies = new Float64Array(inputs.contexts.rows);
  for (const c of pairs.context) frequencies[c]!++;
  const { personas, exemplars } = marginalWeights(inputs, fit.parameters, frequencies, options.activePairs);
  return {
    pairsPerRecord: S,
    effectivePairs,
    effectivePersonas: effectiveNumber(personas),
    effectiveExemplars: inputs.exemplars === null ? 0 : effectiveNumber(exemplars),
    jensenBias: sampled ? jensenBias : null,
    heldOutByPairs: sampled ? lossByPairs(inputs, pairs, fit, options, capacity) : [],
  };
}

function lossByPairs(
  inputs: GateInputs,
  pairs: ScoredPairs,
  fit: GateFit,
  options: ObjectiveOptions & { readonly rank: number },
  capacity: number,
): { readonly pairs: number; readonly heldOut: number }[] {
  const S = pairs.perRecord;
  const sizes = [...new Set([Math.ceil(S / 4), Math.ceil(S / 2), S])].sort((a, b) => a - b);
  // The same records at every size: those with a scored pair among the fewest.
  const usable = new Set(usableRecords(firstPairs(pairs, sizes[0]!)));
  const records = fit.heldOutRecords.filter((i) => usable.has(i));
  return sizes.map((size) => {
    const cut = new GateObjective(inputs, firstPairs(pairs, size), options.rank, capacity, options);
    const values = cut.logLikelihoods(fit.parameters, records);
    return { pairs: size, heldOut: -values.reduce((a, b) => a + b, 0) / Math.max(1, records.length) };
  });
}
