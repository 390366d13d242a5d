import type { Metric } from "./metric.ts";

/** Whose texts a method shows, against who is asked. */
export const ownerTv: Metric = {
  id: "owner-tv",
  name: "Owner TV",
  meaning:
    "Total variation between the true owners of the exemplars a method shows and the population's own mixture for the context, averaged over contexts: 0 is the population itself; known only where the true personas are, and for methods with exemplars.",
  group: "alignment",
  better: "lower",
  range: [0, 1],
  needs: { truth: true },
  source: "Definition of this program",
  floor: false,
  noInterval: "the value is exact, it follows from the weights and not from what is drawn",
  compute({ ownerTv: found }) {
    if ("reason" in found) return { value: null, reason: found.reason };
    const { values } = found;
    if (values.length === 0) return { value: null, reason: "No context was asked for." };
    const value = values.reduce((sum, x) => sum + x, 0) / values.length;
    return { value, settings: { contexts: values.length } };
  },
};
