import type { Proposal } from "../scores/design.ts";
import { type ScoredPairs, usableRecords } from "../scores/scored-pairs.ts";
import { marginalWeights } from "./marginals.ts";
import { GateObjective } from "./objective.ts";
import type { GateInputs, GateParameters } from "./parameters.ts";

/**
 * Proposals of a second round of scoring: half the posterior that a first fit gives the record's scored pairs (its personas and
 * its exemplars apart, so that new combinations are tried), a quarter the gates' mean weights, a quarter uniform.
 */
export function refinedProposals(
  inputs: GateInputs,
  pairs: ScoredPairs,
  parameters: GateParameters,
  rank: number,
): (record: number) => Proposal {
  const K = inputs.personas.rows;
  const N = inputs.exemplars?.rows ?? 1;
  const S = pairs.perRecord;
  const posteriors = new Map<number, Float64Array>();
  const records = usableRecords(pairs);
  const objective = new GateObjective(inputs, pairs, {
    renormalize: false,
    rank,
    capacity: Math.min(64, inputs.contexts.rows),
  });
  objective.visit(parameters, records, ({ posterior }, at) => {
    posteriors.set(records[at]!, posterior.slice());
  });
  const frequencies = new Float64Array(inputs.contexts.rows);
  for (const c of pairs.context) frequencies[c]!++;
  const mean = marginalWeights(inputs, parameters, frequencies);
  return (i) => {
    const personas = mean.personas.map((value) => value / 4 + 1 / (4 * K));
    const exemplars = mean.exemplars.map((value) => value / 4 + 1 / (4 * N));
    const posterior = posteriors.get(i);
    if (posterior !== undefined)
      for (let s = 0; s < S; s++) {
        personas[pairs.persona[i * S + s]!]! += posterior[s]! / 2;
        exemplars[pairs.exemplar[i * S + s]!]! += posterior[s]! / 2;
      }
    for (const j of pairs.masked[i]!) exemplars[j] = 0;
    return { personas: scaled(personas), exemplars: scaled(exemplars) };
  };
}

function scaled(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((value) => value / sum);
}
