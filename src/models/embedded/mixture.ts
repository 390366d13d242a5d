import type { BaseDistribution } from "./base-distribution.ts";
import { type Conditioning, MAX_COMPONENTS } from "./conditioning.ts";
import { Cursors, MAX_CURSORS, placeOf } from "./cursors.ts";
import type { ExemplarCache } from "./exemplar-cache.ts";
import type { ExpertTables } from "./expert-tables.ts";
import type { LengthHazard } from "./length-hazard.ts";
import { END, type Vocabulary } from "./vocabulary.ts";

/** How far a model listens; the defaults of settings.ts. */
export interface MixtureSettings {
  /** Share of the weights that returns to the prompt's own after every token. */
  readonly share: number;
  /** Pseudo-count of the mixture against the exemplars' successors. */
  readonly beta: number;
  /** Weight of the exemplars' words. */
  readonly eta: number;
}

/** What is fixed once a model is trained. */
export interface MixtureParts {
  readonly tables: ExpertTables;
  readonly vocabulary: Vocabulary;
  readonly base: BaseDistribution;
  readonly hazard: LengthHazard;
  readonly settings: MixtureSettings;
}

/** A next-token distribution in sparse form: see `Mixture.expand`. */
export interface Expansion {
  readonly count: number;
  readonly factor: number;
  /** The token before. */
  readonly previous: number;
}

/**
 * The next-token distribution along one text: components with fixed-share weights, the exemplars' overlays, then the hazard of
 * the end. One object serves one text at a time; `begin` starts the next.
 *
 * Component: p_0 is the base (or the p of the component it stands on); for context lengths k = 1, 2, ..., and within each for the tables of
 * the stack in order, `p <- seen + rest * p`. Weights follow Herbster and Warmuth's fixed share (1998): after token w,
 * `weight <- (1 - share) * weight * p(w) / sum + share * the prompt's weight`.
 */
export class Mixture {
  readonly parts: MixtureParts;
  readonly #cursors: Cursors;
  #conditioning: Conditioning | null = null;
  readonly #weights = new Float64Array(MAX_COMPONENTS);
  readonly #p = new Float64Array(MAX_COMPONENTS);
  readonly #shares: Float64Array;
  readonly #carried = new Float64Array(MAX_COMPONENTS);
  #cache: ExemplarCache | null = null;
  #cacheRow = -1;
  #cacheCount = 0;
  #cacheOffers = false;
  #previous = END;
  #tail = 0;
  #position = 0;
  /** p of the end where one can come here, else -1; and the factor that makes room for it among the others. */
  #end = -1;
  #keep = 1;

  constructor(parts: MixtureParts) {
    this.parts = parts;
    this.#cursors = new Cursors(parts.tables);
    this.#shares = new Float64Array(this.#cursors.seen.length);
  }

  /** Stands before the first token of a new text. */
  begin(conditioning: Conditioning): void {
    this.#conditioning = conditioning;
    this.#weights.set(conditioning.weights);
    this.#cursors.begin(conditioning);
    this.#cache = conditioning.cache;
    this.#cacheCount = 0;
    this.#cacheOffers = false;
    this.#position = 0;
    this.#stand(END);
  }

