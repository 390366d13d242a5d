import { jsDivergence, shares } from "../numerics/divergence.ts";
import { defineMetric } from "./define.ts";
import { derived, type SampleSet, tokenSettings, tokensOf } from "./sample-set.ts";

const BINS = 10;

/** The nine inner deciles of some lengths, linearly interpolated as numpy.quantile does. Needs at least one length. */
export function deciles(lengths: readonly number[]): number[] {
  const sorted = lengths.toSorted((a, b) => a - b);
  return Array.from({ length: BINS - 1 }, (_, k) => {
    const place = ((k + 1) / BINS) * (sorted.length - 1);
    const share = place % 1;
    const below = sorted[Math.floor(place)]!;
    // As mathjs rounds, which is not loaded for this: it takes longer to load than all lengths to count.
    return share === 0 ? below : below * (1 - share) + sorted[Math.floor(place) + 1]! * share;
  });
}

/** How many lengths lie between the edges: first bin up to and with the first edge, last bin above the last. */
export function binLengths(lengths: readonly number[], edges: readonly number[]): Float64Array {
  const counts = new Float64Array(edges.length + 1);
  for (const length of lengths) {
    let bin = 0;
    while (bin < edges.length && length > edges[bin]!) bin++;
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}

const lengthsOf = derived((set: SampleSet) => tokensOf(set).map((tokens) => tokens.length));
const decilesOf = derived((set: SampleSet) => deciles(lengthsOf(set)));

/** Divergence of the lengths. */
export const lengthJs = defineMetric({
  id: "length-js",
  name: "Length JS",
  meaning:
    "Jensen-Shannon divergence in nats between the lengths of synthetic and gold texts, in tokens, over the deciles of gold's; says nothing about how far beyond the last decile a text goes.",
  group: "alignment",
  better: "lower",
  range: [0, Math.LN2],
  needs: { texts: true },
  source: "Definition of this program",
  notes: {
    defaults: "nine inner deciles of gold's token counts as edges, no smoothing",
    edges: "equal deciles leave empty bins, which count nothing; empty texts have no tokens",
    notCopied: "-",
  },
  floor: false,
  compute({ gold, synthetic }) {
    const edges = decilesOf(gold);
    const value = jsDivergence(
      shares(binLengths(lengthsOf(synthetic), edges)),
      shares(binLengths(lengthsOf(gold), edges)),
    );
    return { value, settings: { edges, ...tokenSettings(synthetic) } };
  },
});
