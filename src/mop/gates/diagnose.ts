import type { ScoredPairs } from "../scores/scored-pairs.ts";
import type { GateFit } from "./fit-gates.ts";
import { effectiveNumber, marginalWeights } from "./marginals.ts";
import { GateObjective } from "./objective.ts";
import type { GateInputs } from "./parameters.ts";

/** How hard the fitted weights are. */
export interface FitDiagnosis {
  readonly pairsPerRecord: number;
  /** Mean exp(entropy) of the posterior over a judging record's scored pairs. */
  readonly effectivePairs: number;
  /** Effective numbers of the mean weights that answers are drawn by, over the contexts of the records. */
  readonly effectivePersonas: number;
  readonly effectiveExemplars: number;
}

/** @param activePairs M, whose pairs `pairs` then holds under the fitted gates; null: all pairs are active */
export function diagnose(
  inputs: GateInputs,
  pairs: ScoredPairs,
  fit: Pick<GateFit, "parameters" | "judges">,
  { rank, activePairs }: { readonly rank: number; readonly activePairs: number | null },
): FitDiagnosis {
  const S = pairs.perRecord;
  const capacity = Math.min(64, inputs.contexts.rows);
  const objective = new GateObjective(inputs, pairs, { renormalize: activePairs !== null, rank, capacity });
  let effectivePairs = 0;
  objective.visit(fit.parameters, fit.judges, ({ posterior }, at) => {
    const merged = new Map<string, number>();
    for (let s = 0; s < S; s++) {
      const t = fit.judges[at]! * S + s;
      const key = `${pairs.persona[t]} ${pairs.exemplar[t]}`;
      merged.set(key, (merged.get(key) ?? 0) + posterior[s]!);
    }
    effectivePairs += effectiveNumber([...merged.values()]) / fit.judges.length;
  });
  const frequencies = new Float64Array(inputs.contexts.rows);
  for (const c of pairs.context) frequencies[c]!++;
  const { personas, exemplars } = marginalWeights(inputs, fit.parameters, frequencies, activePairs);
  return {
    pairsPerRecord: S,
    effectivePairs,
    effectivePersonas: effectiveNumber(personas),
    effectiveExemplars: inputs.exemplars === null ? 0 : effectiveNumber(exemplars),
  };
}