  /** p(token | prompt, text so far). For an escape, the mass of all it may spell. */
  probability(token: number): number {
    const p = this.#overlaid(token);
    if (this.#end < 0) return p;
    return token === END ? this.#end : p * this.#keep;
  }

  /** Goes past a token whose `probability` was the last one asked for. */
  accept(token: number): void {
    const { share } = this.parts.settings;
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
    this.#position++;
    this.#stand(token);
  }

  /** Draws a token; `accept` may follow only after `probability` of it. `uniform` gives numbers in [0, 1). */
  draw(uniform: () => number): number {
    if (this.#end < 0) return this.#drawOverlaid(uniform);
    if (uniform() < this.#end) return END;
    for (;;) {
      const token = this.#drawOverlaid(uniform);
      if (token !== END) return token;
    }
  }

  /**
   * The whole distribution in sparse form: `dense` gets the probability of every token some context has seen (`count` of them,
   * listed in `touched`, each once); every other token w has `factor * base(w | previous)`. `dense` must come in zero, and the caller
   * clears it.
   */
  expand(dense: Float64Array, touched: Int32Array): Expansion {
    const cursors = this.#cursors;
    let factor = this.#spread();
    let count = 0;
    for (let cursor = 0; cursor < cursors.count; cursor++) {
      const { symbol, seen, order } = cursors.table(cursor);
      for (let k = 1; k < order; k++) {
        const at = placeOf(k, cursor);
        const share = this.#shares[at]!;
        if (share === 0) continue;
        const end = cursors.end(at);
        for (let node = cursors.first(at); node < end; node++) {
          const token = symbol[node]!;
          const before = dense[token]!;
          if (before === 0) touched[count++] = token;
          dense[token] = before + share * seen[node]!;
        }
      }
    }
    this.#cache?.forEachSuccessor(this.#cacheRow, (token, n) => {
      if (dense[token] === 0) touched[count++] = token;
      dense[token]! += (this.#kept() * n) / (this.#cacheCount + this.parts.settings.beta);
    });
    if (this.#cacheOffers) {
      this.#cache?.forEachUnigram(this.#tail, (token, p) => {
        if (dense[token] === 0) touched[count++] = token;
        dense[token]! += this.parts.settings.eta * p;
      });
    }
    const { base } = this.parts;
    for (let i = 0; i < count; i++) dense[touched[i]!]! += factor * base.probability(this.#previous, touched[i]!);
    if (this.#end >= 0) {
      if (dense[END] === 0) touched[count++] = END;
      for (let i = 0; i < count; i++) dense[touched[i]!]! *= this.#keep;
      factor *= this.#keep;
      dense[END] = this.#end;
    }
    return { count, factor, previous: this.#previous };
  }

  /** Fills `shares` with the weight of every context, and returns what is left for the base. */
  #spread(): number {
    const { rest } = this.#cursors;
    const { beta } = this.parts.settings;
    const { over, places, ends } = this.#conditioning!;
    const mixed = (this.#kept() * beta) / (this.#cacheCount + beta);
    this.#shares.fill(0);
    let toBase = 0;
    const carried = this.#carried.fill(0);
    for (let e = ends.length - 1; e >= 0; e--) {
      let left = mixed * this.#weights[e]! + carried[e]!;
      const first = e === 0 ? 0 : ends[e - 1]!;
      for (let i = ends[e]! - 1; i >= first; i--) {
        const at = places[i]!;
        if (rest[at]! === 1) continue;
        this.#shares[at]! += left;
        left *= rest[at]!;
      }
      if (over[e]! < 0) toBase += left;
      else carried[over[e]!]! += left;
    }
    return toBase;
  }

  /** What the exemplars' unigram leaves. */
  #kept(): number {
    return this.#cacheOffers ? 1 - this.parts.settings.eta : 1;
  }

  #stand(previous: number): void {
    const { vocabulary, hazard } = this.parts;
    this.#previous = previous;
    this.#tail = vocabulary.tails[previous]!;
    const cache = this.#cache;
    if (cache !== null) {
      this.#cacheRow = cache.row(previous);
      this.#cacheCount = cache.countOf(this.#cacheRow);
      this.#cacheOffers = cache.offers(this.#tail);
    }
    this.#end = -1;
    this.#keep = 1;
    if (!hazard.appliesAfter(previous)) return;
    const plain = this.#overlaid(END);
    this.#end = hazard.adjust(plain, this.#position);
    this.#keep = (1 - this.#end) / (1 - plain);
  }

  /** The mixture with the exemplars' overlays; leaves each component's p and the nodes found. */
  #overlaid(token: number): number {
    const p = this.#mixed(token);
    const cache = this.#cache;
    if (cache === null) return p;
    const { beta, eta } = this.parts.settings;
    const count = this.#cacheCount;
    const followed = count === 0 ? p : (cache.countOfPair(this.#cacheRow, token) + beta * p) / (count + beta);
    return this.#cacheOffers ? (1 - eta) * followed + eta * cache.unigram(this.#tail, token) : followed;
  }

  #mixed(token: number): number {
    this.#cursors.look(token);
    const { seen, rest } = this.#cursors;
    const { over, places, ends } = this.#conditioning!;
    const weights = this.#weights;
    const all = this.#p;
    const base = this.parts.base.probability(this.#previous, token);
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

  #drawOverlaid(uniform: () => number): number {
    const cache = this.#cache;
    if (cache !== null) {
      const { beta, eta } = this.parts.settings;
      if (this.#cacheOffers && uniform() < eta) return cache.drawUnigram(this.#tail, uniform());
      const point = this.#cacheCount === 0 ? 0 : uniform() * (this.#cacheCount + beta);
      if (point < this.#cacheCount) return cache.drawSuccessor(this.#cacheRow, point);
    }
    const { over, ends } = this.#conditioning!;
    const weights = this.#weights;
    let e = 0;
    const last = ends.length - 1;
    for (let left = uniform() - weights[0]!; left >= 0 && e < last; left -= weights[e]!) e++;
    let token = this.#drawFrom(e, uniform());
    if (token < 0 && over[e]! >= 0) token = this.#drawFrom(over[e]!, uniform());
    return token >= 0 ? token : this.parts.base.draw(this.#previous, uniform);
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
        return table.symbol[table.drawChild(cursors.first(at), cursors.end(at), point)]!;
      }
      point = (point - (1 - left)) / left;
    }
    return -1;
  }
}
