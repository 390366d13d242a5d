import type { BaseDistribution } from "./base-distribution.ts";
import { type Conditioning, MAX_COMPONENTS } from "./conditioning.ts";
import { MAX_CURSORS, placeOf } from "./cursor-places.ts";
import { Cursors } from "./cursors.ts";
import type { ExpertTables } from "./expert-tables.ts";
import { END } from "./vocabulary.ts";

/**
 * The mixture of components along one text.
 *
 * Component: p_0 is the base (or the p of the component it stands on); for context lengths k = 1, 2, ..., and within each for the tables of
 * the stack in order, `p <- seen + rest * p`. Weights follow Herbster and Warmuth's fixed share (1998): after token w,
 * `weight <- (1 - share) * weight * p(w) / sum + share * the prompt's weight`.
 */
export class Components {
  readonly #base: BaseDistribution;
  readonly #share: number;
  readonly #cursors: Cursors;
  #conditioning: Conditioning | null = null;
  #previous = END;
  readonly #weights = new Float64Array(MAX_COMPONENTS);
  /** p of each component for the token asked for last. */
  readonly #p = new Float64Array(MAX_COMPONENTS);
  readonly #shares: Float64Array;
  readonly #carried = new Float64Array(MAX_COMPONENTS);

  /** @param share - of the weights, returns to the prompt's own after every token. */
  constructor(tables: ExpertTables, base: BaseDistribution, share: number) {
    this.#base = base;
    this.#share = share;
    this.#cursors = new Cursors(tables);
    this.#shares = new Float64Array(this.#cursors.seen.length);
  }

  /** Stands before the first token of a new text. */
  begin(conditioning: Conditioning): void {
    this.#conditioning = conditioning;
    this.#weights.set(conditioning.weights);
    this.#cursors.begin(conditioning);
    this.#previous = END;
  }

  /** p(token) of the mixture; leaves each component's p and the contexts it was found in. */
  probability(token: number): number {
    this.#cursors.look(token);
    const { seen, rest } = this.#cursors;
    const { over, places, ends } = this.#conditioning!;
    const weights = this.#weights;
    const all = this.#p;
    const base = this.#base.probability(this.#previous, token);
    let sum = 0;
    let i = 0;
    for (let e = 0; e < ends.length; e++) {
      const below = over[e]!;
      let p = below < 0 ? base : all[below]!;
      for (const end = ends[e]!; i < end; i++) {
        const at = places[i]!;
        p = seen[at]! + rest[at]! * p;
      }
      all[e] = p;
      sum += weights[e]! * p;
    }
    return sum;
  }

  /** Goes past the token whose `probability` was asked for last. */
  accept(token: number): void {
    const share = this.#share;
    const prior = this.#conditioning!.weights;
    const weights = this.#weights;
    const p = this.#p;
    let total = 0;
    for (let e = 0; e < prior.length; e++) {
      weights[e]! *= p[e]!;
      total += weights[e]!;
    }
    const scale = (1 - share) / total;
    for (let e = 0; e < prior.length; e++) weights[e] = weights[e]! * scale + share * prior[e]!;
    this.#cursors.advance(token);
    this.#previous = token;
  }

  /** Draws a token. `uniform` gives numbers in [0, 1). */
  draw(uniform: () => number): number {
    const { over, ends } = this.#conditioning!;
    const weights = this.#weights;
    let e = 0;
    const last = ends.length - 1;
    for (let left = uniform() - weights[0]!; left >= 0 && e < last; left -= weights[e]!) e++;
    let token = this.#drawFrom(e, uniform());
    if (token < 0 && over[e]! >= 0) token = this.#drawFrom(over[e]!, uniform());
    return token >= 0 ? token : this.#base.draw(this.#previous, uniform);
  }

  /**
   * Adds `mass` times the distribution to `dense`, the base's part excepted: the weight of that is returned. Lists in `touched` the
   * tokens that stood at zero, `count` of them.
   */
  spread(mass: number, dense: Float64Array, touched: Int32Array): { readonly count: number; readonly toBase: number } {
    const cursors = this.#cursors;
    const toBase = this.#shareOut(mass);
    let count = 0;
    for (let cursor = 0; cursor < cursors.count; cursor++) {
      const { first, symbol, seen, order } = cursors.table(cursor);
      for (let k = 1; k < order; k++) {
        const at = placeOf(k, cursor);
        const share = this.#shares[at]!;
        if (share === 0) continue;
        const context = cursors.node(at);
        const end = first[context + 1]!;
        for (let node = first[context]!; node < end; node++) {
          const token = symbol[node]!;
          const before = dense[token]!;
          if (before === 0) touched[count++] = token;
          dense[token] = before + share * seen[node]!;
        }
      }
    }
    return { count, toBase };
  }

  /** Fills `shares` with the weight of every context that was seen, of `mass` in all, and returns what is left for the base. */
  #shareOut(mass: number): number {
    const { rest } = this.#cursors;
    const { over, places, ends } = this.#conditioning!;
    this.#shares.fill(0);
    let toBase = 0;
    const carried = this.#carried.fill(0);
    for (let e = ends.length - 1; e >= 0; e--) {
      let left = mass * this.#weights[e]! + carried[e]!;
      const first = e === 0 ? 0 : ends[e - 1]!;
      for (let i = ends[e]! - 1; i >= first; i--) {
        const at = places[i]!;
        // A context never seen leaves all.
        if (rest[at]! === 1) continue;
        this.#shares[at]! += left;
        left *= rest[at]!;
      }
      if (over[e]! < 0) toBase += left;
      else carried[over[e]!]! += left;
    }
    return toBase;
  }

  /**
   * A token some context of the component has seen, or -1: its chain has come to the bottom. One random number serves all
   * decisions: what a context leaves of it is stretched to [0, 1) for the next.
   */
  #drawFrom(e: number, random: number): number {
    const cursors = this.#cursors;
    const { rest } = cursors;
    const { places, ends } = this.#conditioning!;
    const first = e === 0 ? 0 : ends[e - 1]!;
    let point = random;
    for (let i = ends[e]! - 1; i >= first; i--) {
      const at = places[i]!;
      const left = rest[at]!;
      if (point < 1 - left) {
        const table = cursors.table(at % MAX_CURSORS);
        return table.symbol[table.drawChild(cursors.node(at), point)]!;
      }
      point = (point - (1 - left)) / left;
    }
    return -1;
  }
}
