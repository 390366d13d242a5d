import { Lru } from "./lru.ts";
import { mayFollow, type Start, TAILS, type Tail } from "./tokenizer.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The base distribution raised to a power, relative to its likeliest token: `powers[w] = (p(w) / max p)^sharpness`. */
export interface Sharpened {
  readonly powers: Float64Array;
  /** Sum of the powers over the tokens allowed after each tail. */
  readonly totals: Float64Array;
  /** Running sums of the allowed powers, one array a tail. */
  readonly cumulative: readonly Float64Array[];
}

/**
 * Where every chain of contexts ends: p(w | tail), the same for all components of the mixture. A token that may not follow
 * the tail has probability zero and the others are renormalised. That it is shared is what makes exact temperatures fast:
 * whatever the weights, tokens no context has seen keep their proportions.
 */
export class BaseDistribution {
  readonly #weights: Float64Array;
  /** 1 / (sum of allowed weights), a tail. */
  readonly #scale: Float64Array;
  readonly #starts: Uint8Array;
  readonly #allowed: Uint8Array;
  readonly #plain: Sharpened;
  /** Temperatures in use at one time: MoP learns one a persona. */
  readonly #sharpened = new Lru<number, Sharpened>(128);

  /** @param weights - positive, one a token of the vocabulary, in any unit. */
  constructor(weights: Float64Array, vocabulary: Vocabulary) {
    const most = weights.reduce((max, weight) => Math.max(max, weight), 0);
    this.#weights = weights.map((weight) => weight / most);
    this.#starts = vocabulary.starts;
    this.#allowed = new Uint8Array(TAILS * 8);
    for (let tail = 0; tail < TAILS; tail++) {
      for (let start = 0; start < 8; start++) {
        this.#allowed[tail * 8 + start] = mayFollow(tail as Tail, start as Start) ? 1 : 0;
      }
    }
    this.#plain = this.#raise(1);
    this.#scale = this.#plain.totals.map((total) => 1 / total);
  }

  allows(tail: number, token: number): boolean {
    return this.#allowed[tail * 8 + this.#starts[token]!] === 1;
  }

  /** p(token | tail). */
  probability(tail: number, token: number): number {
    return this.#allowed[tail * 8 + this.#starts[token]!]! * this.#weights[token]! * this.#scale[tail]!;
  }

  /** A token drawn from p(. | tail) at this point of [0, 1). */
  draw(tail: number, point: number): number {
    return this.drawSharpened(this.#plain, tail, point);
  }

  /** The tables for a power; kept for the temperatures used last. */
  sharpened(sharpness: number): Sharpened {
    return sharpness === 1 ? this.#plain : this.#sharpened.getOrMake(sharpness, () => this.#raise(sharpness));
  }

  /** p(w | tail) of a token with power 1: at least the largest p(w | tail). */
  top(tail: number): number {
    return this.#scale[tail]!;
  }

  drawSharpened(sharpened: Sharpened, tail: number, point: number): number {
    const cumulative = sharpened.cumulative[tail]!;
    const aim = point * sharpened.totals[tail]!;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (aim < cumulative[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #raise(sharpness: number): Sharpened {
    const powers = sharpness === 1 ? this.#weights : this.#weights.map((weight) => weight ** sharpness);
    const totals = new Float64Array(TAILS);
    const cumulative = Array.from({ length: TAILS }, (_, tail) => {
      const sums = new Float64Array(powers.length);
      let sum = 0;
      for (let token = 0; token < powers.length; token++) {
        if (this.allows(tail, token)) sum += powers[token]!;
        sums[token] = sum;
      }
      totals[tail] = sum;
      return sums;
    });
    return { powers, totals, cumulative };
  }
}
