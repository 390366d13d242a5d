import { Lru } from "./lru.ts";
import { END, ESCAPES, type Vocabulary } from "./vocabulary.ts";
import type { WordClasses } from "./word-classes.ts";

/** Pseudo-count of the classes' own shares against what followed a class. */
const ALPHA = 4;

/** The base raised to a power, relative to the likeliest token after each class: all numbers lie in [0, 1]. */
export interface Sharpened {
  /** [previous class * classes + class]. */
  readonly rows: Float64Array;
  /** A token within its class. */
  readonly within: Float64Array;
  /** Sums of `within` by class. */
  readonly totals: Float64Array;
}

/**
 * Where every chain of contexts ends: a class bigram, `p(w | v) = P(class w | class v) * P(w | class w)`, over pairs never seen
 * as well as seen. Both parts are estimated from distinct pairs, as Kneser-Ney's lower orders are. What may not follow has
 * probability zero (see `mayFollow`). It is the same for all components of the mixture, which is what makes exact temperatures
 * fast: whatever the weights, tokens no context has seen keep their proportions.
 */
export class BaseDistribution {
  readonly classes: WordClasses;
  /** Number of tokens by class. */
  readonly sizes: Int32Array;
  readonly #rows: Float64Array;
  readonly #within: Float64Array;
  /** Largest p(w | v) by class of v, and largest P(w | c) by class. */
  readonly #tops: Float64Array;
  readonly #heads: Float64Array;
  readonly #plain: Sharpened;
  /** Members of class c are members[first[c]] .. members[first[c + 1] - 1]. */
  readonly #members: Int32Array;
  readonly #first: Int32Array;
  /** Temperatures in use at one time: MoP learns one a persona. */
  readonly #sharpened = new Lru<number, Sharpened>(128);

  /**
   * @param pairs - distinct neighbors (v, w), each once, as [v, w].
   * @param weights - positive, by token: how many distinct tokens it was seen after, or its part for an escape.
   * @param escapes - weight of each escape after each token: [v, escape, weight].
   */
  constructor(
    vocabulary: Vocabulary,
    classes: WordClasses,
    weights: Float64Array,
    pairs: Iterable<readonly [number, number]>,
    escapes: Iterable<readonly [number, number, number]>,
  ) {
    const { count, of } = classes;
    this.classes = classes;
    this.#rows = new Float64Array(count * count);
    for (const [v, w] of pairs) this.#rows[of[v]! * count + of[w]!]!++;
    for (const [v, w, weight] of escapes) this.#rows[of[v]! * count + of[w]!]! += weight;
    const sums = new Float64Array(count);
    for (let w = 0; w < of.length; w++) sums[of[w]!]! += weights[w]!;
    this.#within = weights.map((weight, w) => weight / sums[of[w]!]!);
    this.#first = new Int32Array(count + 1);
    for (const c of of) this.#first[c + 1]!++;
    this.sizes = this.#first.slice(1);
    for (let c = 0; c < count; c++) this.#first[c + 1]! += this.#first[c]!;
    this.#members = new Int32Array(of.length);
    const next = this.#first.slice(0, count);
    of.forEach((c, w) => {
      this.#members[next[c]!++] = w;
    });
    const total = sums.reduce((sum, value) => sum + value, 0);
    for (let from = 0; from < count; from++) {
      const tail = vocabulary.tails[this.#members[this.#first[from]!]!]!;
      let mass = 0;
      for (let to = 0; to < count; to++) {
        const at = from * count + to;
        const allowed = vocabulary.allows(tail, this.#members[this.#first[to]!]!);
        this.#rows[at] = allowed ? this.#rows[at]! + (ALPHA * sums[to]!) / total : 0;
        mass += this.#rows[at]!;
      }
      for (let to = 0; to < count; to++) this.#rows[from * count + to]! /= mass;
    }
    this.#heads = new Float64Array(count);
    of.forEach((c, w) => {
      this.#heads[c] = Math.max(this.#heads[c]!, this.#within[w]!);
    });
    this.#tops = new Float64Array(count);
    this.#rows.forEach((p, at) => {
      const from = Math.floor(at / count);
      this.#tops[from] = Math.max(this.#tops[from]!, p * this.#heads[at % count]!);
    });
    this.#plain = this.#raise(1);
  }

