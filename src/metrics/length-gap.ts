import { defineMetric } from "./define.ts";
import { derived, tokenSettings, tokensOf } from "./sample-set.ts";

const meanTokens = derived(
  (set) => tokensOf(set).reduce((sum, tokens) => sum + tokens.length, 0) / Math.max(1, set.size),
);

/** How far apart mean lengths are. */
export const lengthGap = defineMetric({
  id: "length-gap",
  name: "Length gap",
  meaning:
    "|ln(mean tokens / gold's mean tokens)|: a length gap moves every other metric; says nothing about the spread of lengths.",
  group: "honesty",
  better: "lower",
  range: [0, Number.POSITIVE_INFINITY],
  needs: { texts: true },
  source: "Definition of this program",
  notes: { defaults: "tokens of str.split()", edges: "all texts of a side empty: null", notCopied: "-" },
  floor: false,
  always: "everywhere",
  compute({ synthetic, gold }) {
    const [mean, target] = [meanTokens(synthetic), meanTokens(gold)];
    const settings = { meanTokens: mean, goldMeanTokens: target, ...tokenSettings(synthetic) };
    if (mean === 0 || target === 0)
      return { value: null, reason: `All ${mean === 0 ? "synthetic" : "gold"} texts are empty.`, settings };
    return { value: Math.abs(Math.log(mean / target)), settings };
  },
});
