import { totalVariation } from "../numerics/divergence.ts";
import { defineMetric } from "./define.ts";
import { isMissing } from "./evidence.ts";

/** Whose texts a method shows, against who is asked. */
export const ownerTv = defineMetric({
  id: "owner-tv",
  name: "Owner TV",
  meaning:
    "Total variation between the true owners of the exemplars a method shows and the population's own mixture for the context, averaged over contexts: 0 is the population itself; known only where the true personas are, and for methods with exemplars.",
  group: "alignment",
  better: "lower",
  range: [0, 1],
  needs: { evidence: ["owner-shares"] },
  source: "Definition of this program",
  notes: {
    defaults: "mean over the contexts asked for",
    edges: "true personas unknown, or a method without exemplars: null",
    notCopied: "-",
  },
  floor: false,
  always: "where known",
  noInterval: "the value is exact, it follows from the weights and not from what is drawn",
  compute({ evidence }) {
    const found = evidence("owner-shares");
    if (isMissing(found)) return { value: null, reason: found.reason };
    if (found.length === 0) return { value: null, reason: "No context was asked for." };
    const distances = found.map(({ shown, population }) => totalVariation(shown, population));
    const value = distances.reduce((sum, x) => sum + x, 0) / distances.length;
    return { value, settings: { contexts: distances.length } };
  },
});
