import type { Matrix } from "../core/matrix.ts";
import { type Context, contextKey } from "../core/record.ts";

/** Weights of listed pairs, a row for all contexts together and one for each group of contexts that has its own. */
export interface SimplexTable {
  /** What makes contexts one group: being equal, or having the same label. */
  readonly by: "context" | "label";
  /** Keys of the groups, in the order of the rows after the first. */
  readonly groups: readonly string[];
  /** Persona and exemplar (0 where prompts show none) of each column, by position. */
  readonly pairs: readonly (readonly [number, number])[];
  /** (groups + 1) x pairs: not negative, each row sums to one. */
  readonly weights: Matrix;
}

/** The group that a context falls into; null where nothing tells. */
export function groupOf(context: Context, by: SimplexTable["by"]): string | null {
  return by === "label" ? context.label : contextKey(context);
}

/** The row of a context: its group's, or the shared one where the group has none. */
export function rowOf({ by, groups }: SimplexTable, context: Context): number {
  const group = groupOf(context, by);
  return group === null ? 0 : groups.indexOf(group) + 1;
}

/** The exemplars that some row gives weight to, by position. */
export function exemplarsInUse({ pairs, weights }: SimplexTable): ReadonlySet<number> {
  const used = new Set<number>();
  for (const [t, weight] of weights.data.entries()) if (weight > 0) used.add(pairs[t % weights.cols]![1]);
  return used;
}

/** What is wrong with a table for K personas and N exemplars, in words; null when nothing is. */
export function findMisfitOf(table: SimplexTable, K: number, N: number): string | null {
  const { groups, pairs, weights } = table;
  if (weights.rows !== groups.length + 1 || weights.cols !== pairs.length)
    return `\`simplex.weights\` is ${weights.rows} x ${weights.cols}; ${groups.length + 1} x ${pairs.length} would fit`;
  if (new Set(groups).size !== groups.length) return "`simplex.groups` names one group twice";
  const stray = pairs.find(([k, j]) => k >= K || j >= Math.max(1, N));
  if (stray !== undefined)
    return `\`simplex.pairs\` names persona ${stray[0]} and exemplar ${stray[1]} of ${K} and ${N}`;
  for (let r = 0; r < weights.rows; r++) {
    const values = weights.data.subarray(r * weights.cols, (r + 1) * weights.cols);
    const sum = values.reduce((a, b) => a + b, 0);
    if (values.some((w) => w < 0) || Math.abs(sum - 1) > 1e-4)
      return `row ${r} of \`simplex.weights\` is no set of weights: it sums to ${sum.toFixed(4)}`;
  }
  return null;
}
