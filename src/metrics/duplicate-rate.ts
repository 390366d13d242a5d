import { splitTokens } from "../core/tokens.ts";
import { defineMetric } from "./define.ts";
import { derived } from "./sample-set.ts";

/** Texts that differ in more than case and white space, whatever the set's tokenizer. */
const distinctTexts = derived(
  (set) => new Set((set.texts ?? []).map((text) => splitTokens(text).join(" ").toLowerCase())).size,
);

/** Share of texts that repeat another one. */
export const duplicateRate = defineMetric({
  id: "duplicate-rate",
  name: "Duplicate rate",
  meaning:
    "Share of texts that an earlier one already said, case and white space aside; sees exact repetition only, not paraphrase.",
  group: "honesty",
  better: "lower",
  range: [0, 1],
  needs: { texts: true },
  source: "1 - distinct / n; definition of this program",
  notes: { defaults: "case and white space normalized", edges: "one text: 0", notCopied: "-" },
  floor: false,
  always: "everywhere",
  compute({ synthetic, gold }) {
    return {
      value: 1 - distinctTexts(synthetic) / synthetic.size,
      settings: { goldRate: 1 - distinctTexts(gold) / gold.size },
    };
  },
});
