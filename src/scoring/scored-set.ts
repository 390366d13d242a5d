import { type Matrix, takeRows } from "../core/matrix.ts";
import type { PopulationRecord } from "../core/record.ts";
import type { Sample } from "../core/sample.ts";
import { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

/** Texts to be scored, in rising order of their sample's index. */
export interface ScoredTexts {
  readonly indices: readonly number[];
  /** Where each stands when fewer are to be chosen; the same for all cells of one size, in all runs. */
  readonly ranks: readonly number[];
  readonly texts: readonly string[];
  /** The labels asked for; null where one is missing. */
  readonly labels: readonly string[] | null;
}

/**
 * Which of a cell's samples are scored: those with a text, at most `n` of them. The choice is the same for all cells of one
 * size, in all runs, so that they keep equal indices and can be compared sample by sample.
 */
export function scoredTexts(samples: readonly Sample[], n: number): ScoredTexts {
  const size = samples.reduce((most, sample) => Math.max(most, sample.index + 1), 0);
  const rank = Stream.root(0).derive("scored").permutation(size);
  const kept = samples
    .filter((sample) => sample.text !== null)
    .sort((a, b) => rank[a.index]! - rank[b.index]!)
    .slice(0, n)
    .sort((a, b) => a.index - b.index);
  return {
    indices: kept.map((sample) => sample.index),
    ranks: kept.map((sample) => rank[sample.index]!),
    texts: kept.map((sample) => sample.text ?? ""),
    labels: labelsOf(kept.map((sample) => sample.label)),
  };
}

/** The rows of at most `n` of the texts: the choice that `scoredTexts` makes of as many. */
export function fewerRows({ ranks }: ScoredTexts, n: number): number[] {
  return ranks
    .map((_, row) => row)
    .sort((a, b) => ranks[a]! - ranks[b]!)
    .slice(0, n)
    .sort((a, b) => a - b);
}

/** Texts and labels of records. */
export function recordTexts(records: readonly PopulationRecord[]): ScoredTexts {
  const indices = records.map((_, i) => i);
  return {
    indices,
    ranks: indices,
    texts: records.map((record) => record.text),
    labels: labelsOf(records.map((record) => record.context.label)),
  };
}

/** The gold side of every cell of a dataset: the first n records in the shared order, embedded and made into sets once. */
export class GoldSide {
  readonly size: number;
  readonly tokenizer: Tokenizer;
  readonly #texts: ScoredTexts;
  readonly #embeddings = new Map<Encoder, Promise<Matrix>>();
  readonly #sets = new Map<string, Promise<SampleSet>>();

  /** @param ordered gold in the shared order, cut at the most texts a cell can score */
  constructor(ordered: readonly PopulationRecord[], tokenizer: Tokenizer) {
    this.tokenizer = tokenizer;
    this.#texts = recordTexts(ordered);
    this.size = ordered.length;
  }

  get texts(): readonly string[] {
    return this.#texts.texts;
  }

  /** The first n with an encoder's rows, or with none. @throws RangeError for more than there are. */
  set(n: number, encoder: Encoder | null): Promise<SampleSet> {
    if (n > this.size) throw new RangeError(`Gold holds ${this.size} texts, not ${n}.`);
    const key = `${n} ${encoder?.id ?? ""}`;
    const known = this.#sets.get(key) ?? this.#make(n, encoder);
    this.#sets.set(key, known);
    return known;
  }

  /** All rows of an encoder. */
  embeddings(encoder: Encoder): Promise<Matrix> {
    const known = this.#embeddings.get(encoder) ?? encoder.encode(this.#texts.texts);
    this.#embeddings.set(encoder, known);
    return known;
  }

  async #make(n: number, encoder: Encoder | null): Promise<SampleSet> {
    const rows = Array.from({ length: n }, (_, i) => i);
    return new SampleSet({
      texts: this.#texts.texts.slice(0, n),
      labels: this.#texts.labels?.slice(0, n) ?? null,
      embeddings: encoder === null ? null : takeRows(await this.embeddings(encoder), rows),
      tokenizer: this.tokenizer,
    });
  }
}

function labelsOf(labels: readonly (string | null)[]): readonly string[] | null {
  const known = labels.filter((label) => label !== null);
  return known.length === labels.length && known.length > 0 ? known : null;
}
