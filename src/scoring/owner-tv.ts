import { type Context, contextKey } from "../core/record.ts";
import type { Truth } from "../data/dataset.ts";
import type { FittedMethod } from "../methods/method.ts";
import type { MetricInput } from "../metrics/metric.ts";

/**
 * owner-tv of each context asked for: the method's exemplar weights pushed forward to the exemplars' true owners, in total
 * variation to pi*(x). In [0, 1]; 0 is the population's own mixture.
 * @returns one value a context, or the reason why there is none
 */
export function ownerTv(
  fitted: FittedMethod,
  truth: Truth | null,
  contexts: readonly Context[],
): MetricInput["ownerTv"] {
  if (truth === null) return { reason: "The dataset does not know the true personas." };
  if (fitted.exemplars.length === 0) return { reason: "The method shows no exemplars." };
  if (fitted.exemplarWeights === undefined) return { reason: "Its exemplars are none of this data set." };
  const owners = fitted.exemplars.map((record) => truth.ownerOf(record.id));
  const known = new Map<string, number>();
  const values = contexts.map((context) => {
    const key = contextKey(context);
    const value = known.get(key) ?? distance(fitted.exemplarWeights?.(context) ?? [], owners, truth.weights(context));
    known.set(key, value);
    return value;
  });
  return { values };
}

function distance(weights: ArrayLike<number>, owners: readonly number[], target: Float64Array): number {
  const shares = new Float64Array(target.length);
  for (let j = 0; j < owners.length; j++) shares[owners[j]!]! += weights[j]!;
  let sum = 0;
  for (let k = 0; k < target.length; k++) sum += Math.abs(shares[k]! - target[k]!);
  return sum / 2;
}
