import { type Context, contextKey } from "../core/record.ts";
import type { Truth } from "../data/dataset.ts";
import type { FittedMethod } from "../methods/method.ts";
import type { NoValue, OwnerShares } from "../metrics/evidence.ts";

/**
 * Who a method lets speak in each context asked for: its exemplar weights pushed forward to the exemplars' true owners, beside
 * pi*(x), the population's own mixture.
 * @returns one entry a context, or the reason why there is none
 */
export function ownerShares(
  fitted: FittedMethod,
  truth: Truth | null,
  contexts: readonly Context[],
): readonly OwnerShares[] | NoValue {
  if (truth === null) return { reason: "The dataset does not know the true personas." };
  if (fitted.exemplars.length === 0) return { reason: "The method shows no exemplars." };
  const weigh = fitted.exemplarWeights?.bind(fitted);
  if (weigh === undefined) return { reason: "Its exemplars are none of this data set." };
  const owners = fitted.exemplars.map((record) => truth.ownerOf(record.id));
  const known = new Map<string, OwnerShares>();
  return contexts.map((context) => {
    const key = contextKey(context);
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const population = truth.weights(context);
    const shares = { shown: pushed(weigh(context), owners, population.length), population };
    known.set(key, shares);
    return shares;
  });
}

/** Weights of exemplars summed by owner. */
function pushed(weights: ArrayLike<number>, owners: readonly number[], count: number): Float64Array {
  const shares = new Float64Array(count);
  owners.forEach((owner, j) => {
    shares[owner]! += weights[j]!;
  });
  return shares;
}
