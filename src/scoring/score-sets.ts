import { InputError } from "../core/errors.ts";
import type { ResultRow } from "../core/result.ts";
import type { Encoder } from "../encoders/encoder.ts";
import { evidenceOf } from "../metrics/evidence.ts";
import type { Metric } from "../metrics/metric.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import { alwaysComputed, selectMetrics } from "../metrics/select.ts";
import { type Tokenizer, whitespace } from "../text/tokenizer.ts";
import { SCORED, type ScoringOptions, scorePair } from "./score-pair.ts";

/** Texts, or things that have one. */
type Texts = readonly (string | { readonly text: string })[];

/** What is scored against what. */
export interface SetsToScore {
  readonly gold: Texts;
  readonly synthetic: Texts;
  /** Texts that the prompts showed: copies are looked for there; in gold unless given. */
  readonly exemplars?: readonly string[] | undefined;
}

export interface ScoreSetsOptions extends Omit<ScoringOptions, "seed"> {
  /** Metrics, ids of built-in ones, or their groups. @default ["all"] */
  readonly metrics?: readonly (string | Metric)[] | undefined;
  /** Each judges once; with none, metrics of embeddings have no value. */
  readonly encoders?: readonly Encoder[] | undefined;
  /** @default whitespace */
  readonly tokenizer?: Tokenizer | undefined;
  /** @default 0 */
  readonly seed?: number | undefined;
  /** Score sets of unequal size; set metrics are biased by size. */
  readonly allowUnequal?: boolean | undefined;
}

/**
 * Scores texts against gold ones: the rows that a run has for the same texts, encoders and seed, and those of `mopbench score`.
 * @returns rows of metrics of words (encoder null), then those of each encoder, in the order asked for; metrics in every table
 * come last
 * @throws InputError for an unknown metric, a set without texts, and sets of unequal size; InterruptedError when `signal` fires
 * @example
 * const rows = await scoreSets({ gold: people, synthetic: answers }, { metrics: ["distinct", "self-bleu"], seed: 1 });
 */
export async function scoreSets(sets: SetsToScore, options: ScoreSetsOptions = {}): Promise<ResultRow[]> {
  const { encoders = [], tokenizer = whitespace, seed = 0, allowUnequal = false, ...scoring } = options;
  const [synthetic, gold] = [textsOf(sets.synthetic), textsOf(sets.gold)];
  if (synthetic.length === 0 || gold.length === 0)
    throw new InputError(`There are no ${synthetic.length === 0 ? "synthetic" : "gold"} texts to score.`);
  if (synthetic.length !== gold.length && !allowUnequal)
    throw new InputError(
      `There are ${synthetic.length} synthetic texts and ${gold.length} gold ones: set metrics are biased by size. Score equally many, or say \`allowUnequal\`.`,
    );
  const named = (options.metrics ?? ["all"]).flatMap((one) => (typeof one === "string" ? selectMetrics([one]) : [one]));
  const ids = new Set(named.map(({ id }) => id));
  const metrics = [...new Set(named), ...alwaysComputed("everywhere").filter(({ id }) => !ids.has(id))];
  const { exemplars } = sets;
  const evidence = evidenceOf(exemplars === undefined ? {} : { exemplars: () => exemplars });
  const rows: ResultRow[] = [];
  const ofWords = metrics.filter(({ needs }) => !needs.embeddings || encoders.length === 0);
  const ofEmbeddings = metrics.filter(({ needs }) => needs.embeddings);
  for (const encoder of [null, ...encoders]) {
    const set = async (texts: readonly string[]) =>
      new SampleSet({ texts, embeddings: encoder && (await encoder.encode(texts)), tokenizer });
    const pair = {
      about: SCORED,
      synthetic: await set(synthetic),
      gold: await set(gold),
      metrics: encoder === null ? ofWords : ofEmbeddings,
      encoder: encoder?.id ?? null,
      encoderSettings: encoder === null ? {} : { normalized: encoder.normalized, d: encoder.width },
      evidence,
    };
    rows.push(...(await scorePair(pair, { ...scoring, seed })));
  }
  return rows;
}

const textsOf = (texts: Texts) => texts.map((one) => (typeof one === "string" ? one : one.text));
