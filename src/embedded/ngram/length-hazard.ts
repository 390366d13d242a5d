import { END } from "./vocabulary.ts";

const BUCKETS = 12;
/** Share of a token's occurrences that must end texts before its ends are adjusted: looking costs time. */
const FEWEST = 0.02;

/**
 * Texts do not end at a constant rate: an n-gram knows that a text may end after this token, not how long it has run. So
 * after tokens the background ends with, the odds of the end are multiplied by a factor that depends on how many tokens
 * came before: ends observed over ends expected from the last token alone, in buckets of equal numbers of texts.
 */
export class LengthHazard {
  readonly #mayEnd: Uint8Array;
  /** Positions below bounds[i] lie in bucket i. */
  readonly #bounds: Int32Array;
  readonly #odds: Float64Array;

  private constructor(mayEnd: Uint8Array, bounds: Int32Array, odds: Float64Array) {
    this.#mayEnd = mayEnd;
    this.#bounds = bounds;
    this.#odds = odds;
  }

  /** @param texts - token ids, each text ending in END; @param size - of the vocabulary. */
  static learn(texts: readonly Int32Array[], size: number): LengthHazard {
    const lengths = Int32Array.from(texts, (text) => text.length - 1).sort();
    const bounds = Int32Array.from(
      { length: BUCKETS - 1 },
      (_, i) => lengths[Math.floor(((i + 1) * lengths.length) / BUCKETS)]!,
    );
    const seen = new Float64Array(size);
    const ends = new Float64Array(size);
    for (const text of texts) {
      for (let i = 1; i < text.length; i++) seen[text[i - 1]!]!++;
      if (text.length > 1) ends[text[text.length - 2]!]!++;
    }
    const mayEnd = Uint8Array.from(ends, (count, id) => (count >= 2 && count >= FEWEST * seen[id]! ? 1 : 0));
    mayEnd[END] = 0;
    const observed = new Float64Array(BUCKETS).fill(1);
    const expected = new Float64Array(BUCKETS).fill(1);
    for (const text of texts) {
      for (let i = 1; i < text.length; i++) {
        const previous = text[i - 1]!;
        if (mayEnd[previous] === 0) continue;
        const bucket = bucketOf(bounds, i);
        expected[bucket]! += ends[previous]! / seen[previous]!;
        if (text[i] === END) observed[bucket]!++;
      }
    }
    return new LengthHazard(
      mayEnd,
      bounds,
      observed.map((count, i) => count / expected[i]!),
    );
  }

  /** True after tokens that end a text at least twice, and at least once in fifty times. */
  appliesAfter(previous: number): boolean {
    return this.#mayEnd[previous] === 1;
  }

  /** The probability of the end after `position` tokens, from the mixture's own `p` in [0, 1). */
  adjust(p: number, position: number): number {
    const scaled = p * this.#odds[bucketOf(this.#bounds, position)]!;
    return scaled / (scaled + 1 - p);
  }
}

function bucketOf(bounds: Int32Array, position: number): number {
  let bucket = 0;
  while (bucket < bounds.length && position >= bounds[bucket]!) bucket++;
  return bucket;
}
