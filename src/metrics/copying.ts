import type { Json } from "../core/hash.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { defineMetric } from "./define.ts";
import { isMissing } from "./evidence.ts";
import type { MetricInput } from "./metric.ts";
import { SuffixAutomaton } from "./ngrams/automaton.ts";
import { derived, type SampleSet, tokenSettings, tokensOf } from "./sample-set.ts";

/** A copied run counts as memorized from this many tokens on ... */
const RUN = 8;
/** ... when it is at least this share of the text. */
const SHARE = 0.5;

/** Where copies are looked for: an automaton over the sources, and the ids of their tokens. */
interface Sources {
  readonly ids: ReadonlyMap<string, number>;
  readonly automaton: SuffixAutomaton;
}

function sourcesOf(texts: readonly (readonly string[])[]): Sources {
  const ids = new Map<string, number>();
  const all: number[] = [];
  for (const [i, text] of texts.entries()) {
    for (const token of text) {
      const id = ids.get(token) ?? ids.size;
      ids.set(token, id);
      all.push(id);
    }
    all.push(-1 - i);
  }
  return { ids, automaton: new SuffixAutomaton(Int32Array.from(all)) };
}

/**
 * For each text the longest run of its tokens that stands word for word in one of the sources, in tokens. Case and punctuation
 * count; white space does not.
 */
export function longestRuns(
  texts: readonly (readonly string[])[],
  sources: readonly (readonly string[])[],
): Int32Array {
  return runsIn(texts, sourcesOf(sources));
}

function runsIn(texts: readonly (readonly string[])[], { ids, automaton }: Sources): Int32Array {
  const unknown = ids.size;
  return Int32Array.from(texts, (text) => {
    const tokens = Int32Array.from(text, (token) => ids.get(token) ?? unknown);
    return automaton.longestRun(tokens, 0, tokens.length);
  });
}

/** Kept with the list of exemplars, by tokenizer: cells of one method share it. */
const ofExemplars = new WeakMap<readonly string[], Map<Tokenizer, Sources>>();
const ofGold = derived((gold) => sourcesOf(tokensOf(gold)));

function sources(input: MetricInput): Sources {
  const exemplars = input.evidence("exemplars");
  if (isMissing(exemplars)) return ofGold(input.gold);
  const { tokenizer } = input.synthetic;
  const known = ofExemplars.get(exemplars) ?? new Map<Tokenizer, Sources>();
  ofExemplars.set(exemplars, known);
  const made = known.get(tokenizer) ?? sourcesOf(exemplars.map((text) => tokenizer.split(text)));
  known.set(tokenizer, made);
  return made;
}

const known = new WeakMap<SampleSet, WeakMap<Sources, Int32Array>>();

function runsOf(input: MetricInput): Int32Array {
  const from = sources(input);
  const bySources = known.get(input.synthetic) ?? new WeakMap<Sources, Int32Array>();
  known.set(input.synthetic, bySources);
  const runs = bySources.get(from) ?? runsIn(tokensOf(input.synthetic), from);
  bySources.set(from, runs);
  return runs;
}

function settings(input: MetricInput): { readonly [key: string]: Json } {
  const exemplars = input.evidence("exemplars");
  const [against, texts] = isMissing(exemplars) ? ["gold", input.gold.texts ?? []] : ["exemplars", exemplars];
  return {
    against,
    sources: texts.length,
    ...tokenSettings(input.synthetic),
    caseFolded: false,
  };
}

/** Mean longest copied run. */
export const longestCopy = defineMetric({
  id: "longest-copy",
  name: "Longest copied run",
  meaning:
    "Mean over texts of the longest run of tokens copied word for word from the exemplars (without exemplars: from gold); longer texts copy more by chance.",
  group: "honesty",
  better: "lower",
  range: [0, Number.POSITIVE_INFINITY],
  needs: { texts: true },
  source: "McCoy et al. 2023 (RAVEN); longest common contiguous token run",
  notes: {
    defaults: "tokens of str.split(), case counts; against the exemplars, without them against gold",
    edges: "longer texts have longer runs by chance",
    notCopied: "-",
  },
  floor: false,
  compute(input) {
    const runs = runsOf(input);
    return { value: runs.reduce((sum, run) => sum + run, 0) / runs.length, settings: settings(input) };
  },
});

/** Share of texts that are mostly copied. */
export const memorization = defineMetric({
  id: "memorization",
  name: "Memorization",
  meaning: `Share of texts whose longest run copied from the exemplars (without exemplars: from gold) is at least ${RUN} tokens and half of the text; paraphrase goes unseen.`,
  group: "honesty",
  better: "lower",
  range: [0, 1],
  needs: { texts: true },
  source: "Lee et al. 2022; thresholds of this program",
  notes: {
    defaults:
      "run of at least 8 tokens of str.split() and half of the text, case counts; against the exemplars, without them against gold",
    edges: "short texts copy by chance below 8 tokens, which do not count",
    notCopied: "-",
  },
  floor: false,
  trials: true,
  compute(input) {
    const runs = runsOf(input);
    const tokens = tokensOf(input.synthetic);
    const copied = runs.filter((run, i) => run >= RUN && run >= SHARE * tokens[i]!.length).length;
    return { value: copied / runs.length, settings: { ...settings(input), run: RUN, share: SHARE } };
  },
});
