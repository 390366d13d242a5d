import type { DistinctRows } from "./distinct-rows.ts";
import { squaredDistance } from "./exact.ts";
import type { Bounds } from "./window.ts";

/** Where fewer pairs than this are pooled, all are kept and nothing need be drawn. */
const FEW_PAIRS = 4096;
/** What the gold side keeps beyond the guess, for the other synthetic sets it will meet: a share of its pairs, and their number. */
const WIDER_SHARE = 0.05;
const WIDER_PAIRS = 1e6;

/** Bounds of squared distances, and about which share of the pairs lies inside. */
export interface Guess {
  readonly bounds: Bounds;
  readonly share: number;
}

/**
 * Where the median of the pooled squared distances probably lies, from pairs drawn by a fixed sequence. The selected median
 * does not depend on the draws, only the time it takes does.
 */
export class MedianGuess {
  readonly #distances: Float64Array;
  readonly #spread: number;
  readonly #wider: number;
  readonly #everything: boolean;

  constructor(gold: DistinctRows, synthetic: DistinctRows) {
    const size = gold.size + synthetic.size;
    const pairs = (size * (size - 1)) / 2;
    const draws = Math.min(131072, Math.max(1024, Math.ceil(pairs ** (2 / 3) / 8)));
    this.#everything = pairs <= FEW_PAIRS;
    this.#distances = drawDistances(gold, synthetic, draws);
    this.#spread = 2 / Math.sqrt(draws); // four standard deviations of a drawn median's rank
    this.#wider = Math.min(WIDER_SHARE, WIDER_PAIRS / gold.size ** 2);
  }

  /** The median of the drawn pairs themselves. */
  get drawn(): number {
    return this.#distances[this.#distances.length >> 1]!;
  }

  /** Attempt 0 nearly always holds the median; each further one is four times as wide, until it holds everything. */
  narrow(attempt: number): Guess {
    return this.#around(this.#spread * 4 ** attempt);
  }

  /** For the gold side's pass. */
  wide(attempt: number): Guess {
    return this.#around(this.#spread * 4 ** attempt + this.#wider);
  }

  #around(share: number): Guess {
    const last = this.#distances.length - 1;
    if (this.#everything || share >= 0.45)
      return { bounds: { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }, share: 1 };
    const low = this.#distances[Math.floor((0.5 - share) * last)]!;
    const high = this.#distances[Math.ceil((0.5 + share) * last)]!;
    // A little room, so that bounds that fall on one tied value hold it.
    return { bounds: { low: low * (1 - 1e-4), high: high * (1 + 1e-4) }, share: 2.2 * share };
  }
}

function drawDistances(gold: DistinctRows, synthetic: DistinctRows, draws: number): Float64Array {
  const size = gold.size + synthetic.size;
  const places = [expanded(gold), expanded(synthetic)] as const;
  const distances = new Float64Array(draws);
  // Multiples of two irrational numbers: pairs that cover the square evenly.
  for (let k = 0; k < draws; k++) {
    const a = Math.floor(((k * 0.7548776662466927) % 1) * size);
    const b = (a + 1 + Math.floor(((k * 0.5698402909980532) % 1) * (size - 1))) % size;
    const [x, i] = a < gold.size ? [gold.rows, places[0][a]!] : [synthetic.rows, places[1][a - gold.size]!];
    const [y, j] = b < gold.size ? [gold.rows, places[0][b]!] : [synthetic.rows, places[1][b - gold.size]!];
    distances[k] = squaredDistance(x, i, y, j);
  }
  return distances.sort();
}

/** For every row, in some order, its distinct row. */
function expanded(side: DistinctRows): Uint32Array {
  const index = new Uint32Array(side.size);
  let at = 0;
  side.weights.forEach((weight, i) => {
    index.fill(i, at, at + weight);
    at += weight;
  });
  return index;
}
