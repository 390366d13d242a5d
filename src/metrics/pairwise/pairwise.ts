import type { Matrix } from "../../core/matrix.ts";
import { derived, type SampleSet } from "../sample-set.ts";
import { CrossSide } from "./cross-side.ts";
import { distinctRows } from "./distinct-rows.ts";
import type { Precision } from "./geometry.ts";
import { pooledMedian } from "./median.ts";
import { MedianGuess } from "./median-guess.ts";
import { SelfSide } from "./self-side.ts";

export interface PairwiseOptions {
  /** Neighbors of the radii of precision, recall, density and coverage. */
  readonly neighbors: number;
  /** Equal bins of cosines on [-1, 1]. */
  readonly bins: number;
  /** How dot products are summed; told by the sizes unless given. */
  readonly precision?: Precision;
}

/**
 * Multiply-adds up to which everything is summed in float64. Beyond, float32 products with exact rechecks give the same counts,
 * and kernel means to about 1e-9.
 */
const DOUBLE_UP_TO = 4e9;

export function precisionFor(gold: Matrix, synthetic: Matrix): Precision {
  return (gold.rows + synthetic.rows) ** 2 * (gold.cols / 2) <= DOUBLE_UP_TO ? "double" : "single";
}

/** All that the pairs of two sets' embeddings give, in one pass over gold's pairs, one over the synthetic set's and one across. */
export class Pairwise {
  readonly gold: SelfSide;
  readonly synthetic: SelfSide;
  readonly #guess: MedianGuess;
  #cross: CrossSide | null = null;
  #median: number | null = null;

  /** @param gold its side when it is known already. */
  constructor(gold: Matrix | SelfSide, synthetic: Matrix, options: PairwiseOptions) {
    const precision =
      options.precision ?? (gold instanceof SelfSide ? gold.options.precision : precisionFor(gold, synthetic));
    const known = gold instanceof SelfSide ? gold.distinct : distinctRows(gold);
    this.#guess = new MedianGuess(known, distinctRows(synthetic));
    this.gold =
      gold instanceof SelfSide ? gold : new SelfSide(gold, { ...options, precision, window: this.#guess.wide(0) });
    this.synthetic = new SelfSide(synthetic, { ...options, precision, window: this.#guess.narrow(0) });
  }

  /** The pairs of a gold and a synthetic row; computed when first asked for. */
  get cross(): CrossSide {
    this.#cross ??= new CrossSide(this.gold, this.synthetic, this.#guess.narrow(0));
    return this.#cross;
  }

  /** Median of the distances of all pairs, both sets pooled. */
  get median(): number {
    this.#median ??= pooledMedian(this.cross, this.#guess);
    return this.#median;
  }
}

const goldSides = derived(() => new Map<string, SelfSide>());
const comparisons = derived(() => derived(() => new Map<string, Pairwise>()));

/**
 * The pass over two sets of embeddings, kept as long as they live; gold's own part is kept with gold and serves every
 * synthetic set. Both need embeddings of one width (see `embeddingsOf`).
 */
export function pairwise(gold: SampleSet, synthetic: SampleSet, options: PairwiseOptions): Pairwise {
  const p = gold.embeddings;
  const q = synthetic.embeddings;
  if (p === null || q === null) throw new RangeError("The pairwise pass needs embeddings on both sides.");
  const precision = options.precision ?? precisionFor(p, q);
  const key = `${precision}/${options.neighbors}/${options.bins}`;
  const kept = comparisons(gold)(synthetic);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = new Pairwise(goldSides(gold).get(key) ?? p, q, { ...options, precision });
  goldSides(gold).set(key, made.gold);
  kept.set(key, made);
  return made;
}