  /** p(token | previous). */
  probability(previous: number, token: number): number {
    const { count, of } = this.classes;
    return this.#rows[of[previous]! * count + of[token]!]! * this.#within[token]!;
  }

  /** The largest p(w | previous). */
  top(previous: number): number {
    return this.#tops[this.classes.of[previous]!]!;
  }

  /** The tables for a power; kept for the temperatures used last. */
  sharpened(sharpness: number): Sharpened {
    return sharpness === 1 ? this.#plain : this.#sharpened.getOrMake(sharpness, () => this.#raise(sharpness));
  }

  /** (p(token | previous) / top(previous))^sharpness. */
  power(sharpened: Sharpened, previous: number, token: number): number {
    const { count, of } = this.classes;
    return sharpened.rows[of[previous]! * count + of[token]!]! * sharpened.within[token]!;
  }

  /** A token drawn from p(. | previous). `uniform` gives numbers in [0, 1). */
  draw(previous: number, uniform: () => number): number {
    const { count, of } = this.classes;
    const row = of[previous]! * count;
    let left = uniform();
    let chosen = 0;
    for (let c = 0; c < count; c++) {
      if (this.#rows[row + c] === 0) continue;
      chosen = c;
      left -= this.#rows[row + c]!;
      if (left < 0) break;
    }
    return this.drawWithin(this.#plain, chosen, uniform());
  }

  /** A token of a class in proportion to its power, at this point of [0, 1). */
  drawWithin(sharpened: Sharpened, chosen: number, point: number): number {
    let left = point * sharpened.totals[chosen]!;
    const end = this.#first[chosen + 1]! - 1;
    for (let i = this.#first[chosen]!; i < end; i++) {
      left -= sharpened.within[this.#members[i]!]!;
      if (left < 0) return this.#members[i]!;
    }
    return this.#members[end]!;
  }

  #raise(sharpness: number): Sharpened {
    const { count, of } = this.classes;
    const rows = this.#rows.map(
      (p, at) => ((p * this.#heads[at % count]!) / this.#tops[Math.floor(at / count)]!) ** sharpness,
    );
    const within = this.#within.map((p, w) => (p / this.#heads[of[w]!]!) ** sharpness);
    const totals = new Float64Array(count);
    of.forEach((c, w) => {
      totals[c]! += within[w]!;
    });
    return { rows, within, totals };
  }
}

/** What the background says of neighbors: distinct pairs, and where unknown words would stand. */
export function learnBase(
  vocabulary: Vocabulary,
  classes: WordClasses,
  texts: readonly Int32Array[],
  continuations: Int32Array,
  stand: Int32Array,
  mass: number,
): BaseDistribution {
  const { size } = vocabulary;
  const seen = new Set<number>();
  const pairs: [number, number][] = [];
  const escapes: [number, number, number][] = [];
  const once = new Float64Array(ESCAPES.length + 1).fill(0.1);
  for (const text of texts) {
    let previous = END;
    for (const token of text) {
      const key = previous * size + token;
      if (!seen.has(key)) {
        seen.add(key);
        pairs.push([previous, token]);
      }
      if (stand[token]! > 0) {
        escapes.push([previous, stand[token]!, mass]);
        once[stand[token]!]!++;
      }
      previous = token;
    }
  }
  const weights = Float64Array.from(continuations, (count, id) =>
    id > END && id <= ESCAPES.length ? mass * once[id]! : Math.max(count, 0.1),
  );
  return new BaseDistribution(vocabulary, classes, weights, pairs, escapes);
}
