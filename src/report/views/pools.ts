import { tierOf } from "../../analysis/tier.ts";
import { whole } from "../format.ts";
import type { ReportContext } from "./context.ts";

/**
 * What must be said where methods of the tier that shows real texts choose them from pools of different size (named so in the
 * config, or held by an artifact): a larger pool alone can bring a method closer. null where all are alike.
 */
export function poolCaveat(context: ReportContext, dataset: string, model: string | null): string | null {
  const shown = context
    .methods(dataset, model)
    .map((method) => {
      const fit = context.fit(dataset, model, method);
      const seen = fit?.realTextsSeen ?? 0;
      return { method, seen, pool: fit?.pool ?? seen };
    })
    .filter(({ seen }) => tierOf(seen) === "real texts");
  if (new Set(shown.map(({ pool }) => pool)).size <= 1) return null;
  const sizes = shown.map(({ method, pool }) => `${method} ${whole(pool)}`).join(", ");
  return `The methods of one tier choose from different numbers of real texts (${sizes}), so a difference between them may be one of their pools.`;
}
