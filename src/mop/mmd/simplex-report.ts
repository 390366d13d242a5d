import type { JsonObject } from "../../core/hash.ts";
import { effectiveNumber } from "../gates/marginals.ts";
import type { SimplexTable } from "../simplex-table.ts";
import type { SimplexFit } from "./fit-weights.ts";
import type { ContextGroup } from "./groups.ts";

/** The fit of one group of records. */
export interface GroupFit {
  readonly group: ContextGroup;
  readonly fit: SimplexFit;
  /** Answers whose calls failed. */
  readonly failed: number;
  /** The held-out records' own part of MMD². */
  readonly base: number;
}

/** How much was fitted on, and s² of the kernel. */
export interface FitSize {
  readonly records: number;
  readonly personas: number;
  readonly pool: number;
  readonly squaredWidth: number;
}

/** What `mop.json` keeps of the fit. MMD² on held-out records and on answers that the weights were not fitted on. */
export function simplexReport({ pairs, weights }: SimplexTable, fits: readonly GroupFit[], size: FitSize): JsonObject {
  const { records, squaredWidth } = size;
  const P = pairs.length;
  const effective = effectiveNumbers({ pairs, weights }, fits, size);
  const { fit, base } = fits[0]!;
  const effect = `${effective.effectivePersonas.toFixed(1)} personas, ${effective.effectiveExemplars.toFixed(0)} exemplars, ${effective.effectivePairs.toFixed(0)} pairs`;
  return {
    summary: `held-out MMD² ${(base + fit.heldOut).toExponential(2)} of uniform's ${(base + fit.uniformHeldOut).toExponential(2)}, penalty ${fit.penalty ?? "uniform kept"}, ${fits.length - 1} groups of their own; in effect ${effect}`,
    objective: "mmd",
    unit: "MMD²",
    records,
    squaredWidth,
    ...effective,
    groups: fits.map((found, g) => ({
      group: found.group.key,
      records: found.group.members.length,
      failedAnswers: found.failed,
      penalty: found.fit.penalty,
      uniformHeldOut: found.base + found.fit.uniformHeldOut,
      heldOut: found.base + found.fit.heldOut,
      gain: found.fit.uniformHeldOut - found.fit.heldOut,
      gainError: found.fit.gainError,
      dualityGap: found.fit.gap,
      effectivePairs: effectiveNumber(weights.data.subarray(g * P, (g + 1) * P)),
    })),
  };
}

/** Effective numbers of the mean weights that answers are drawn by, over the contexts of the records. */
function effectiveNumbers(
  { pairs, weights }: Pick<SimplexTable, "pairs" | "weights">,
  fits: readonly GroupFit[],
  { records, personas, pool }: FitSize,
) {
  const P = pairs.length;
  const own = fits.slice(1).reduce((sum, { group }) => sum + group.members.length, 0);
  const mixed = {
    pairs: new Float64Array(P),
    personas: new Float64Array(personas),
    exemplars: new Float64Array(pool),
  };
  for (const [g, { group }] of fits.entries()) {
    const share = (g === 0 ? records - own : group.members.length) / records;
    for (const [p, [k, j]] of pairs.entries()) {
      const weight = share * weights.data[g * P + p]!;
      mixed.pairs[p]! += weight;
      mixed.personas[k]! += weight;
      if (pool > 0) mixed.exemplars[j]! += weight;
    }
  }
  return {
    effectivePairs: effectiveNumber(mixed.pairs),
    effectivePersonas: effectiveNumber(mixed.personas),
    effectiveExemplars: pool === 0 ? 0 : effectiveNumber(mixed.exemplars),
  };
}
